// What a proxy repository remembers not to have found at its remote (open core: NegativeCacheFacetImpl, NegativeCacheHandler).

export interface NegativeCache {
  has(path: string): boolean
  /** Remembers a 404 for so many minutes; for none with 0. */
  add(path: string, minutes: number): void
  remove(path: string): void
}

export function createNegativeCache(): NegativeCache {
  const until = new Map<string, number>()
  return {
    has: (path) => (until.get(path) ?? 0) > Date.now(),
    add(path, minutes) {
      until.set(path, Date.now() + minutes * 60_000)
    },
    remove(path) {
      until.delete(path)
    },
  }
}

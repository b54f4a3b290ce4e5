/** What differs between servers: version, edition, database. Every version gate of the sandbox asks `since`. */
export type Edition = 'core' | 'oss' | 'community' | 'pro'

export interface Profile {
  /** e.g. `3.89.0` */
  version: string
  edition: Edition
  /** OrientDB servers (3.28) differ from SQL servers in a few answers (nexus-api 2.2, 2.3). */
  database: 'orient' | 'sql'
  /** Whether the server is of this version or later: `since('3.71')`. */
  since(version: string): boolean
  /** Whether the server has what only Sonatype's own builds add, the Docker format among it. */
  hasDocker: boolean
}

/** Compares dotted versions numerically: negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Builds the profile of a server; the edition defaults to the free one of its time (OSS until 3.76). */
export function createProfile(version: string, edition?: Edition): Profile {
  const chosen = edition ?? (compareVersions(version, '3.77') < 0 ? 'oss' : 'community')
  return {
    version,
    edition: chosen,
    database: compareVersions(version, '3.41') < 0 ? 'orient' : 'sql',
    since: (other) => compareVersions(version, other) >= 0,
    hasDocker: chosen !== 'core',
  }
}

/** Names live in namespaces: all docker repositories share one, whatever their type. Settings have one of their own. */
export type Namespace = string

/** One object that the file wants. Plain data: in place of a secret stands `sensitive`. */
export interface DesiredObject {
  /** Name of its kind. */
  kind: string
  id: string
  /** What the file calls it, and refers to it by, where the server calls it something else. */
  name?: string
  spec: Record<string, unknown>
  /** Path in the file, for problems: `['repositories', 'apps']`. */
  path: readonly (string | number)[]
  /** Fields that an intent wrote, not the user: field path → reason (`anonymousPull: true`). */
  because: Record<string, string>
}

/** A name that the file only refers to (`external: true`): must exist, is never touched. */
export interface ExternalObject {
  namespace: Namespace
  id: string
  path: readonly (string | number)[]
}

/** What stands in place of a secret wherever an object is data. */
export const sensitive = 'sensitive'

/** The secrets that the file writes, beside the objects: by `objectKey`, then by field path. */
export type Secrets = ReadonlyMap<string, Readonly<Record<string, string>>>

/** One text for one object: `dockerProxy hub`. */
export function objectKey({ kind, id }: { kind: string; id: string }): string {
  return `${kind} ${id}`
}

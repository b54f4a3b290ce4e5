import type { DesiredObject, ExternalObject } from '../resources/define.ts'
import { type Values, valuesOf } from '../resources/fields.ts'
import type { Located } from '../yaml/located.ts'

/** How to reach the server, as far as the file says. */
export interface NexusSection {
  url?: string
  username?: string
  password?: string
  /** For servers behind a proxy that hides the `Server` header, and for `validate`, which sees no server. */
  version?: string
  edition?: 'oss' | 'community' | 'pro'
}

/** What a new server needs once. Only ever acts on one that needs it. */
export interface BootstrapSection {
  /** The first password of the server, as written: looked up late, when it is needed. */
  initialPassword?: string | { file: string } | { env: string }
  /** Consent to the licence agreement; nothing else counts as one. */
  acceptEula?: boolean
}

/** The file as checked, with intents and presets expanded. */
export interface Config {
  nexus: NexusSection
  bootstrap: BootstrapSection | undefined
  anonymousPull: boolean | undefined
  objects: DesiredObject[]
  externals: ExternalObject[]
  /** The server's URL as it will be used, when a flag or the environment overrides the file. */
  serverUrl: string | undefined
  /** For placing problems that are found later, against the server. */
  root: Located
}

const written = new WeakMap<DesiredObject, Values>()

/** The written values of an object by field path; worked out once, because every rule asks. */
export function valuesOfObject(object: DesiredObject): Values {
  const known = written.get(object) ?? valuesOf(object.kind.fields, object.spec)
  written.set(object, known)
  return known
}

/** `members[0]` or `quota.limit` as steps below an object's path. */
export function fieldSteps(field: string): (string | number)[] {
  if (field === '') return []
  return field.split('.').flatMap((part) => {
    const match = /^(.*)\[(\d+)\]$/.exec(part)
    return match ? [match[1] ?? '', Number(match[2])] : [part]
  })
}

import type { Intent } from '../intents/contract.ts'
import type { DesiredObject, ExternalObject, Secrets } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { Located } from '../yaml/located.ts'

/** What a run knows: handed down to whoever reads a file. */
export interface Tables {
  kinds: KindTable
  /** In the order in which they are expanded. */
  intents: readonly Intent[]
}

/** How to reach the server, as far as the file says. */
export interface NexusSection {
  url?: string
  username?: string
  password?: string
  /** For servers behind a proxy that hides the `Server` header, and for `validate`, which sees no server. */
  version?: string
  edition?: 'oss' | 'community' | 'pro'
}

/** What the server is to have. In place of secrets stands `sensitive`. */
export interface Desired {
  objects: readonly DesiredObject[]
  externals: readonly ExternalObject[]
}

/** The file as checked, with its intents expanded. */
export interface Config extends Desired {
  nexus: NexusSection
  /** What the file has in the sections of intents, by their names. */
  sections: Readonly<Record<string, unknown>>
  /** Of the objects. */
  secrets: Secrets
  /** The server's URL as it will be used, when a flag or the environment overrides the file. */
  serverUrl: string | undefined
  /** For placing problems that are found later, against the server. */
  root: Located
}

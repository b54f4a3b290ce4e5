// What a type of repository (hosted, proxy, group) does with a registry request once the protocol has read it.
import type { Readable } from 'node:stream'
import type { Profile } from '../kernel/profile.ts'
import type { Repository, State } from '../kernel/state.ts'
import type { ByteRange, RepositoryContent } from './content.ts'

/** One request at one repository. */
export interface Call {
  repository: Repository
  /** What the repository holds: its own pushes, or what it has cached. */
  content: RepositoryContent
  /** What answers for the repository's type. */
  handler: RepositoryHandler
  state: State
  profile: Profile
  /** User id of the caller; undefined for nobody. */
  user: string | undefined
  /** Whether the caller holds `nexus:repository-view:docker:<repository>:<action>`. */
  may: (action: 'browse' | 'read' | 'add' | 'edit' | 'delete') => boolean
  /** Aborted when the client has gone. */
  signal: AbortSignal
  /** The same request at another repository, e.g. at a member: `const there = call.at(member); await there.handler.blob(there, …)`. */
  at: (repository: Repository) => Call
}

export interface ServedManifest {
  digest: string
  mediaType: string
  bytes: Buffer
  /** ISO 8601; Last-Modified. */
  updatedAt: string
}

export interface ServedBlob {
  digest: string
  size: number
  /** Content-Type; left out where the bytes are not there yet. */
  mediaType?: string
  /** ETag, hexadecimal; left out where the bytes are not there yet. */
  sha1?: string
  /** ISO 8601; Last-Modified. */
  createdAt: string
  /** The bytes; called at most once, and not at all for HEAD. */
  open: (range?: ByteRange) => Readable
}

/**
 * Names, references and digests are in their grammar when they come here. Each answers undefined for what is not there (the protocol
 * says MANIFEST_UNKNOWN, BLOB_UNKNOWN, NAME_UNKNOWN) and throws a RegistryRefusal for any other answer.
 */
export interface RepositoryHandler {
  manifest(call: Call, name: string, reference: string, isHead: boolean): Promise<ServedManifest | undefined>
  blob(call: Call, name: string, digest: string, isHead: boolean): Promise<ServedBlob | undefined>
  /** Tags of an image, sorted; undefined for an image that is not there. */
  tags(call: Call, name: string): Promise<readonly string[] | undefined>
  /** Images, sorted. */
  names(call: Call): Promise<readonly string[]>
  /** The hosted repository that takes pushes and deletions for this one: itself, the writable member of a group. Throws what refuses them. */
  writable(call: Call): Call
  /** Brings into the writable one what a manifest names and others have; left out where there are no others. */
  gather?(call: Call, name: string, digests: readonly string[]): Promise<void>
}

/** The handlers by type of repository. */
export type Handlers = Readonly<Record<Repository['type'], RepositoryHandler>>

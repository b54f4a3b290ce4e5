import type { Address, Exchange, Step } from './evidence.ts'

/** One request to a registry. */
export interface Ask {
  step: Step
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/v2/`, encoded; '' is the ping. Or the absolute address of an upload. */
  path: string
  as: Exchange['as']
  /** Nothing is asked for on the way, no token either. */
  bare?: true
  /** Of the token that may be needed: the name of the image, without the prefix, and what is to be done with it. */
  scope?: { name: string; actions: readonly string[] }
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array
  /** How many bytes are expected: what is more is cut off, and of what is large only the digest is kept. */
  size?: number
}

/** What came back, with its bytes and their digest. */
export interface Reply extends Exchange {
  bytes: Buffer
  digest: string
}

/** A registry at one address. What it answers is told, whatever it is: nothing is thrown but the end of the run. */
export interface Door {
  readonly address: Address
  ask(ask: Ask): Promise<Reply>
  close(): void
}

/** Opens doors: to an address, and to an upstream with the login that its proxy repository has. */
export interface Doors {
  at(address: Address): Door
  upstream(url: string, proxy: string): Door
}

/** What only the server's own API tells or does. Undefined where the user may not. */
export interface ServerSide {
  quotaStatus(blobStore: string): Promise<string | undefined>
  repositoryStatus(repository: string): Promise<string | undefined>
  /** Whether the image is gone afterwards. */
  removeImage(repository: string, name: string, tag: string): Promise<boolean>
}

import type { Readable } from 'node:stream'
import type { Exchange, Step } from './evidence.ts'

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
  body?: Uint8Array | (() => Readable)
  /** How many bytes are expected: what is more is cut off, and of what is large only the digest is kept. */
  size?: number
}

/** What came back, with its bytes and their digest. */
export interface Reply extends Exchange {
  bytes: Buffer
  digest: string
}

/** Who asks, and for what a token may be needed. */
export function asUser(name: string, ...actions: string[]): Pick<Ask, 'as' | 'scope'> {
  return { as: 'user', scope: { name, actions } }
}

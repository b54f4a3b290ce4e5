import type { Readable, Writable } from 'node:stream'
import type { Failure } from './failure.ts'

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base URL, encoded: `/service/rest/v1/repositories`. */
  path: string
  /** Sent as application/json. */
  json?: unknown
  /** Sent as text/plain. */
  text?: string
  /**
   * Bytes, of a type that `headers` names. What is too much for memory is a factory, so that each attempt begins anew; `headers` say how
   * long it is, else it goes in chunks. While it goes out, the timeout is one of silence. What its stream fails with is thrown as it is.
   */
  body?: Uint8Array | (() => Readable)
  /** Beside the usual ones, or in place of them. Default of `accept`: JSON. */
  headers?: Readonly<Record<string, string>>
  /** For sentences: `create repository "apps"`. Default: method and path. */
  what?: string
  /** Statuses from 400 on that are an answer here, not an error. */
  allow?: readonly number[]
  /** A POST that changes nothing: repeated like a GET, not counted as a write. */
  readOnly?: boolean
  /** `answer` gives a redirect to the caller. Default: a GET or HEAD follows those within the origin, all others are errors. */
  redirects?: 'follow' | 'answer'
  /**
   * Asked at the head of a success where its body goes instead of memory; undefined: to memory. Then no limit of size holds, and the
   * timeout is one of silence, in which a stream that takes no more does not count. The answer is there when the stream has finished. A
   * body that is cut off is a `begun` failure, destroys the stream and is not asked for again: how to go on is known to the caller.
   * What the stream fails with cuts the request and is thrown as it is.
   */
  into?: (head: Head) => Writable | undefined
}

/** What comes before the body. */
export interface Head {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | undefined>
}

/** An answer as it came. */
export interface Answer extends Head {
  text: string
  /** What `text` was read from; empty where the body has gone elsewhere. */
  bytes: Buffer
  /** The URL that answered, where the server redirected to another one of its own. */
  redirectedTo?: string
}

export type Outcome = { answer: Answer; failure?: undefined } | { answer?: undefined; failure: Failure }

/** An answer whose body has been read: parsed JSON, else the text, undefined when empty. */
export interface ReadAnswer {
  answer: Answer
  body: unknown
  failure?: undefined
}

/** An outcome whose body has been read. */
export type Result = ReadAnswer | { answer?: undefined; failure: Failure }

/** PUT and DELETE say how it is to be afterwards: twice is as good as once. A PATCH adds to what is there. */
export function isRepeatable({ method, readOnly }: Pick<HttpRequest, 'method' | 'readOnly'>): boolean {
  return (method !== 'POST' && method !== 'PATCH') || readOnly === true
}

export function changesNothing({ method, readOnly }: Pick<HttpRequest, 'method' | 'readOnly'>): boolean {
  return method === 'GET' || method === 'HEAD' || readOnly === true
}

export function isHtml({ headers }: Pick<Answer, 'headers'>): boolean {
  return /html/i.test(headers['content-type'] ?? '')
}

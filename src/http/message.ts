import type { Failure } from './failure.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the base URL, encoded: `/service/rest/v1/repositories`. */
  path: string
  /** Sent as application/json. */
  json?: unknown
  /** Sent as text/plain. */
  text?: string
  /** Beside the usual ones, or in place of them. Default of `accept`: JSON. */
  headers?: Readonly<Record<string, string>>
  /** For sentences: `create repository "apps"`. Default: method and path. */
  what?: string
  /** Statuses from 400 on that are an answer here, not an error. */
  allow?: readonly number[]
  /** A POST that changes nothing: repeated like a GET, not counted as a write. */
  readOnly?: boolean
}

/** An answer as it came. */
export interface Answer {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  text: string
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

/** PUT and DELETE say how it is to be afterwards: twice is as good as once. */
export function isRepeatable({ method, readOnly }: Pick<HttpRequest, 'method' | 'readOnly'>): boolean {
  return method !== 'POST' || readOnly === true
}

export function changesNothing({ method, readOnly }: Pick<HttpRequest, 'method' | 'readOnly'>): boolean {
  return method === 'GET' || readOnly === true
}

export function isHtml({ headers }: Pick<Answer, 'headers'>): boolean {
  return /html/i.test(headers['content-type'] ?? '')
}

// The shapes that every part of the sandbox shares. One request goes: fault → frozen phase → authentication → route →
// permission → handler → reply. nexus-api section 9 has the order with its evidence.
import type { Readable } from 'node:stream'
import type { Profile } from './profile.ts'
import type { State } from './state.ts'

/** One HTTP request as a handler sees it: path parameters decoded, body still text. */
export interface SandboxRequest {
  method: string
  /** Path below the context path, still percent-encoded, without the query. */
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: string
  /** User id of the authenticated user; undefined for anonymous requests. */
  user: string | undefined
}

/** One HTTP answer. `body` undefined = empty; a string is sent as it is, anything else as indented JSON. */
export interface Reply {
  status: number
  body?: unknown
  /** Bytes that are sent instead of `body`; they are opened when the headers have gone out, and not for HEAD. */
  stream?: { length: number; open: () => Readable }
  /** Defaults to application/json for objects and text/plain for strings. */
  contentType?: string
  /** Laid over the common headers; `[]` takes a common header away. */
  headers?: Record<string, string | string[]>
  /** Whether `X-Siesta-FaultId` is sent (nexus-api 1.3 says where). */
  faultId?: boolean
}

/** What a handler works with. */
export interface Context {
  request: SandboxRequest
  /** Path parameters by name, percent-decoded. */
  params: Record<string, string>
  state: State
  profile: Profile
  /** `http://host:port/context` as the client addressed the server; `url` fields derive from it. */
  baseUrl: string
  /** Whether the caller holds the permission, e.g. `nexus:blobstores:read`. */
  may: (permission: string) => boolean
}

/** One line of a route table. `path` is relative to `/service/rest`, with `:name` parameters; a last segment `*` takes the rest as parameter `*`. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  handler: (context: Context) => Reply | Promise<Reply>
  /** Path is relative to the context path instead: `/repository/:name/*`, `/service/extdirect`. */
  root?: boolean
  /** Media type of the request body that is taken, else 415; PUT and POST take JSON when this is left out. */
  consumes?: 'json' | 'text' | 'any'
  /** Permission needed; answers 403 without it. Left out where the handler asks for it: a body is read first (body-route.ts). */
  permission?: string
  /** Route exists only where this holds; else 404 as for an unknown path. */
  available?: (profile: Profile) => boolean
}

// Talks to a sandbox over real HTTP, and closes what a test started.
import { afterEach } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'

const started: Sandbox[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.close()))
})

/** Starts a sandbox that is closed after the test. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options)
  started.push(sandbox)
  return sandbox
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** Parsed body; undefined where it is not JSON. */
  json: unknown
  /** One value of the parsed body by dotted path: `0.url`, `result.data.httpPort`. */
  at: (path: string) => unknown
}

export interface CallOptions {
  /** `name:password`, `none`, or left out for the sandbox's own admin. */
  as?: string
  /** An object is sent as JSON, a string as it is. */
  body?: unknown
  headers?: Record<string, string>
}

function valueAt(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], json)
}

/** Sends one request; the path is below `/service/rest` unless it starts with `//`, which stands for the sandbox's root. */
export async function call(
  sandbox: Sandbox,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const as = options.as ?? `${sandbox.username}:${sandbox.password}`
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
  if (as !== 'none') headers['authorization'] ??= `Basic ${Buffer.from(as).toString('base64')}`
  const body =
    options.body === undefined || typeof options.body === 'string'
      ? options.body
      : JSON.stringify(options.body)
  if (body !== undefined) headers['content-type'] ??= 'application/json'
  const url = path.startsWith('//') ? sandbox.url + path.slice(1) : `${sandbox.url}/service/rest${path}`
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, text, json, at: (path) => valueAt(json, path) }
}

/** Calls one ExtDirect method and returns the whole answer. */
export async function remoteCall(
  sandbox: Sandbox,
  action: string,
  method: string,
  data: unknown[] | null = null,
): Promise<Answer> {
  return call(sandbox, 'POST', '//service/extdirect', { body: { action, method, data, type: 'rpc', tid: 1 } })
}

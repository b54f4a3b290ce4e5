// Speaks to a repository of a sandbox as a registry client does, at the repository's own path on the main port.
import type { Client } from '../repositories-client.ts'
import { manifestType } from './scripted-registry.ts'

export interface Pulled {
  status: number
  bytes: Buffer
  headers: Headers
  /** The first error of an error document. */
  error: { code: string; message: string; detail: unknown } | undefined
}

interface Asking {
  method?: string
  /** `admin` unless given. */
  user?: string
  headers?: Record<string, string>
  body?: string
}

/** One request; `path` is below `/v2/`. */
export async function ask(
  { sandbox }: Client,
  repository: string,
  path: string,
  { method = 'GET', user = 'admin', headers: more = {}, body }: Asking = {},
): Promise<Pulled> {
  const password = sandbox.state.users.find(({ userId }) => userId === user)?.password ?? ''
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const response = await fetch(`${sandbox.url}/repository/${repository}/v2/${path}`, {
    method,
    headers: { authorization, accept: manifestType, ...more },
    ...(body !== undefined && { body }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const { status, headers } = response
  const isError = status >= 400 && bytes.length > 0 && headers.get('content-type')?.includes('json')
  const error = isError
    ? (JSON.parse(bytes.toString()) as { errors: Pulled['error'][] }).errors[0]
    : undefined
  return { status, bytes, headers, error }
}

/** A request with a body: `PUT app/manifests/1`. */
export async function send(
  { client, repository }: { client: Client; repository: string },
  request: string,
  body: string,
  type = 'application/octet-stream',
): Promise<Pulled> {
  const [method = '', path = ''] = request.split(' ')
  return ask(client, repository, path, { method, body, headers: { 'content-type': type } })
}

// A sandbox of one version and the requests that the repository and blob store tests send to it.
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import type { Repository } from '../../src/sandbox/kernel/state.ts'

interface Answer {
  status: number
  /** Parsed where it is JSON; answers before 3.49 call some text JSON that is none. */
  body: unknown
}

/** The sections of settings that tests look into one by one. */
interface Settings {
  name: string
  storage: { blobStoreName: string; latestPolicy?: boolean }
  component?: object
  docker: { pathEnabled?: boolean | null }
  proxy: object
  httpClient: { authentication: object | null }
  dockerProxy: { indexType: string }
  group: { memberNames: string[]; writableMember?: string }
  routingRuleName?: string | null
}

export interface Client {
  sandbox: Sandbox
  send(method: string, path: string, body?: unknown, user?: string): Promise<Answer>
  get(path: string, user?: string): Promise<Answer>
  post(path: string, body: unknown, user?: string): Promise<Answer>
  put(path: string, body: unknown, user?: string): Promise<Answer>
  remove(path: string, user?: string): Promise<Answer>
  /** Settings of a repository as `GET …/<format>/<type>/<name>` answers them. */
  settings(path: string): Promise<Settings>
  /** A list answer, and the names in it. */
  list(path: string, user?: string): Promise<Settings[]>
  names(path: string, user?: string): Promise<string[]>
}

function credentials(sandbox: Sandbox, user: string): Record<string, string> {
  if (user === 'none') return {}
  const password = sandbox.state.users.find((entry) => entry.userId === user)?.password ?? ''
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Starts a sandbox that the running test closes; `user` of a request is `admin` unless given, `none` sends no credentials. */
export async function server(version: string, options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await startSandbox({ version, ...options })
  onTestFinished(() => sandbox.close())
  async function send(method: string, path: string, body?: unknown, user = 'admin'): Promise<Answer> {
    const response = await fetch(`${sandbox.url}/service/rest${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...credentials(sandbox, user),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: parse(await response.text()) }
  }
  const list = async (path: string, user?: string) =>
    (await send('GET', path, undefined, user)).body as Settings[]
  return {
    sandbox,
    send,
    get: (path, user) => send('GET', path, undefined, user),
    post: (path, body, user) => send('POST', path, body, user),
    put: (path, body, user) => send('PUT', path, body, user),
    remove: (path, user) => send('DELETE', path, undefined, user),
    settings: async (path) => (await send('GET', `/v1/repositories/${path}`)).body as Settings,
    list,
    names: async (path, user) => (await list(path, user)).map(({ name }) => name).sort(),
  }
}

/** Adds a user who holds the roles; a role may be a permission or `repository-admin:<name>` (kernel/permissions.ts). */
export function addUser({ sandbox }: Client, userId: string, ...roles: string[]): void {
  sandbox.state.users.push({ userId, password: `${userId}-password`, status: 'active', roles })
}

/** The stored repository; throws where there is none. */
export function stored({ sandbox }: Client, name: string): Repository {
  const found = sandbox.state.repositories.find((repository) => repository.name === name)
  if (!found) throw new Error(`no repository ${name}`)
  return found
}

type Body = Record<string, unknown>

const storage = { blobStoreName: 'default', strictContentTypeValidation: true }

/** Smallest body of a hosted repository; `extra` replaces whole sections. */
export function hosted(name: string, extra: Body = {}): Body {
  return { name, online: true, storage: { ...storage, writePolicy: 'ALLOW' }, ...extra }
}

export function proxy(name: string, extra: Body = {}): Body {
  return {
    name,
    online: true,
    storage,
    proxy: { remoteUrl: 'https://registry.example', contentMaxAge: 1440, metadataMaxAge: 1440 },
    negativeCache: { enabled: true, timeToLive: 1440 },
    httpClient: { blocked: false, autoBlock: true },
    ...extra,
  }
}

export function group(name: string, memberNames: unknown, extra: Body = {}): Body {
  return { name, online: true, storage, group: { memberNames }, ...extra }
}

/** The section that every Docker repository needs. */
export function docker(connectors: Body = {}): { docker: Body } {
  return { docker: { v1Enabled: false, forceBasicAuth: true, ...connectors } }
}

export function dockerProxy(name: string, extra: Body = {}): Body {
  return proxy(name, { ...docker(), dockerProxy: { indexType: 'REGISTRY' }, ...extra })
}

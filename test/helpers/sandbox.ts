import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'

/** A sandbox that is closed when the test ends. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options)
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** The environment that makes the CLI use a sandbox. */
export function environmentOf(
  sandbox: Pick<Sandbox, 'url' | 'username' | 'password'>,
): Record<string, string> {
  return { NEXUS_URL: sandbox.url, NEXUS_USERNAME: sandbox.username, NEXUS_PASSWORD: sandbox.password }
}

/** GET with the sandbox's admin; the parsed body. */
export async function getJson(sandbox: Sandbox, path: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')}`
  const response = await fetch(`${sandbox.url}/service/rest${path}`, {
    headers: { authorization, accept: 'application/json' },
  })
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** Sends a change past the tool, as somebody at the web interface would; the status. */
export async function send(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')}`
  const response = await fetch(`${sandbox.url}/service/rest${path}`, {
    method,
    headers: {
      authorization,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  await response.arrayBuffer()
  return response.status
}

/** Requests that change something, in the order in which they came. */
export function writesOf(sandbox: Sandbox): { method: string; path: string }[] {
  return sandbox.requests.filter(changes).map(({ method, path }) => ({ method, path }))
}

/** Whether a request changes something. */
export function changes({ method, path, body }: Sandbox['requests'][number]): boolean {
  return method !== 'GET' && !(path.includes('/extdirect') && body.includes('"read"'))
}

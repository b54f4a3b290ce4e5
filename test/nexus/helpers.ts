import { afterEach } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { type ConnectionOptions, createNexus, type Nexus } from '../../src/nexus/client.ts'
import { NEXUS, type ScriptedServer, startServer } from '../http/scripted-server.ts'

export const PASSWORD = 'canary-Pä$$/w+rd"7'

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** The body of a GET. */
export async function get(nexus: Nexus, path: string, what?: string): Promise<unknown> {
  return (await nexus.request({ method: 'GET', path, ...(what !== undefined && { what }) })).body
}

/** A server that is closed after the test. */
export async function server(...parameters: Parameters<typeof startServer>): Promise<ScriptedServer> {
  const started = await startServer(...parameters)
  open.push(started)
  return started
}

/** A client as admin that does not sleep between attempts; `waits` collects what it would have slept. */
export function client(
  url: string,
  options: Partial<ConnectionOptions> = {},
): { nexus: Nexus; waits: number[] } {
  const waits: number[] = []
  const nexus = createNexus({
    url,
    username: 'admin',
    password: PASSWORD,
    redactor: createRedactor(),
    delay: (ms) => {
      waits.push(ms)
      return Promise.resolve()
    },
    ...options,
  })
  open.push(nexus)
  return { nexus, waits }
}

/** A client whose credentials the server has accepted, which is not among what it has `received`. */
export async function signedInTo(
  reply: Parameters<typeof startServer>[0],
  options: Partial<ConnectionOptions> = {},
): Promise<{ nexus: Nexus; waits: number[]; target: ScriptedServer }> {
  let signedIn = false
  const target = await server((request, index) =>
    signedIn ? reply(request, index) : { status: 200, headers: NEXUS },
  )
  const made = client(target.url, options)
  await get(made.nexus, '/service/rest/v1/repositories')
  signedIn = true
  target.received.length = 0
  return { ...made, target }
}

/** The UserError that the promise ends with; fails for everything else. */
export async function failure(promise: Promise<unknown>): Promise<UserError> {
  const outcome = await promise.then(
    () => new Error('expected a failure'),
    (error: unknown) => error,
  )
  if (!(outcome instanceof UserError)) throw outcome
  return outcome
}

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fillUpstream } from '../../scripts/lib/sample-upstream.js'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { kinds } from '../../src/resources/index.ts'
import { readFacts } from '../../src/run/verify/facts.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { registryDoors } from '../../src/verify/registry-door.ts'
import { type Verified, verifyAll } from '../../src/verify/run.ts'
import { serverSideOf } from '../../src/verify/server-side.ts'
import { subjectsOf } from '../../src/verify/subjects.ts'
import { configOf, makeSo, nexusOf } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

export interface HowToVerify {
  endpoints?: Record<string, string>
  images?: Record<string, string>
  login?: { username: string; password: string }
  readOnly?: boolean
  layerSize?: number
  caCert?: string
  timeoutMs?: number
  signal?: AbortSignal
}

type Server = Pick<Sandbox, 'url' | 'username' | 'password'>

/** Makes the server what the document says. */
export async function applyTo(server: Server, document: object): Promise<void> {
  await makeSo(server, await configOf(document))
}

/** `verify` without the command around it. */
export async function verifyOn(server: Server, document: object, how: HowToVerify = {}): Promise<Verified> {
  const config = await configOf(document)
  const nexus = nexusOf(server)
  const redactor = createRedactor()
  try {
    const facts = await readFacts(nexus, config, server.url)
    const subjects = subjectsOf(config, {
      kinds,
      ...facts,
      endpoints: new Map(
        Object.entries(how.endpoints ?? {}).map(([name, url]) => [name, { url, prefix: '' }]),
      ),
      images: new Map(Object.entries(how.images ?? {})),
    })
    return await verifyAll(
      {
        options: {
          readOnly: how.readOnly ?? false,
          layerSize: how.layerSize ?? 512,
          edgeLayerSize: 1.25 * 1024 ** 2,
          patienceMs: 0,
          self: { host: 'here', pid: process.pid, now: Date.now(), isAlive: (pid) => pid === process.pid },
          signal: how.signal ?? new AbortController().signal,
          delay: () => Promise.resolve(),
        },
        doors: registryDoors(
          { redactor, caCert: how.caCert, timeoutMs: how.timeoutMs ?? 5000, parallelism: 4 },
          how.login ?? server,
          config.secrets,
        ),
        serverSide: serverSideOf(nexus),
        server: facts.server,
        login: { username: (how.login ?? server).username },
        subjects,
      },
      { parallelism: 4 },
    )
  } finally {
    nexus.close()
  }
}

/** What failed: `ours.push forwarded-proto`. */
export function failuresOf({ results }: Verified): string[] {
  return results.flatMap(({ repository, check, diagnosis }) =>
    diagnosis ? [`${repository}.${check} ${diagnosis.code}`] : [],
  )
}

/** Ports that nobody listens at just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** What the upstream has, for the proxy repository "hub". */
export const images = { hub: 'library/hello:latest' }

/** The URL of a registry with one image that anybody may pull; a sandbox that is closed when the test ends. */
export async function upstream(): Promise<string> {
  const { remoteUrl } = await fillUpstream(await sandboxFor({ version: '3.90.0' }), { token: true })
  return remoteUrl
}

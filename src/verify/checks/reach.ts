import { isLoopback } from '../../core/ports.ts'
import { leadsAway } from '../causes/edge.ts'
import type { Ask, Reply } from '../door.ts'
import type { Address } from '../evidence.ts'
import type { Probe } from '../probe.ts'
import { Skipped } from '../probe.ts'
import { ownAddress } from '../subjects.ts'
import type { Check } from './check.ts'

export const ping: Ask = { step: 'ping', method: 'GET', path: '', as: 'nobody', bare: true }
const PAUSE_MS = 250

/** GET /v2/ without credentials: 200 or a challenge, whose address is the one that was asked (OCI distribution-spec 1.1, end-1). */
export const reach: Check = {
  name: 'reach',
  stage: 0,
  title: ({ address }) => `answers at ${address.url}`,
  needs: [],
  applies: () => true,
  async run(probe) {
    const { options } = probe.shared
    const until = performance.now() + options.patienceMs
    let reply = await probe.ask(ping)
    // A connector that was just changed takes a moment.
    while (isStarting(reply) && performance.now() < until) {
      await options.delay(PAUSE_MS)
      probe.exchanges.pop()
      reply = await probe.ask(ping)
    }
    if (!isRegistry(reply, probe)) probe.fail(reply)
    return undefined
  },
  async inquire(probe) {
    const { subject, shared } = probe
    const { address } = subject
    await probe.askAt(ownAddress(subject.name, shared.server.url), { ...ping, step: 'own-path' })
    // What speaks TLS may just hang up.
    const isCut = probe.exchanges.findLast(({ step }) => step === 'ping')?.failure?.kind === 'reset'
    if (!isCut || !address.url.startsWith('http:')) return
    const withTls = { ...address, url: address.url.replace('http:', 'https:') }
    await probe.askAt(withTls, { ...ping, step: 'with-tls' })
  },
}

/** Nothing listens yet, or a reverse proxy says so. */
function isStarting({ failure, status }: Reply): boolean {
  return failure?.kind === 'refused' || status === 502 || status === 503
}

function isRegistry(reply: Reply, { subject }: Probe): boolean {
  const { status, page, headers } = reply
  if (page || (status !== 200 && status !== 401)) return false
  if (headers['docker-distribution-api-version'] === undefined) return false
  // What no client uses may name the address that the server believes to have.
  return subject.address.way === 'repository' || !leadsAway(reply)
}

/**
 * A connector without TLS of a server that is reached by https: clients come through a reverse proxy, and Docker itself refuses plain HTTP
 * from elsewhere (docs.docker.com, dockerd, "Insecure registries"). An endpoint that is named is meant.
 */
function isInClear({ url, way }: Address, server: string): boolean {
  const isNamed = way === 'endpoint'
  return (
    !isNamed && server.startsWith('https:') && url.startsWith('http:') && !isLoopback(new URL(url).hostname)
  )
}

export const login: Check = {
  name: 'login',
  stage: 0,
  title: () => 'takes the login',
  needs: ['reach'],
  applies: () => true,
  async run(probe) {
    const { subject, shared } = probe
    if (isInClear(subject.address, shared.server.url))
      throw new Skipped(
        `the password would go there in the clear, and the server has https: name the address of clients, --endpoint ${subject.name}=https://…`,
      )
    await probe.expect({ step: 'login', method: 'GET', path: '', as: 'user' }, [200])
    return undefined
  },
  async inquire(probe) {
    // Nexus takes user and password whatever it asks for (edge.md 4): so a fault of tokens is told from a wrong password.
    await probe.ask({ ...ping, step: 'login-basic', as: 'user' })
  },
}

export const wrongPassword: Check = {
  name: 'wrong-password',
  stage: 0,
  title: () => 'refuses a wrong password',
  needs: ['reach'],
  applies: () => true,
  async run(probe) {
    const asked = probe.exchanges.findLast(({ step }) => step === 'ping')
    if (asked?.status === 200) throw new Skipped('GET /v2/ lets everybody in')
    // A user that does not exist: 3.96 locks those that do after three failures.
    await probe.expect(
      { ...ping, step: 'wrong-password', as: 'stranger' },
      ({ status }) => status !== undefined && status >= 300,
    )
    return undefined
  },
}

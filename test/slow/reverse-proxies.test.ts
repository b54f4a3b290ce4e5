// Each wrong rule of the table breaks what it says, and the right ones do not: with real clients, in front of two real registries, one
// of them hosted, the other in the group's place with content of its own.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificates } from '../http/certificates.ts'
import type { Client, Session } from '../programs/clients/client.ts'
import { clients } from '../programs/clients/index.ts'
import { type RealRegistry, startDockerRegistry } from '../programs/docker-registry.ts'
import { type Image, makeImage, seed, stored, writeImage } from '../programs/image.ts'
import { type Nginx, startNginx } from '../programs/nginx.ts'
import { type ProxyRule, type ProxyRuleName, proxyRules } from '../programs/reverse-proxies.ts'
import { type Outcome, openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'

const reason = reasonToSkip('nginx', 'docker-registry', 'htpasswd', 'skopeo', 'ctr', 'containerd', 'openssl')

it('has the programs that it needs', ({ skip }) => {
  skip(reason !== undefined, reason)
})

/** What a client says when the rule is in its way. Left out: the rule is not tried here, for the reason given. */
type Trial = { does: 'push' | 'push-over' | 'pull'; by?: string; says: RegExp } | 'works' | { not: string }

const refused =
  /refused|no such host|server misbehaving|HTTP response to HTTPS|HTTP request was sent to HTTPS|400/i
const trials: Record<ProxyRuleName, Trial> = {
  'three-part': 'works',
  'three-part-ping-hosted': 'works',
  namespace: 'works',
  plain: 'works',
  prefix: { not: 'no registry but Nexus has repositories below a path' },
  'whole-server': { not: 'no registry but Nexus has repositories below a path' },
  'blind-prefix': { not: 'no registry but Nexus has repositories below a path' },
  'get-only': { does: 'pull', by: 'ctr', says: /not found/ },
  'get-head': { does: 'push-over', says: /blob unknown/i },
  'put-only': { does: 'push', says: /upload unknown|404|not found/i },
  'split-uploads': { does: 'push', says: /upload unknown|404|not found/i },
  'upload-status': { not: 'only a client that resumes asks for it: seen by the requests' },
  'no-forwarded-proto': { does: 'push', says: refused },
  'forwarded-proto-http': { does: 'push', says: refused },
  'forwarded-host-with-port': { not: 'only Nexus 3.78 to 3.80 trips over it' },
  'body-limit': { does: 'push', says: /413|Too Large/i },
  'methods-filtered': { does: 'push', says: /405|Not Allowed/i },
  'host-without-port': { does: 'push', says: refused },
  'host-of-upstream': { not: 'nginx mends Location by itself; what is left is the realm of tokens' },
  'no-api-version': { not: 'clients of today do not mind' },
  'to-the-ui': { does: 'pull', says: /404|not found|name unknown/i },
  'authorization-dropped': { does: 'push', says: /unauthorized|401|authentication required/i },
  'query-lost': { does: 'push', says: /digest|400|upload/i },
  'short-timeouts': { not: 'neither registry is slow' },
}

/** What Nexus answers on its own port where no repository is meant. */
async function pageNotFound(workshop: Workshop): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>404</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  workshop.onClose(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.skipIf(reason !== undefined)('nginx in front of registries', () => {
  const access = { username: 'admin', password: 'admin-password' }
  let workshop: Workshop
  let hosted: RealRegistry
  let group: RealRegistry
  let ui: string
  const base = makeImage()
  const sessions = new Map<string, Session>()

  beforeAll(async () => {
    workshop = openWorkshop()
    const users = { [access.username]: access.password }
    hosted = await startDockerRegistry(workshop, { users })
    group = await startDockerRegistry(workshop, { users })
    ui = await pageNotFound(workshop)
    await seed({ base: group.url, name: 'library/base', tag: '1', access }, base)
    // Nexus knows a blob in the whole repository; here it has to be below the name that is asked for.
    await seed({ base: group.url, name: 'team/get-head', tag: 'base', access }, base)
    for (const name of ['skopeo', 'ctr']) {
      const client = clients.find((one) => one.name === name) as Client
      sessions.set(name, await client.start(workshop))
    }
  })
  afterAll(() => workshop.close())

  async function behind(rule: ProxyRuleName): Promise<Nginx> {
    const { needsTls = false }: ProxyRule = proxyRules[rule]
    const tls = needsTls ? { tls: certificates().localhost } : {}
    return startNginx({ rule, push: hosted.url, pull: group.url, ui, workshop, ...tls })
  }

  async function sessionAt(host: string, client = 'skopeo'): Promise<Session> {
    const session = sessions.get(client)
    if (session === undefined) throw new Error(client)
    await session.signIn(host, access)
    return session
  }

  /** More than the limit that nginx has by itself. */
  const large = () => makeImage(undefined, randomBytes(1_500_000))

  async function push(host: string, image: Image, name: string): Promise<Outcome> {
    const session = await sessionAt(host)
    if (session.push === undefined) throw new Error('skopeo pushes')
    return session.push(writeImage(workshop, image), `${host}/team/${name}:1`)
  }

  const wrong = Object.entries(trials).filter(([, trial]) => typeof trial === 'object' && 'does' in trial)
  it.each(wrong)('%s breaks a client', async (rule, trial) => {
    if (trial === 'works' || 'not' in trial) throw new Error('filtered')
    const { host, close } = await behind(rule as ProxyRuleName)
    const outcome =
      trial.does === 'pull'
        ? await (await sessionAt(host, trial.by)).pull(`${host}/library/base:1`)
        : await push(host, trial.does === 'push' ? large() : makeImage(base), rule)
    expect(outcome.text).toMatch(trial.says)
    expect(outcome.ok).toBe(false)
    const found = await stored({ base: hosted.url, name: `team/${rule}`, tag: '1', access })
    expect(found).toBe(undefined)
    await close()
  })

  const right = Object.entries(trials).flatMap(([rule, trial]) => (trial === 'works' ? [rule] : []))
  it.each(right)('%s lets clients through', async (rule) => {
    const { host, close } = await behind(rule as ProxyRuleName)
    for (const [name, image] of Object.entries({ large: large(), over: makeImage(base) })) {
      const outcome = await push(host, image, `${rule}-${name}`)
      expect(outcome.text).toContain('Writing manifest')
      const found = await stored({ base: hosted.url, name: `team/${rule}-${name}`, tag: '1', access })
      expect(found).toEqual(expect.objectContaining({ digest: image.manifest.digest, complete: true }))
    }
    if (rule !== 'plain')
      for (const client of sessions.keys()) {
        const { ok, digest, text } = await (await sessionAt(host, client)).pull(`${host}/library/base:1`)
        expect({ ok, digest, text }).toEqual({ ok: true, digest: base.manifest.digest, text })
      }
    await close()
  })
})

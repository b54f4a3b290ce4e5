// Names and paths that would mean something to nginx or Apache: they come back as they were, and nothing else is read differently.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Edge } from '../../src/edge/edge.ts'
import { apache } from '../../src/targets/apache.ts'
import type { Target } from '../../src/targets/contract.ts'
import { nginx } from '../../src/targets/nginx.ts'
import { checkFront, type FrontName, fronts } from '../programs/fronts.ts'
import { openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { certificateForExample } from './certificate.ts'
import { edgeFor } from './edges.ts'
import { type Directive, readApache, readNginx } from './read-back.ts'

const signs = Array.from('"\';{}$#\\% <>()[]|*+?^&`~!=,:@axtrn1\u00e9\u4e2d')
const hostile = fc.string({
  unit: fc.constantFrom(...signs, '${', '\\"', '%{', '$1'),
  minLength: 1,
  maxLength: 12,
})
const broken = fc.string({ unit: fc.constantFrom(...signs, '\n', '\0', '\r'), minLength: 1, maxLength: 12 })
type Routing = 'namespace' | 'method' | 'path'
const routings: fc.Arbitrary<Routing> = fc.constantFrom('namespace', 'method', 'path')

interface Names {
  certificate: string
  namespace: string
  context: string
  file: string
}

const allNames: fc.Arbitrary<Names> = fc.record({
  certificate: hostile.map((name) => `/etc/${name}`),
  namespace: hostile,
  context: hostile,
  file: broken,
})

/** A way in whose names are these, past the checks of the section. */
function edgeWith(
  { certificate, namespace, context }: Names,
  routing: 'namespace' | 'method' | 'path',
): Edge {
  const ours = routing === 'namespace' ? { namespaces: ['NAMESPACE'] } : {}
  const edge = edgeFor({
    ...{ routing, connectors: false, upstream: 'http://127.0.0.1:8081/CONTEXT', ...ours },
    tls: { certificate: 'CERTIFICATE', key: 'CERTIFICATE.key', ca: 'ca.crt' },
  })
  const with_ = (text: string) =>
    text
      .replaceAll('CERTIFICATE', () => certificate)
      .replaceAll('NAMESPACE', () => namespace)
      .replaceAll('CONTEXT', () => context)
  return JSON.parse(JSON.stringify(edge), (_, value: unknown) =>
    typeof value === 'string' ? with_(value) : value,
  ) as Edge
}

const harmless: Names = { certificate: '/etc/c', namespace: 'ours', context: 'nexus', file: 'repos.yml' }

/** How many words each directive has, and what is inside it; not the words. */
const shapeOf = (directives: readonly Directive[]): unknown =>
  directives.map(({ words, inside }) => [/^\w+$/.exec(words[0] ?? '')?.[0], words.length, shapeOf(inside)])

const all = (directives: readonly Directive[]): string[][] =>
  directives.flatMap(({ words, inside }) => [words, ...all(inside)])

interface Reader {
  target: Target
  front: FrontName
  read: (text: string) => Directive[]
  /** What it cannot hold, beside control characters. */
  refuses: RegExp
  certificateWord: string
}

const readers: Record<string, Reader> = {
  nginx: {
    target: nginx,
    front: 'nginx',
    read: readNginx,
    refuses: /\$/,
    certificateWord: 'ssl_certificate',
  },
  apache: {
    target: apache,
    front: 'apache',
    read: readApache,
    refuses: /\$\{|"/,
    certificateWord: 'SSLCertificateFile',
  },
}

const textOf = (target: Target, edge: Edge, file: string) =>
  target
    .render({ edge, from: [file] })
    .files.map(({ text }) => text)
    .join('\n')

describe.each(Object.entries(readers))('%s', (_, { target, front, read, refuses, certificateWord }) => {
  const harmlessShape = (routing: Routing) =>
    shapeOf(read(textOf(target, edgeWith(harmless, routing), 'repos.yml')))

  /** Undefined where it is refused, and had to be. */
  function rendered(names: Names, routing: Routing): string | undefined {
    try {
      return textOf(target, edgeWith(names, routing), names.file)
    } catch (error) {
      expect(error).toMatchObject({ name: 'UserError', code: 'not-renderable', exitCode: 3 })
      expect(refuses.test([names.certificate, names.namespace, names.context].join(' '))).toBe(true)
      return undefined
    }
  }

  it('reads the same structure, and the names as they were', () => {
    let held = 0
    fc.assert(
      fc.property(allNames, routings, (names, routing) => {
        const text = rendered(names, routing)
        if (text === undefined) return
        held++
        const there = read(text)
        expect(shapeOf(there)).toEqual(harmlessShape(routing))
        const words = all(there)
        expect(words.find(([name]) => name === certificateWord)?.[1]).toBe(names.certificate)
        if (routing === 'namespace') expect(patternsFor(words, names.namespace)).toHaveLength(1)
        expect(rendered(names, routing)).toBe(text)
      }),
      { numRuns: 300, examples: [[{ ...harmless, namespace: 'a\\' }, 'namespace']] },
    )
    expect(held).toBeGreaterThan(50)
  })

  it('refuses what no file can hold', () => {
    for (const sign of ['\n', '\0', '\r'])
      for (const name of ['certificate', 'namespace', 'context'] as const) {
        const edge = edgeWith({ ...harmless, [name]: `a${sign}b` }, 'namespace')
        expect(() => textOf(target, edge, 'repos.yml')).toThrow(
          expect.objectContaining({ code: 'not-renderable', exitCode: 3 }),
        )
      }
  })

  const reason = reasonToSkip(...fronts[front].programs, 'openssl')
  it.skipIf(reason !== undefined)('is read so by the program itself', async () => {
    const workshop = openWorkshop()
    const pem = certificateForExample()
    try {
      for (const routing of ['namespace', 'path'] as const)
        for (const sign of ['#;{ }', "'\\", '%{x} ?', '\\n\\', '& |*[('].filter(
          (one) => !refuses.test(one),
        )) {
          const certificate = join(workshop.place('tls'), `a${sign}`)
          writeFileSync(certificate, pem.certificate)
          writeFileSync(`${certificate}.key`, pem.key)
          const names = { certificate, namespace: `a${sign}`, context: `a${sign}`, file: `a${sign}` }
          const rendered = target.render({ edge: edgeWith(names, routing), from: [names.file] })
          const { checked } = await checkFront(front, rendered, workshop)
          // It reads the certificate: nothing but its path is right.
          expect(checked?.text).not.toMatch(/warn|error|emerg/i)
          expect(checked?.ok).toBe(true)
        }
    } finally {
      await workshop.close()
    }
  })
})

/** Patterns that fit an image of this namespace, and no other below `/v2/`. */
function patternsFor(words: readonly string[][], namespace: string): string[] {
  const patterns = words.flatMap(([name = '', pattern = '']) =>
    name.startsWith('~') ? [name.slice(1)] : name === 'RewriteRule' ? [pattern] : [],
  )
  return patterns.filter((pattern) => {
    const expression = new RegExp(pattern)
    const fits = (path: string) => expression.test(path) || expression.test(`GET ${path}`)
    return fits(`/v2/${namespace}/app/manifests/1`) && !fits('/v2/other/app/manifests/1') && !fits('/v2/')
  })
}

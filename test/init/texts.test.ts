// The parts that turn one text into another: NO_PROXY, templates, differences, the list of variables.

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { plain } from '../../src/core/paint.ts'
import { yamlText } from '../../src/core/yaml-text.ts'
import { toExclusions } from '../../src/init/exclusions.ts'
import { runInit } from '../../src/init/flow.ts'
import { neededVariables } from '../../src/init/next-steps.ts'
import { previewDiff } from '../../src/init/preview.ts'
import { offeredProxy } from '../../src/init/proxy-offer.ts'
import { registries } from '../../src/init/registries.ts'
import { upstreamNames } from '../../src/intents/upstreams.ts'
import { loadText } from '../../src/run/init/load-text.ts'
import { exampleText, factsOf, templateFacts, templateNames, textOf } from '../helpers/init.ts'

describe('NO_PROXY in the words of Nexus', () => {
  // nexus-api section 6: one asterisk, first or last; neither networks nor ports.
  it.each([
    ['localhost', ['localhost']],
    ['.corp', ['*.corp']],
    ['*.corp', ['*.corp']],
    ['corp.example', ['corp.example', '*.corp.example']],
    ['corp', ['corp', '*.corp']],
    ['Nexus.Corp:8081', ['nexus.corp', '*.nexus.corp']],
    ['127.0.0.1', ['127.0.0.1']],
    ['::1', ['[::1]']],
    ['[::1]:8081', ['[::1]']],
    ['10.0.0.0/8', ['10.*']],
    ['192.168.0.0/16', ['192.168.*']],
    ['192.168.7.0/24', ['192.168.7.*']],
    ['10.1.2.3/32', ['10.1.2.3']],
    ['10.1.2.4/30', ['10.1.2.4', '10.1.2.5', '10.1.2.6', '10.1.2.7']],
    ['172.16.0.0/14', ['172.16.*', '172.17.*', '172.18.*', '172.19.*']],
    ['a, b.c  d.e,a', ['a', '*.a', 'b.c', '*.b.c', 'd.e', '*.d.e']],
  ])('%s', (written, exclude) => {
    expect(toExclusions(written)).toEqual({ exclude, dropped: [] })
  })

  it.each(['10.0.0.0/9', '2001:db8::/32', 'a*b', '*', 'x|y', '10.0.0.0/40', '300.0.0.0/8', 'ünï.de'])(
    'drops %s',
    (entry) => {
      expect(toExclusions(`ok.example,${entry}`)).toEqual({
        exclude: ['ok.example', '*.ok.example'],
        dropped: [entry],
      })
    },
  )
})

describe('what the comments tell to pull and push', () => {
  it.each([
    ['ports', 'http://nexus:8081', 'nexus:8083/IMAGE', 'nexus:8082/library/alpine'],
    ['ports', 'http://nexus.corp/nexus', 'nexus.corp:8083/IMAGE', 'nexus.corp:8082/library/alpine'],
    ['ports', 'http://my_nexus:8081', undefined, undefined],
    ['path', 'http://nexus:8081', 'nexus:8081/docker-hosted/IMAGE', 'nexus:8081/docker/library/alpine'],
    ['path', 'http://nexus', 'nexus:80/docker-hosted/IMAGE', 'nexus:80/docker/library/alpine'],
    ['path', 'http://nexus.corp/nexus', undefined, undefined],
  ] as const)('%s at %s', async (routing, url, push, pull) => {
    const { situation } = await runInit(undefined, factsOf(), { url, routing })
    const text = textOf(situation)
    expect(/docker push (\S+)\./.exec(text)?.[1]).toBe(push)
    expect(/docker pull (\S+)\./.exec(text)?.[1]).toBe(pull)
  })
})

describe('the proxy of the environment', () => {
  it.each([
    [{}, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
    [{ HTTPS_PROXY: 'http://p:3128', NO_PROXY: '*' }, undefined],
    [{ HTTPS_PROXY: 'https://p:3128' }, undefined],
    [{ HTTPS_PROXY: 'http://p:0' }, undefined],
    [{ ALL_PROXY: 'socks5://p:1080' }, undefined],
    [
      { HTTP_PROXY: 'http://p:1', https_proxy: 'q:2' },
      { host: 'q', port: 2, variable: 'https_proxy' },
    ],
    [{ HTTP_PROXY: 'http://p.corp' }, { host: 'p.corp', port: 80, variable: 'HTTP_PROXY' }],
    [{ HTTPS_PROXY: 'http://token@p:1' }, { host: 'p', port: 1, variable: 'HTTPS_PROXY' }],
    [{ ALL_PROXY: 'http://j%40x:pw@p:1' }, { host: 'p', port: 1, username: 'j@x', variable: 'ALL_PROXY' }],
  ])('%j', (environment, expected) => {
    const offer = offeredProxy(environment)
    if (!expected) expect(offer).toBeUndefined()
    else expect(offer).toEqual({ ...expected, exclude: [], dropped: [] })
  })
})

it('has a name for each upstream, all different', () => {
  expect(Object.keys(registries).toSorted()).toEqual(upstreamNames.toSorted())
  const names = Object.values(registries).map(({ repository }) => repository)
  expect(new Set(names).size).toBe(names.length)
})

it('writes texts that YAML reads back, also inside { } and [ ], with what would be a variable escaped', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('true', '1', '~', 'null', 'a: b', '${X}', '1.2', '0x1')),
      (text) => {
        const read = parse(`{ key: ${yamlText(text)}, list: [${yamlText(text)}] }`) as {
          key: string
          list: string[]
        }
        expect(read.key).toBe(text.split('${').join('$${'))
        expect(read.list).toEqual([read.key])
      },
    ),
  )
})

describe('templates', () => {
  it('are the examples', () => {
    const folder = fileURLToPath(new URL('../../examples/', import.meta.url))
    expect(templateNames.toSorted()).toEqual(readdirSync(folder).toSorted())
  })

  it.each(templateNames)(
    '%s: with the answers that it has itself, nothing but the address changes',
    async (name) => {
      const facts = factsOf(templateFacts(name))
      const { proxy } = facts.template ?? {}
      const { situation } = await runInit(undefined, facts, proxy ? { proxy, exclude: proxy.exclude } : {})
      const filled = textOf(situation)
      // The licence is the reader's own affair: a first start is asked for, not taken over.
      const changed = /url: \S+|(# For a server that was never.*\n)?bootstrap:\n( .*\n)+/g
      expect(filled.replaceAll(changed, '')).toBe(exampleText(name).replaceAll(changed, ''))
      expect(filled).not.toMatch(/^ *acceptEula/m)
      expect((await loadText(filled)).config?.nexus.url).toBe('http://localhost:8081')
    },
  )

  it.each(templateNames)(
    '%s: other ports, no proxy, a first start change that and keep every comment',
    async (name) => {
      const facts = factsOf(templateFacts(name))
      const connectors = facts.template?.connectors ?? []
      const ports = Object.fromEntries(connectors.map(({ repository }, index) => [repository, 9000 + index]))
      const given = { ports, proxy: null, initialPassword: { file: '/x y' }, acceptEula: true }
      const { situation, problems } = await runInit(undefined, facts, given)
      expect(problems).toEqual([])
      const filled = textOf(situation)
      const before = parse(exampleText(name)) as {
        nexus: object
        httpProxy?: object
        repositories: Record<string, object>
      }
      const { httpProxy: _, ...kept } = before
      const repositories = Object.entries(before.repositories).map(([repository, fields]) => {
        const port = ports[repository]
        return [repository, port === undefined ? fields : { ...fields, httpPort: port }] as const
      })
      expect(parse(filled)).toEqual({
        ...kept,
        nexus: { ...before.nexus, url: '${NEXUS_URL:-http://localhost:8081}' },
        bootstrap: { initialPassword: { file: '/x y' }, acceptEula: true },
        repositories: Object.fromEntries(repositories),
      })
      // A comment goes away with the section that it is about.
      expect(filled).not.toMatch(/^# (The server's own way out|System > HTTP)/m)
      for (const { port } of connectors) expect(filled).not.toMatch(new RegExp(`\\b${port}\\b`))
      expect((await loadText(filled)).problems).toEqual([])
    },
  )
})

describe('the difference', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 1, maxLength: 12 })

  it('keeps as much as can be kept', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const difference = previewDiff(`${before.join('\n')}\n`, `${after.join('\n')}\n`, plain).split('\n')
        const marked = (mark: string) => difference.filter((line) => line.startsWith(mark))
        const common = longestCommon(before, after)
        expect(marked('-')).toHaveLength(before.length - common)
        expect(marked('+')).toHaveLength(after.length - common)
      }),
    )
  })

  it('hides what may be a secret in the file that is there', () => {
    const shown = previewDiff(
      'nexus:\n  password: hunter2\n',
      'nexus:\n  password: ${NEXUS_PASSWORD}\n',
      plain,
    )
    expect(shown).toBe('  nexus:\n-   password: ***\n+   password: ${NEXUS_PASSWORD}')
  })

  it('shows two lines around a change', () => {
    const numbers = Array.from({ length: 9 }, (_, index) => `l${index}`)
    const shown = previewDiff(numbers.join('\n'), numbers.join('\n').replace('l4', 'x'), plain)
    expect(shown.split('\n')).toEqual(['  …', '  l2', '  l3', '- l4', '+ x', '  l5', '  l6', '  …'])
  })

  it('is quick for long texts', () => {
    const long = Array.from({ length: 50_000 }, (_, index) => `line ${index}`)
    const shown = previewDiff(long.join('\n'), long.toReversed().join('\n'), plain)
    expect(shown.split('\n')).toHaveLength(100_000)
  })
})

/** By trying all: the definition, not the algorithm. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row: number[] = other.map(() => 0)
  for (const left of one) {
    const previous = row
    row = []
    for (const [index, right] of other.entries())
      row.push(
        left === right ? (previous[index - 1] ?? 0) + 1 : Math.max(previous[index] ?? 0, row[index - 1] ?? 0),
      )
  }
  return row.at(-1) ?? 0
}

it('knows the variables that a file needs', () => {
  const text = 'a: ${A}\nb: "x # ${B} $${NOT} ${D:-x}" # ${C}\nc: { env: SECRET }\nd: ${A}\n'
  expect(neededVariables(text)).toEqual(['A', 'B', 'SECRET'])
})

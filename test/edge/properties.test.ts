import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Edge, Rule } from '../../src/edge/edge.ts'
import { considerEdge } from '../../src/edge/edge-of.ts'
import { routeOf } from '../../src/edge/route.ts'
import { edgeSection } from '../../src/edge/section.ts'
import { type EdgeCase, edgeCase, goodEdgeCase } from './arbitrary.ts'
import { dodges, imageShapes, registryShapes } from './shapes.ts'

const runs = { numRuns: 300 }
const shapes = [
  ...['library/base', 'acme/app', 'docker/library/base', 'apps/acme/app'].flatMap(imageShapes),
  ...registryShapes('docker'),
  ...dodges,
]

/** The law for every way in that has no error. */
function holds(law: (edge: Edge, input: EdgeCase) => void): void {
  fc.assert(
    fc.property(edgeCase, (input) => {
      const { edge } = considerEdge(input)
      if (edge) law(edge, input)
    }),
    runs,
  )
}

/** Whether an earlier rule leaves nothing to a later one. */
function hides({ path: later }: Rule): (earlier: Rule) => boolean {
  return ({ path, methods }) => {
    if (methods || !('prefix' in path)) return false
    return 'inside' in later
      ? '/v2/'.startsWith(path.prefix)
      : String(Object.values(later)).startsWith(path.prefix)
  }
}

/** The same with the keys of every map the other way round; lists keep their order, and so do the repositories. */
function turned<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(turned) as Value
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toReversed()
  return Object.fromEntries(entries.map(([key, inner]) => [key, turned(inner)])) as Value
}

test('what is drawn is what the schema takes, and both ends are tried', () => {
  const seen = { good: 0, wrong: 0, routings: new Set<string>() }
  fc.assert(
    fc.property(edgeCase, (input) => {
      expect(edgeSection.safeParse(input.section).error).toBeUndefined()
      const { edge } = considerEdge(input)
      seen[edge ? 'good' : 'wrong'] += 1
      if (edge) seen.routings.add(edge.routing)
    }),
    runs,
  )
  expect(seen.good).toBeGreaterThan(60)
  expect(seen.wrong).toBeGreaterThan(60)
  expect(seen.routings.size).toBe(6)
})

test('what is drawn to be good is', () => {
  fc.assert(
    fc.property(goodEdgeCase, (input) => {
      expect(considerEdge(input).findings.filter(({ severity }) => severity !== 'warning')).toEqual([])
    }),
    runs,
  )
})

test('an edge or an error, and never both', () => {
  fc.assert(
    fc.property(edgeCase, (input) => {
      const { edge, findings } = considerEdge(input)
      expect(edge === undefined).toBe(findings.some(({ severity }) => severity !== 'warning'))
      for (const { code, message, hint } of findings)
        expect(`${code} ${message} ${hint}`).not.toMatch(/undefined|\[object|NaN/)
    }),
    runs,
  )
})

test('twice gives the same, in whatever order the keys are', () => {
  fc.assert(
    fc.property(edgeCase, (input) => {
      const made = considerEdge(input)
      expect(considerEdge(structuredClone(input))).toEqual(made)
      expect(JSON.stringify(considerEdge(turned(input)).edge)).toBe(JSON.stringify(made.edge))
    }),
    runs,
  )
})

describe('routes', () => {
  test('every request has one answer: the last rule fits all, and every rule is one that can be met', () => {
    holds(({ sites }) => {
      for (const { rules } of sites) {
        expect(rules.at(-1)).toMatchObject({ path: { prefix: '/' } })
        expect(rules.at(-1)?.methods).toBeUndefined()
        const keys = rules.map(({ path, methods }: Rule) => JSON.stringify([path, methods]))
        expect(new Set(keys).size).toBe(keys.length)
        expect(rules.filter((rule, index) => rules.slice(0, index).some(hides(rule)))).toEqual([])
      }
    })
  })

  test('every answer is a back end that there is, and every back end is one', () => {
    holds(({ sites, backEnds }) => {
      const names = backEnds.map(({ name }) => name)
      const named = sites.flatMap(({ rules }) =>
        rules.flatMap(({ action }) => ('to' in action ? [action.to] : [])),
      )
      expect(new Set(named)).toEqual(new Set(names))
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) expect(name).toMatch(/^[\w.-]+$/)
      const answers = sites.flatMap((site) =>
        shapes.map(({ method, path }) => Object.keys(routeOf(site, method, path))),
      )
      expect(answers.filter(({ length }) => length !== 1)).toEqual([])
    })
  })

  test('no two sites have the same origin', () => {
    holds(({ sites }) => {
      const origins = sites.map(({ host, port }) => `${host}:${port}`)
      expect(new Set(origins).size).toBe(origins.length)
      for (const { host, port } of sites) {
        expect(host).toMatch(/^[a-z\d.-]+$|^\[[\da-f:]+\]$/)
        expect(port).toBeGreaterThan(0)
      }
    })
  })
})

describe('registries', () => {
  test('each has a site, and what is asked there is answered by its port', () => {
    holds(({ sites, registries, backEnds, tls }) => {
      for (const { apiUrl, repository, prefix, named } of registries) {
        const { hostname, port } = new URL(apiUrl)
        const usual = tls.ends === 'plain' ? 80 : 443
        const site = sites.find((one) => one.host === hostname && one.port === Number(port || usual))
        const action = site && routeOf(site, 'GET', `${new URL(apiUrl).pathname}/x/manifests/1`)
        const backEnd = backEnds.find(({ name }) => action && 'to' in action && name === action.to)
        expect(backEnd, `${repository} at ${apiUrl}`).toBeDefined()
        // By its name in the path, by its address on the main port, or by a port of its own.
        if (named && prefix !== '') expect(prefix).toBe(`${repository}/`)
      }
    })
  })

  test('a name of an image leads to one repository, but for the two behind one name', () => {
    holds(({ registries, routing, pull, push }) => {
      const places = new Map<string, string[]>()
      for (const { host, prefix, named, repository } of registries)
        if (named) places.set(`${host}/${prefix}`, [...(places.get(`${host}/${prefix}`) ?? []), repository])
      for (const repositories of places.values())
        if (repositories.length > 1) {
          expect(['namespace', 'method']).toContain(routing)
          expect(new Set(repositories)).toEqual(new Set([pull, push]))
        }
      const urls = registries.filter(({ named }) => !named).map(({ apiUrl }) => apiUrl)
      expect(new Set(urls).size).toBe(urls.length)
    })
  })
})

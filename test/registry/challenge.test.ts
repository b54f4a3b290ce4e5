import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Challenge, parseChallenges } from '../../src/registry/challenge.ts'

const letters = Array.from("abcXYZ019!#$%&'*+.^_`|~-")
const token = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 })
const text = fc.string({
  unit: fc.constantFrom(...letters, ' ', '"', '\\', ',', '=', ':', '/', '\t', 'ä'),
  maxLength: 12,
})
const space = fc.constantFrom('', ' ', '\t', '  ')
const token68 = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-._~+/')), minLength: 1, maxLength: 9 }),
    fc.constantFrom('', '=', '=='),
  )
  .map((parts) => parts.join(''))

/** A parameter as it may be written, with what it means. */
const parameter = fc
  .record({ name: token, value: text, quotes: fc.boolean(), before: space, after: space })
  .map(({ name, value, quotes, before, after }) => {
    const bare = /^[\w!#$%&'*+.^`|~-]+$/.test(value) && !quotes
    const written = bare ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
    return { name: name.toLowerCase(), value, written: `${name}${before}=${after}${written}` }
  })

/** A challenge as it may be written, with what it means. */
const challenge = fc.oneof(
  fc.record({ scheme: token, rest: token68 }).map(({ scheme, rest }) => ({
    written: `${scheme} ${rest}`,
    meant: { scheme: scheme.toLowerCase(), token68: rest, parameters: {} },
  })),
  fc
    .record({
      scheme: token,
      parameters: fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 4 }),
      comma: fc.constantFrom(',', ', ', ' ,', ',,', ', , '),
    })
    .map(({ scheme, parameters, comma }) => ({
      written: [scheme, parameters.map(({ written }) => written).join(comma)].join(' ').trimEnd(),
      meant: {
        scheme: scheme.toLowerCase(),
        parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
      },
    })),
)

describe('a WWW-Authenticate header', () => {
  it('is read as it was meant, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(challenge, { maxLength: 4 }),
        fc.constantFrom(',', ', ', ' , , '),
        (all, comma) => {
          const header = all.map(({ written }) => written).join(comma)
          expect(parseChallenges(header)).toEqual(all.map(({ meant }) => meant))
        },
      ),
      { numRuns: 500 },
    )
  })

  const hub =
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"'
  it.each<[string, Challenge[]]>([
    ['', []],
    [
      'BASIC realm="Sonatype Nexus Repository Manager"',
      [{ scheme: 'basic', parameters: { realm: 'Sonatype Nexus Repository Manager' } }],
    ],
    [
      hub,
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        },
      ],
    ],
    [
      `Negotiate, ${hub.slice(0, 43)}, Basic realm="a, b"`,
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'bearer', parameters: { realm: 'https://auth.docker.io/token' } },
        { scheme: 'basic', parameters: { realm: 'a, b' } },
      ],
    ],
    // Not by the grammar, and met in the wild.
    [
      'Bearer realm=https://host:5000/token,service=x',
      [{ scheme: 'bearer', parameters: { realm: 'https://host:5000/token', service: 'x' } }],
    ],
    ['Basic realm="a", realm="b"', [{ scheme: 'basic', parameters: { realm: 'a' } }]],
    ['=, ;, Basic realm="open', [{ scheme: 'basic', parameters: {} }]],
  ])('%s', (header, challenges) => {
    expect(parseChallenges(header)).toEqual(challenges)
  })

  it('of any length takes no time', () => {
    for (const piece of ['a', 'a=', 'a="', '"', '\\', ',', ' ', 'a b', 'a="\\', 'a=b,', 'a ,', '=']) {
      const start = performance.now()
      parseChallenges(`Bearer ${piece.repeat(16_384 / piece.length)}`)
      expect(performance.now() - start).toBeLessThan(250)
    }
  })
})

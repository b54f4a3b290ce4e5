import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isExclusion, neverMatches } from '../../src/core/names.ts'
import { loadText, placed } from '../config/load-text.ts'

describe('exclusions that Nexus takes and that exclude nothing', () => {
  test.each([
    ['.example.com', 'write "*.example.com", and "example.com" for that host itself'],
    ['registry.example.com:5000', 'write "registry.example.com"'],
    ['.example.com:8080', 'write "*.example.com", and "example.com" for that host itself'],
    ['*.corp:443', 'write "*.corp", and "corp" for that host itself'],
    ['10.0.0.1:3128', 'write "10.0.0.1"'],
    ['[::1]:8081', 'write "[::1]"'],
    ['localhost:*', 'write "localhost"'],
    [':8080', 'remove it'],
    ['müller.example', 'write "xn--mller-kva.example"'],
    ['*.müller.example', 'write "*.xn--mller-kva.example", and "xn--mller-kva.example" for that host itself'],
  ])('%s', async (exclusion, hint) => {
    const yaml = `httpProxy: {http: {host: proxy.corp, port: 3128}, exclude: [localhost, "${exclusion}"]}\n`
    expect(placed(await loadText(yaml))).toMatchObject([
      { severity: 'warning', code: 'idle-exclusion', path: 'httpProxy.exclude[1]', hint },
    ])
  })

  test.each([
    'localhost',
    'example.com',
    '*.example.com',
    '10.*',
    '*example*',
    '[::1]',
    '::1',
    'fe80::1',
    'under_score',
    '127.0.0.1',
  ])('%s is left alone', async (exclusion) => {
    expect(placed(await loadText(`httpProxy: {exclude: ["${exclusion}"]}\n`))).toEqual([])
  })

  /** As it was seen of real servers (nexus-api section 4): the host's name alone, ignoring case, as a whole. */
  const matches = (exclusion: string, host: string) =>
    new RegExp(`^${exclusion.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*?')}$`, 'i').test(host)

  test('what is told to exclude nothing matches no host, and what was meant can', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/)
    const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
    const spelling = fc.tuple(
      fc.constantFrom('', '.', '*.', '*'),
      host,
      fc.constantFrom('', ':80', ':', '.*'),
    )
    fc.assert(
      fc.property(spelling, fc.array(host, { minLength: 5 }), ([begin, name, end], hosts) => {
        const exclusion = begin + name + end
        const never = neverMatches(exclusion)
        const tried = [
          ...hosts,
          name,
          `x.${name}`,
          `x${name}`,
          `${name}.x`,
          `${name}x`,
          `x.${name}.x`,
          `x${name}.x`,
        ]
        if (!never)
          expect(
            tried.some((candidate) => matches(exclusion, candidate)),
            exclusion,
          ).toBe(true)
        else {
          expect(tried.filter((candidate) => matches(exclusion, candidate))).toEqual([])
          expect(isExclusion(never.meant) && neverMatches(never.meant) === undefined, never.meant).toBe(true)
        }
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { type Address, parseAddress } from '../../src/http/address.ts'

function outcomeOf(text: string): Address | UserError {
  try {
    return parseAddress(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

describe('a URL with credentials', () => {
  it.each<[url: string, base: string, username: string | undefined, password: string | undefined]>([
    ['http://host:8081', 'http://host:8081', undefined, undefined],
    ['HTTP://Host/nexus/', 'http://host/nexus', undefined, undefined],
    ['http://u:p@host:8081/nexus/#browse/welcome', 'http://host:8081/nexus', 'u', 'p'],
    ['https://u@host', 'https://host', 'u', undefined],
    ['https://:p@host', 'https://host', undefined, 'p'],
    ['https://u:@host', 'https://host', 'u', undefined],
    ['https://u:a%2Fb%40c@host', 'https://host', 'u', 'a/b@c'],
    ['https://u:50%off@host', 'https://host', 'u', '50%off'],
    ['https://u:50%öff@host', 'https://host', 'u', '50%öff'],
    ['https://u:p@ss@host', 'https://host', 'u', 'p@ss'],
    ['https://u:p:q@host', 'https://host', 'u', 'p:q'],
    ['https://u%:%@[::1]:8081/', 'https://[::1]:8081', 'u%', '%'],
  ])('%s', (url, base, username, password) => {
    const { secrets, ...rest } = parseAddress(url)
    expect(rest).toEqual({ base, ...(username && { username }), ...(password && { password }) })
    expect(secrets.includes(password ?? '')).toBe(password !== undefined)
  })

  it.each([
    'http://admin:p#s5/w0rd@host:9',
    'http://admin:Ab/cdEF12@host:9',
    'http://admin:12/cdEF12@host:9',
    'http://admin:p?cdEF12@host:9',
    'http://admin:p\\cdEF12@host:9',
    'http://admin:p cdEF12@host:9',
    'http:admin:cdEF12@host:9',
    'http:///admin:cdEF12@host:9',
    'ftp://admin:cdEF12@host',
    'admin:cdEF12@host',
    'http://admin:cdEF12@',
    'http://admin:cdEF12@host:port',
    'http://admin:cdEF12@ho st',
    'http://admin:cdEF12',
    'http://admin:s5/cdEF12',
    'http://admin:cdEF12:8081',
    'http://admin:cdEF12＠host',
    'admin:cdEF12',
  ])('%s is refused, and nothing of it is quoted', (url) => {
    const error = outcomeOf(url)
    expect(error).toMatchObject({ code: 'invalid-url', exitCode: 3 })
    const { message, hint = '' } = error as UserError
    for (const part of ['admin', 'cdEF12', 'w0rd', 's5']) expect(message + hint).not.toContain(part)
  })
})

test('whatever stands in front of the host: it is used, or refused without a word of it', () => {
  const odd = fc.constantFrom('%', '/', '#', '?', '@', ':', '\\', '%2', '%zz', ' ', 'ü', '[', ']', '\t', '&')
  const secret = fc.string({ unit: fc.constantFrom('Q', 'Z'), minLength: 6, maxLength: 6 })
  const password = fc
    .array(fc.oneof(odd, secret), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(password, password, (user, word) => {
      const outcome = outcomeOf(`http://${user}:${word}@host:8081/nexus`)
      if (outcome instanceof UserError) {
        expect(outcome.exitCode).toBe(3)
        expect(outcome.message + (outcome.hint ?? '')).not.toMatch(/[QZ]{3}/)
        return
      }
      expect(outcome.base).toBe('http://host:8081/nexus')
    }),
    { numRuns: 2000 },
  )
})

test('credentials that are encoded come out as they were meant', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1 }), (user, word) => {
      const url = `http://${encodeURIComponent(user)}:${encodeURIComponent(word)}@host`
      expect(parseAddress(url)).toMatchObject({ base: 'http://host', username: user, password: word })
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/core/redact.ts'

const SECRET = 'p+ä$ "s/w\\o=?&rd'

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor()
  for (const secret of secrets) redactor.add(secret)
  return redactor
}

describe('a secret', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const SPELLINGS: Record<string, string> = {
    'as it is': SECRET,
    'percent-encoded': encodeURIComponent(SECRET),
    'percent-encoded in lower case': encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase()),
    'in a whole URL': encodeURI(SECRET),
    'in a form': new URLSearchParams({ a: SECRET }).toString().slice(2),
    'in JSON': JSON.stringify(SECRET).slice(1, -1),
    'in JSON with escaped slashes': JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/'),
    'in JSON as ASCII': JSON.stringify(SECRET).slice(1, -1).replace('ä', '\\u00e4'),
    'in base64': base64(SECRET),
    'in base64url': Buffer.from(SECRET).toString('base64url'),
  }
  for (const [name, spelling] of Object.entries(SPELLINGS)) {
    it(`is hidden ${name}`, () => {
      expect(redactorOf(SECRET).redact(`before ${spelling} after`)).toBe('before *** after')
    })
  }

  it('is hidden in base64 wherever it begins', () => {
    const redactor = redactorOf('canary-secret-value')
    for (const before of ['', 'a', 'ab', 'abc', 'admin:']) {
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const text = base64(`${before}canary-secret-value${after}`)
        const shown = redactor.redact(text).replace('***', '')
        expect(redactor.redact(text)).toContain('***')
        // At most the characters that share bits with a neighbour are left.
        expect(shown.length).toBeLessThanOrEqual(base64(before).length + base64(after).length + 4)
        expect(Buffer.from(shown, 'base64').toString()).not.toContain('canary')
      }
    }
  })

  it('is hidden whole as Basic credentials when the pair is added', () => {
    const redactor = redactorOf('secret1', 'admin:secret1')
    expect(redactor.redact(`Basic ${base64('admin:secret1')}`)).toBe('Basic ***')
  })

  it('is hidden line by line where it has lines, and without the space around it', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n'
    expect(redactorOf(key).redact('  key: |\n    MIIEvQIBADANBgkq\n    hkiG9w0BAQEFAASC')).toBe(
      '  key: |\n    ***',
    )
    expect(redactorOf('token-value\n').redact('<token-value>')).toBe('<***>')
  })

  it('is left alone in free text when it is shorter than eight characters, and known as a whole', () => {
    const redactor = redactorOf('abcdefg', '', '1')
    expect(redactor.redact('abcdefg 1 and 8081')).toBe('abcdefg 1 and 8081')
    expect(['abcdefg', '1', '', 'abcdef'].map((text) => redactor.isSecret(text))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('is taken as text, not as a pattern', () => {
    expect(redactorOf('a.c*(d+]', '[x-z]{2}').redact('abccccd+ a.c*(d+] [x-z]{2} y')).toBe(
      'abccccd+ *** *** y',
    )
  })
})

describe('several secrets', () => {
  it('that overlap or contain each other leave nothing of either', () => {
    expect(redactorOf('abcdefgh', 'efghijkl').redact('xabcdefghijklx')).toBe('x***x')
    expect(redactorOf('abcdefgh', 'abcdefghij').redact('abcdefghij abcdefgh')).toBe('*** ***')
    expect(redactorOf('cdefghij', 'abcdefghijkl').redact('abcdefghijkl')).toBe('***')
    expect(redactorOf('aaaaaaaa').redact('baaaaaaaaaab')).toBe('b***b')
  })

  it('may be added at any time', () => {
    const redactor = redactorOf('first-secret')
    expect(redactor.redact('first-secret second-secret')).toBe('*** second-secret')
    redactor.add('second-secret')
    expect(redactor.redact('first-secret second-secret')).toBe('*** ***')
  })

  it('never survive, whatever they are made of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 8, unit: 'binary' }), { minLength: 1, maxLength: 4 }),
        fc.string(),
        (secrets, noise) => {
          const redactor = redactorOf(...secrets)
          for (const secret of secrets.filter((one) => !one.includes('*'))) {
            expect(redactor.redact(noise + secret + noise)).not.toContain(secret)
            expect(redactor.redact(JSON.stringify({ [noise]: secret }))).not.toContain(
              JSON.stringify(secret).slice(1, -1),
            )
          }
        },
      ),
    )
  })

  it('cost one pass: a megabyte with fifty secrets in well under a second', () => {
    const redactor = redactorOf(...Array.from({ length: 50 }, (_, index) => `canary-${index}-secret-value`))
    const text = 'the quick brown canary-fox jumps over 8081 lazy dogs {"a":"b"}\n'.repeat(16_000)
    redactor.redact('')
    const start = performance.now()
    expect(redactor.redact(text)).toBe(text)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

it('without secrets, text comes back as it is', () => {
  expect(createRedactor().redact('plain')).toBe('plain')
})

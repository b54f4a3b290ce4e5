// What --verbose and --debug print of one request. Bodies are data: what is secret is known by its place, whatever its length.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain } from '../../../src/core/paint.ts'
import { createRedactor } from '../../../src/core/secrets/redact.ts'
import type { RequestEvent } from '../../../src/http/options.ts'
import { kinds } from '../../../src/resources/index.ts'
import { traceRequest } from '../../../src/run/server/trace.ts'
import type { Terminal } from '../../../src/ui/terminal.ts'
import { hostileTexts, rawControls } from '../../helpers/hostile/hostile.ts'

const flags = { timeout: 1, parallelism: 1, debug: true }

function traced(event: Partial<RequestEvent>, ...secrets: string[]): string {
  const lines: string[] = []
  const redactor = createRedactor()
  for (const secret of secrets) redactor.add(secret)
  const terminal = {
    redactor,
    errPaint: plain,
    err: (text: string) => lines.push(text),
  } as unknown as Terminal
  traceRequest(
    { method: 'PUT', path: '/x', milliseconds: 1.4, attempt: 1, status: 200, ...event },
    flags,
    terminal,
  )
  return lines.join('\n')
}

const wireNames = kinds.all.flatMap(({ fields }) =>
  Object.values(fields)
    .filter(({ options }) => options.secret)
    .map(({ wire }) => wire.split('.').at(-1) ?? ''),
)
const names = [
  ...new Set(wireNames),
  'httpAuthPassword',
  'httpsAuthPassword',
  'bindPassword',
  'apiToken',
  'clientSecret',
  'accountKeySecret',
]

describe('a body', () => {
  it('hides what stands under the name of a secret, anywhere, whatever its length', () => {
    const secret = fc.string({ unit: fc.constantFrom('¤', '¢', '£', '¥'), minLength: 1, maxLength: 4000 })
    const inside = (value: unknown, path: readonly (string | number)[]): unknown =>
      path.reduceRight<unknown>(
        (inner, step) => (typeof step === 'number' ? [1, inner] : { [step]: inner, online: true }),
        value,
      )
    const path = fc.array(fc.oneof(fc.constantFrom('data', 'authInfo', 'attributes'), fc.nat()), {
      maxLength: 4,
    })
    const shapes = [
      (text: string) => text,
      (text: string) => [text, { value: text }],
      (text: string) => ({ a: text }),
    ]
    fc.assert(
      fc.property(
        secret,
        path,
        fc.constantFrom(...names),
        fc.constantFrom(...shapes),
        (text, above, name, shape) => {
          const body = inside({ [name]: shape(text) }, above)
          for (const event of [{ requestBody: body }, { responseBody: body }]) {
            const shown = traced(event)
            expect(shown).not.toMatch(/[¤¢£¥]/)
            expect(shown).toContain('"***"')
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('hides a known secret as a value, however short, and inside a text from eight characters on', () => {
    const body = {
      message: 'no: long-secret',
      url: 'https://u:pw@h/x',
      name: 'q7z',
      list: ['q7z'],
      word: 'xq7zx',
    }
    expect(traced({ responseBody: body }, 'q7z', 'long-secret')).toBe(
      'PUT /x 200 1 ms\n  < {"message":"no: ***","url":"https://u:***@h/x","name":"***","list":["***"],"word":"xq7zx"}',
    )
  })

  it('is hidden before it is shortened', () => {
    const secret = 'abcdefghijklmnopqrstuvwxyz'.repeat(150)
    for (const place of [0, 1900, 1990, 1999, 5000]) {
      const shown = traced({ responseBody: { text: `${'-'.repeat(place)}${secret}` } }, secret)
      expect(shown).not.toMatch(/abcd|wxyz/)
      expect(shown.length).toBeLessThan(2100)
    }
  })

  it('that is text is hidden whole in a request, and read as text in an answer', () => {
    expect(traced({ requestBody: 'pw', responseBody: 'pw' }, 'pw')).toBe('PUT /x 200 1 ms\n  > ***\n  < ***')
    expect(traced({ responseBody: 'Password &quot;long&#45;secret&quot;\nis weak' }, 'long-secret')).toBe(
      'PUT /x 200 1 ms\n  < Password &quot;***&quot; is weak',
    )
  })

  it('shows what is no secret', () => {
    const body = {
      forceBasicAuth: false,
      httpPort: 8082,
      passwordExpirationDays: 30,
      password: 12,
      token: null,
      name: 'a',
      secret: true,
    }
    expect(traced({ requestBody: body })).toBe(
      'PUT /x 200 1 ms\n  > {"forceBasicAuth":false,"httpPort":8082,"passwordExpirationDays":30,"password":"***","token":null,"name":"a","secret":true}',
    )
  })

  it('does not tell the length of a secret', () => {
    const lengths = [1, 9, 100, 3000].map((length) =>
      traced({ requestBody: { password: 'x'.repeat(length), rest: 'y'.repeat(3000) } }),
    )
    expect(new Set(lengths).size).toBe(1)
  })

  it('costs no more than is shown of it', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 5000; depth++) deep = [deep]
    const bodies = [
      'x'.repeat(30_000_000),
      { a: 'x'.repeat(30_000_000) },
      Array.from({ length: 1_000_000 }, () => []),
      Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`key${index}`, index])),
      deep,
    ]
    const start = performance.now()
    for (const responseBody of bodies)
      expect(traced({ responseBody }, 'some-secret').length).toBeLessThan(2100)
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  it('holds no raw control', () => {
    for (const text of hostileTexts)
      for (const event of [
        { responseBody: text },
        { responseBody: { [text]: [text] } },
        { error: text },
        { path: text },
      ]) {
        const shown = traced(event)
        expect(rawControls(shown)).toEqual([])
        expect(shown.split('\n').length).toBeLessThanOrEqual(2)
      }
  })
})

it('an address hides a known secret, and what a query says to be one', () => {
  expect(traced({ path: '/a?token=abc&x=1&password=q' })).toBe('PUT /a?token=***&x=1&password=*** 200 1 ms')
  expect(traced({ path: '/users/se%63ret-value' }, 'secret-value')).toBe('PUT /users/*** 200 1 ms')
})

// What a server says is read in time that is proportional to its length: 64 KiB of anything, by every rule.
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/http/address.ts'
import { redirectTarget } from '../../src/http/redirect.ts'
import { retryAfter, retryDelay } from '../../src/http/retry.ts'
import { readComplaints } from '../../src/nexus/errors/error-body.ts'
import { explainAnswer } from '../../src/nexus/errors/explain.ts'
import { NEXUS as NEXUS_SERVICE } from '../../src/nexus/identity.ts'
import { mayRepeat } from '../../src/nexus/repeat.ts'
import { isSignInLimit, verdictOf } from '../../src/nexus/sign-in/verdict.ts'
import { parseServerHeader } from '../../src/nexus/version.ts'

const SIZE = 64 * 1024
const fill = (piece: string, size = SIZE): string =>
  piece.repeat(Math.ceil(size / piece.length)).slice(0, size)

const PIECES = [
  ' ',
  '\n',
  ' \n',
  '\r\n\t ',
  '.',
  '. ',
  '"',
  '\\"',
  "'",
  '{',
  '{a.b',
  '[',
  '[a',
  '(ID ',
  '(ID a',
  'ERROR: (ID 1) ',
  '<',
  '<title',
  '<title>',
  '<title>a',
  '<h1',
  '</title',
  "ValidationErrorXO{id='",
  "ValidationErrorXO{id='a', message='",
  "', message='",
  'attributes',
  '.attributes[',
  'PARAMETER ',
  'HelperBean.',
  'too many authentication attempt',
  'realm="',
  'realm=',
  'Nexus/3.90.0-',
  'Nexus/3.',
  '1',
  '9.',
  'a',
  'é',
  '\u2028',
  '%',
  '/',
  '@',
]

/** Texts that begin like something and go on for ever, alone, in a JSON string, in a list, as a page. */
const bodies = PIECES.flatMap((piece) => {
  const text = fill(piece)
  return [
    text,
    `${text}x`,
    `a${text}`,
    `"${text}"`,
    JSON.stringify({ id: '*', message: `a${text}x` }),
    JSON.stringify({ id: text, message: 'no' }),
    JSON.stringify(Array.from({ length: 5000 }, (_, index) => ({ id: piece, message: `${piece}${index}` }))),
    `<html><title>${text}</title></html>`,
    `<html>${text}</title></html>`,
    `ValidationErrorXO{id='a', message='${text}'}`,
  ]
})

const situation = {
  request: { method: 'GET', path: '/service/rest/v1/x', what: 'list' },
  base: 'http://host:8081',
  username: 'admin',
} as const

/** A quiet machine needs a thousandth of it for a body; a quadratic pattern needs seconds for one. */
const LONGEST_MS = 1000

function timed<T>(work: () => T): T {
  const start = performance.now()
  const result = work()
  expect(performance.now() - start).toBeLessThan(LONGEST_MS)
  return result
}

describe('an error body', () => {
  const statuses = [400, 401, 403, 404, 409, 429, 500, 503]

  it.each(statuses)('of %i', (status) => {
    for (const [index, text] of bodies.entries()) {
      // Each body is of either type, with every second status.
      const type = (index + statuses.indexOf(status)) % 2 === 0 ? 'application/json' : 'text/html'
      const answer = { status, headers: { 'content-type': type }, text, bytes: Buffer.alloc(0) }
      const error = timed(() => explainAnswer(answer, situation))
      expect(error.message.length).toBeLessThan(20_000)
      expect(error.message).not.toMatch(/[\r\n]/)
    }
  })

  it('read into complaints keeps what it said', () => {
    const before = `a${fill(' ', 400)}b`
    for (const body of [before, JSON.stringify({ message: before }), `"${before}"`])
      expect(readComplaints('text/plain', body)).toMatchObject([{ message: before }])
    expect(readComplaints('text/plain', "ValidationErrorXO{id='a', message='b', message='c'}")).toMatchObject(
      [{ id: 'a', message: "b', message='c" }],
    )
    expect(
      readComplaints('text/html', '<title lang="en"> a <b>b</b>\n c</title><title>d</title>'),
    ).toMatchObject([{ message: 'a b c' }])
    expect(readComplaints('text/plain', ' a \r\n\r\n  b\n')).toMatchObject([{ message: 'a; b' }])
  })
})

describe('headers', () => {
  const names = ['server', 'www-authenticate', 'retry-after', 'location', 'x-siesta-faultid', 'content-type']

  it.each(names)('%s', (name) => {
    for (const piece of PIECES) {
      // Node takes 16 KiB of headers.
      const value = fill(piece, 16 * 1024)
      for (const text of [
        value,
        `Nexus/3.90.0-${value}`,
        `BASIC realm="${value}`,
        `http://host:8081/${value}`,
      ]) {
        for (const status of [302, 401, 429, 503]) {
          const answer = { status, headers: { [name]: text }, text: '', bytes: Buffer.alloc(0) }
          const context = {
            request: situation.request,
            attempt: 1,
            retries: 4,
            reached: true,
            unproven: false,
          }
          timed(() => {
            parseServerHeader(text)
            isSignInLimit(answer)
            verdictOf(answer, '/x')
            retryDelay({ answer }, context)
            mayRepeat({ answer }, true, context)
            try {
              redirectTarget(answer, new URL('http://host:8081/service/rest/v1/x'), 0, {
                ...situation,
                service: NEXUS_SERVICE,
              })
            } catch (error) {
              expect((error as Error).message.length).toBeLessThan(1000)
            }
          })
          const { message, hint = '' } = timed(() => explainAnswer(answer, situation))
          expect((message + hint).length).toBeLessThan(2000)
        }
      }
    }
  })

  it.each<[value: string | undefined, milliseconds: number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['7', 7000],
    [' 7 ', 7000],
    ['0', 0],
    ['-1', undefined],
    ['1e3', undefined],
    ['7.5', undefined],
    ['0x10', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['9'.repeat(400), undefined],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [`Thu${' '.repeat(9000)}, 01 Jan 1970 00:00:00 GMT`, undefined],
    ['7, 9', undefined],
  ])('Retry-After %#', (value, milliseconds) => {
    expect(retryAfter({ headers: { 'retry-after': value } })).toBe(milliseconds)
  })
})

it('a URL', () => {
  for (const piece of PIECES)
    for (const text of [fill(piece), `http://${fill(piece)}`, `http://u:${fill(piece)}@host`])
      timed(() => {
        try {
          parseAddress(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-url' })
        }
      })
})

import { expect, test } from 'vitest'
import { joinStretches } from '../../src/core/secrets/redact.ts'
import { urlCredentials, withoutUrlPasswords } from '../../src/core/secrets/url-credentials.ts'

const hidden = (line: string) =>
  joinStretches(urlCredentials(line)).map(({ start, end }) => line.slice(start, end))

test.each([
  ['url: https://user:password@host', ['password']],
  ['url: https://user:pass:word@host', ['pass:word']],
  ['url: https://token@host', ['token']],
  ['two: [https://a:one@x, https://b:two@y]', ['one@x, https://b:two']],
  // No URLs, but perhaps meant as one.
  ['url: http:/user:password@host', ['password']],
  ['url: http:\\\\user:password@host', ['password']],
  ['x: user:password@host', ['password']],
  ['url: https://user:password', ['password']],
  ['url: https://user:p4ss/word', ['p4ss/word']],
  // What holds none stays as it is.
  ['mail: me@example.com', []],
  ['a@b: c:d', []],
  ['url: https://host:8081/x', []],
  ['url: https://host:8081', []],
  ['members: [one, two]', []],
])('%s', (line, expected) => {
  expect(hidden(line)).toEqual(expected)
})

test('a sentence stays readable', () => {
  expect(withoutUrlPasswords('cannot read https://user:password@host/x: no')).toBe(
    'cannot read https://user:***@host/x: no',
  )
  expect(withoutUrlPasswords('me@example.com: no')).toBe('me@example.com: no')
})

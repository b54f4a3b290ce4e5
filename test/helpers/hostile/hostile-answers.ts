import type { Socket } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'

/** One answer, as it goes over the wire; after it the connection stays open, is closed or is reset. */
export interface HostileAnswer {
  pieces: Buffer[]
  end: 'open' | 'close' | 'reset'
}

const statuses = fc.oneof(
  fc.constantFrom(
    200,
    200,
    200,
    201,
    204,
    205,
    301,
    302,
    304,
    307,
    400,
    401,
    402,
    403,
    404,
    405,
    407,
    409,
    413,
    415,
  ),
  fc.constantFrom(429, 500, 502, 503, 504, 100, 101, 102, 103, 150, 199, 999, 0, 99, 1000),
)

const JSON_TYPE = 'application/json'

const headerLines = fc.constantFrom(
  'Server: Nexus/3.90.0-01 (COMMUNITY)',
  'Server: Nexus/999999999999999999999.1.1 (PRO)',
  'Server: nginx',
  `Server: ${'a'.repeat(9000)}`,
  `Content-Type: ${JSON_TYPE}`,
  'Content-Type: text/html; charset=utf-16',
  'Content-Type: text/plain',
  'Content-Type: \u00ff\u0080',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Content-Encoding: deflate',
  'Content-Encoding: gzip, gzip',
  'Content-Encoding: none-such',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Content-Length: 5',
  'Content-Length: 99999999999',
  'Content-Length: -1',
  'Content-Length: 5\r\nContent-Length: 7',
  'Connection: close',
  'Connection: Upgrade\r\nUpgrade: websocket',
  'Location: /elsewhere',
  'Location: http://[',
  'Location: http://u:p@other.invalid/\u009b',
  'Location: //',
  `Location: /${'a/'.repeat(4000)}`,
  'Retry-After: 0',
  'Retry-After: 1',
  'Retry-After: 99999999999999999999',
  'Retry-After: Thu, 01 Jan 1970 00:00:00 GMT',
  'Retry-After: \u0085',
  'WWW-Authenticate: Basic realm="',
  'WWW-Authenticate: BASIC realm="Sonatype Nexus Repository Manager"',
  'Docker-Distribution-Api-Version: registry/2.0',
  'X-Siesta-FaultId: 1-\u009b2J',
  `X-Long: ${'x'.repeat(20_000)}`,
  'no colon here',
  ': no name',
  'Set-Cookie: a=b\r\nSet-Cookie: c=d',
  'Trailer: x',
)

const pieceOf = fc.constantFrom(
  ' ',
  '\n',
  '{',
  '[',
  '"',
  '<title',
  '(ID ',
  '\u0000',
  '\ud800',
  '\u001b[2J',
  'null,',
  '\\u',
)

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    'true',
    '0',
    '""',
    '{}',
    '[]',
    '[{}]',
    '[null]',
    '{"id":"*","message":"no"}',
    '{"a":',
    '[1,2',
  ),
  fc.constantFrom(
    '<html><title>Sign in</title></html>',
    '<!doctype html>',
    "ValidationErrorXO{id='a', message='",
  ),
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.tuple(pieceOf, fc.integer({ min: 1, max: 30_000 })).map(([piece, count]) => piece.repeat(count)),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
)

const bodies = fc.oneof(
  texts.map((text) => Buffer.from(text)),
  texts.map((text) => Buffer.from(text, 'utf16le')),
  texts.map((text) => gzipSync(text)),
  texts.map((text) => deflateSync(text)),
  texts.map((text) => gzipSync(text).subarray(0, 15)),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
)

/** How the body is announced: rightly, as chunks, as damaged chunks, as too much, or not at all. */
const framings = fc.constantFrom<(body: Buffer) => [header: string, body: Buffer]>(
  (body) => [`Content-Length: ${body.length}\r\n`, body],
  (body) => [`Content-Length: ${body.length}\r\n`, body],
  (body) => [`Content-Length: ${body.length + 9}\r\n`, body],
  (body) => [
    'Transfer-Encoding: chunked\r\n',
    Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]),
  ],
  (body) => ['Transfer-Encoding: chunked\r\n', Buffer.concat([Buffer.from('zz\r\n'), body])],
  (body) => ['', body],
)

/** Answers of every kind: status, headers, encodings and bodies, whole, cut off, in pieces, after another one, or nothing like HTTP. */
export const hostileAnswers: fc.Arbitrary<HostileAnswer> = fc
  .record({
    status: statuses,
    version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', 'ICY'),
    headers: fc.array(headerLines, { maxLength: 4 }),
    framing: framings,
    body: bodies,
    before: fc.constantFrom(
      '',
      '',
      '',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early\r\nLink: a\r\n\r\n',
      'HTTP/1.1 150 Odd\r\n\r\n',
      '\u0015\u0003\u0001',
      'SSH-2.0-x\r\n',
    ),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
    split: fc.double({ min: 0, max: 1, noNaN: true }),
    end: fc.constantFrom('close', 'close', 'close', 'open', 'reset'),
  })
  .map(({ status, version, headers, framing, body, before, cut, split, end }) => {
    const [framed, content] = framing(body)
    const lines = headers.map((line) => `${line}\r\n`).join('')
    const head = Buffer.from(`${before}${version} ${status} Some Reason\r\n${lines}${framed}\r\n`, 'latin1')
    const whole = Buffer.concat([head, content])
    const sent = whole.subarray(0, Math.ceil(whole.length * (cut ?? 1)))
    const at = Math.floor(sent.length * split)
    return { pieces: [sent.subarray(0, at), sent.subarray(at)], end }
  })

/** Sends the pieces one by one. */
export function sendHostile(socket: Socket, { pieces, end }: HostileAnswer): void {
  const [piece, ...rest] = pieces
  if (piece !== undefined) {
    socket.write(piece, () => setImmediate(() => sendHostile(socket, { pieces: rest, end })))
    return
  }
  if (end === 'close') socket.end()
  if (end === 'reset') socket.resetAndDestroy()
}

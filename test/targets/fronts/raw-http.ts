// HTTP as it goes over the wire: a client library would normalise the paths that matter here.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface RawRequest {
  /** Where the front listens on the loopback address. */
  port: number
  /** PEM of the authority that the front's certificate has to come from; undefined: plain http. */
  ca?: string | undefined
  /** The name that TLS is asked for; default: that of `Host`. */
  servername?: string
  /** Default 1.1, which has to have `Host`. */
  version?: '1.0'
  method: string
  /** As it is sent, byte for byte. */
  target: string
  headers: Record<string, string>
  body?: Buffer
  /** Sent in two chunks without Content-Length, the second one when this says so. */
  chunked?: { first: string; rest: string; when: Promise<unknown> }
  /** Called when the first bytes of the body are there. */
  onBody?: () => void
}

export interface RawAnswer {
  status: number
  /** Names in small letters. */
  headers: Record<string, string>
  body: Buffer
}

/** One request on a connection of its own. */
export function exchange(request: RawRequest): Promise<RawAnswer> {
  const { port, ca, method, target, headers, body, chunked, onBody, version = '1.1' } = request
  return new Promise((done, fail) => {
    const { servername = (headers['Host'] ?? '').replace(/:\d+$/, '') } = request
    const socket = ca === undefined ? connect(port, '127.0.0.1') : connectTls({ port, ca, servername })
    const parts: Buffer[] = []
    socket.setTimeout(5000, () => socket.destroy(new Error(`${method} ${target}: no answer in 5 s`)))
    socket.on('error', fail)
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      if (onBody && Buffer.concat(parts).toString('latin1').split('\r\n\r\n')[1]) onBody()
    })
    socket.on('close', () => {
      const bytes = Buffer.concat(parts)
      const answer = parse(bytes)
      if (answer) done(answer)
      else fail(new Error(`${method} ${target}: the connection ended after "${bytes.toString('latin1')}"`))
    })
    const length = body ? { 'Content-Length': String(body.length) } : {}
    const coding = chunked ? { 'Transfer-Encoding': 'chunked' } : length
    const lines = Object.entries({ ...headers, ...coding, Connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    socket.write(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`)
    if (body) socket.write(body)
    if (chunked) {
      socket.write(chunk(chunked.first))
      void chunked.when.then(() => socket.write(`${chunk(chunked.rest)}${chunk('')}`))
    }
  })
}

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

function parse(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1])
  if (end < 0 || Number.isNaN(status)) return undefined
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const rest = bytes.subarray(end + 4)
  return { status, headers, body: headers['transfer-encoding'] === 'chunked' ? dechunk(rest) : rest }
}

function dechunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const line = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16)
    if (line < 0 || !(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 4 + size
  }
}

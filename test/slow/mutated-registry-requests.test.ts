// Ten thousand wrong requests at the connector of a repository, some cut off: an answer or a closed connection, nothing broken stored,
// nothing left open.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import {
  digestOf,
  hostedRegistry,
  manifestOf,
  ociIndex,
  ociManifest,
  pushImage,
} from '../sandbox/docker/hosted-registry.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const requests = 10_000
const atOnce = 16

const layer = 'layer'
const manifest = manifestOf('{"os":"linux"}', layer)
const digests = [digestOf(layer), digestOf('other'), digestOf(manifest), digestOf('')]
const mutated = (text: string) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(text) },
    fc.tuple(fc.nat(text.length), fc.string({ maxLength: 4 })).map(([at, more]) => {
      return text.slice(0, at) + more + text.slice(at + more.length)
    }),
    fc.nat(text.length).map((at) => text.slice(0, at)),
    fc.constantFrom('%', '%2F', '%00', '..', '../..', '-', 'A'.repeat(5000), '\u00e9'),
  )
const oneOf = (...texts: string[]) => fc.constantFrom(...texts).chain(mutated)

/** What the ids of uploads that were started are put for. */
const uploadId = '<upload>'
const target = fc.oneof(
  fc.tuple(
    oneOf('GET', 'HEAD'),
    oneOf('/v2/', '/v2', '/v2/token', '/v2/_catalog?n=1', '/', '/v2/a/tags/list?n=1&last=1', '/v2/-/blobs/x'),
  ),
  fc.tuple(
    oneOf('GET', 'HEAD', 'GET', 'DELETE'),
    fc
      .tuple(oneOf('a', 'team/app'), oneOf(...digests))
      .map(([name, digest]) => `/v2/${name}/blobs/${digest}`),
  ),
  fc.tuple(
    oneOf('GET', 'HEAD', 'PUT', 'PUT', 'DELETE'),
    fc
      .tuple(oneOf('a', 'b'), oneOf('1', 'latest', ...digests))
      .map(([name, ref]) => `/v2/${name}/manifests/${ref}`),
  ),
  fc.tuple(
    oneOf('POST'),
    fc
      .tuple(oneOf('?digest=', '?x=', '?from=a&mount='), oneOf(...digests))
      .map(([query, digest]) => `/v2/a/blobs/uploads/${query}${digest}`),
  ),
  fc.tuple(
    oneOf('PATCH', 'PUT', 'PUT', 'GET', 'DELETE'),
    oneOf(...digests).map((digest) => `/v2/a/blobs/uploads/${uploadId}?digest=${digest}`),
  ),
  fc.tuple(oneOf('OPTIONS', 'TRACE', 'BREW', 'PATCH'), oneOf('/v2/a/manifests/1', '/v2/', '*')),
)
const header = fc.oneof(
  oneOf('Range: bytes=0-1', 'Range: bytes=9-', 'Range: bytes=-0', 'Range: bytes=1-0,2-3'),
  oneOf('Content-Range: 0-4', 'Content-Range: 5-9', 'Content-Range: 99999999999999999999-0'),
  oneOf('Accept: */*', 'Accept: text/plain', 'Expect: 100-continue', 'X-Forwarded-Host: a:1'),
  oneOf('Content-Type: application/json', 'Transfer-Encoding: chunked', 'Host: ', 'Cookie: NXSESSIONID=x'),
)
const login = oneOf(`Authorization: Basic ${Buffer.from('admin:admin123').toString('base64')}`)
const body = fc.oneof(
  oneOf(
    layer,
    'other',
    '',
    manifest,
    '{"manifests":[{"digest":null}]}',
    '{"config":{},"layers":[null]}',
    'null',
  ),
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
)
const request = fc.record({
  target,
  login,
  type: oneOf(...[ociManifest, ociIndex].map((type) => `Content-Type: ${type}`)),
  headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(header, { maxLength: 2 })),
  body,
  /** How much longer or shorter the body is said to be. */
  lie: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 5, -2),
  /** After which part of the request the client goes away. */
  cut: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    fc.double({ min: 0.1, max: 1, noNaN: true }),
  ),
})
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

function textOf(
  { target: [method, path], login: who, type, headers, body: sent, lie }: Request,
  id: string,
): Buffer {
  const length = `Content-Length: ${Math.max(0, sent.length + lie)}`
  const lines = [`${method} ${path.replace(uploadId, id)} HTTP/1.1`, 'Host: x', who, type, length, ...headers]
  return Buffer.from(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${sent}`, 'latin1')
}

/** Sends bytes and answers what came back until the connection ended; one that waits for more than is sent is closed. */
function exchange(port: number, bytes: Buffer, cut: number | undefined): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      if (cut === undefined) socket.write(bytes)
      else socket.write(bytes.subarray(0, Math.ceil(bytes.length * cut)), () => socket.destroy())
    })
    socket.setTimeout(500, () => socket.destroy())
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () =>
      resolve(
        Buffer.concat(chunks)
          .toString('latin1')
          .replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, ''),
      ),
    )
  })
}

const openFiles = () => readdirSync('/proc/self/fd').length

it.runIf(existsSync('/proc/self/fd'))(
  '10,000 mutated requests at a connector',
  { timeout: 600_000 },
  async () => {
    console.log(`seed: ${seed}`)
    const dataDirectory = mkdtempSync(join(tmpdir(), 'nexus-docker-mutated-'))
    onTestFinished(() => rmSync(dataDirectory, { recursive: true }))
    const registry = await hostedRegistry('3.90.0', {}, { dataDirectory })
    const port = Number(new URL(registry.base).port)
    await pushImage(registry, 'a', '1')
    const before = openFiles()

    const statuses = new Map<string, number>()
    let id = ''
    async function send(one: Request): Promise<void> {
      const answer = await exchange(port, textOf(one, id), one.cut)
      id = /^docker-upload-uuid: (\S+)/im.exec(answer)?.[1] ?? id
      const status = answer === '' ? 'closed' : (/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'no HTTP')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      // a fault of ours is told as `ERROR: (ID …)`
      if (status === '500' || status === 'no HTTP') throw new Error(`${JSON.stringify(one)} → ${answer}`)
    }
    const all = fc.sample(request, { numRuns: requests, seed })
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let one = all.pop(); one; one = all.pop()) await send(one)
      }),
    )
    console.log(Object.fromEntries([...statuses].toSorted()))

    for (const status of ['200', '201', '202', '204', '400', '401', '404', '416', 'closed'])
      expect(statuses.get(status) ?? 0, status).toBeGreaterThan(10)
    expect((await registry.ask('GET', '/v2/')).status).toBe(200)
    await delay(1000)
    expect(openFiles()).toBeLessThan(before + 5)
    await registry.sandbox.close()
    const images = join(dataDirectory, 'sandbox-images')
    const files = readdirSync(images, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const content = files.filter(({ name }) => name !== 'content.json')
    expect(content.length).toBeGreaterThan(0)
    for (const { name, parentPath } of content)
      expect(
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ).toBe(name)
  },
)

// One large layer into a registry and out of it, with nothing but Node's own HTTP: what the client costs is the same for every server.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const block = 2 ** 20

/** A layer of `size` bytes that is made while it is sent: its digest and, as often as wanted, its content. */
export function largeLayer(size) {
  const first = randomBytes(block)
  const filling = randomBytes(block)
  function* content() {
    for (let sent = 0; sent < size; sent += block)
      yield (sent === 0 ? first : filling).subarray(0, size - sent)
  }
  const hash = createHash('sha256')
  for (const part of content()) hash.update(part)
  return {
    digest: `sha256:${hash.digest('hex')}`,
    size,
    content: () => Readable.from(content(), { objectMode: false }),
  }
}

/** @param {import('node:http').RequestOptions & { url: string | URL, body?: Readable }} options */
async function ask({ url, body, ...options }) {
  const call = request(url, options)
  const answered = once(call, 'response')
  // A server that answers before it has read everything ends the pipe; its answer says why.
  if (body === undefined) call.end()
  else await pipeline(body, call).catch(() => undefined)
  const [response] = await answered
  return /** @type {import('node:http').IncomingMessage} */ (response)
}

async function expectStatus(response, status) {
  if (response.statusCode === status) return response
  const parts = []
  for await (const part of response) parts.push(part)
  throw new Error(`${response.statusCode} instead of ${status}: ${Buffer.concat(parts).toString('utf8')}`)
}

/** Milliseconds of a push of one layer in one request. */
export async function pushLayer({ base, name, authorization }, { digest, size, content }) {
  const start = performance.now()
  const headers = { authorization }
  const started = await expectStatus(
    await ask({ url: `${base}/v2/${name}/blobs/uploads/`, method: 'POST', headers }),
    202,
  )
  started.resume()
  const url = new URL(started.headers.location ?? '', base)
  url.searchParams.set('digest', digest)
  const put = { ...headers, 'content-length': size, 'content-type': 'application/octet-stream' }
  const done = await expectStatus(await ask({ url, method: 'PUT', headers: put, body: content() }), 201)
  done.resume()
  return performance.now() - start
}

/** Milliseconds of a pull; an error when it is not all of it. */
export async function pullLayer({ base, name, authorization }, { digest, size }, agent = new Agent()) {
  const start = performance.now()
  const url = `${base}/v2/${name}/blobs/${digest}`
  const response = await expectStatus(await ask({ url, headers: { authorization }, agent }), 200)
  let got = 0
  const count = new Writable({
    write(part, _, done) {
      got += part.length
      done()
    },
  })
  await pipeline(response, count)
  agent.destroy()
  if (got !== size) throw new Error(`${url}: ${got} of ${size} bytes`)
  return performance.now() - start
}

// Servers in the place of Nexus' ports, which say what reached them.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** What reached a server. */
export interface Echoed {
  /** Name of the server. */
  server: string
  method: string
  /** As it stood in the request line. */
  target: string
  headers: IncomingHttpHeaders
  /** Bytes of the body. */
  received: number
}

export interface Echo {
  port: number
  /** Resolves when the head of the next request is there, before its body. */
  nextHead(): Promise<void>
  /** Lets the second half of the answer go for which a request with `?halves` waits. */
  release(): void
  close(): void
}

/** More than a front would compress. */
export const text = 'no compression, please. '.repeat(200)

/**
 * A server that answers each request with the header `x-echo` (`Echoed` in JSON) and a text. Uploads are answered with a `Location` as Nexus
 * makes it, of Host, X-Forwarded-Proto and the path that was asked for: POST with a whole URL, PATCH with a path alone.
 */
export async function startEcho(name: string, tls?: { key: string; cert: string }): Promise<Echo> {
  let headSeen = () => {}
  let release = () => {}
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    headSeen()
    let received = 0
    request.on('data', (part: Buffer) => {
      received += part.length
    })
    request.on('end', () => {
      const { method = '', url: target = '', headers } = request
      const echoed: Echoed = { server: name, method, target, headers, received }
      response.setHeader('x-echo', JSON.stringify(echoed))
      response.setHeader('docker-distribution-api-version', 'registry/2.0')
      answer(request, response, new Promise((done) => (release = () => done())))
    })
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  // By both families: a front that looks up localhost may choose either.
  server.listen(0)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    nextHead: () => new Promise((done) => (headSeen = done)),
    release: () => release(),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, half: Promise<void>): void {
  const { method, url = '', headers } = request
  const [path = ''] = url.split('?')
  if (method === 'POST' && path.endsWith('/uploads/')) {
    const origin = `${String(headers['x-forwarded-proto'])}://${headers.host}`
    response.writeHead(202, { location: `${origin}${path}new`, 'content-length': 0 }).end()
  } else if (method === 'PATCH') {
    response.writeHead(202, { location: path, 'content-length': 0 }).end()
  } else if (headers.range !== undefined) {
    const part = Buffer.from(text).subarray(100, 200)
    const range = `bytes 100-199/${text.length}`
    response.writeHead(206, { 'content-range': range, 'content-length': part.length }).end(part)
  } else {
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': text.length })
    if (!url.endsWith('?halves') || method === 'HEAD') response.end(method === 'HEAD' ? undefined : text)
    else {
      response.write(text.slice(0, 1000))
      void half.then(() => response.end(text.slice(1000)))
    }
  }
}

// A registry of one image under every name and below every path: what matters here is who asks it for what.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Image, makeImage } from '../../programs/image.ts'

export interface SmallRegistry {
  /** `127.0.0.1:PORT`. */
  host: string
  port: number
  /** In order: `GET /v2/…`, without the query. */
  requests: string[]
  close: () => void
}

/** What it answers with an image, and what it was asked. `login`: what every request needs, as `user:password`. */
export function answering(
  image: Image,
  login?: string,
): Pick<SmallRegistry, 'requests'> & { answer: RequestListener } {
  const requests: string[] = []
  const answer: RequestListener = (request, response) => {
    requests.push(`${request.method} ${pathOf(request)}`)
    if (login !== undefined && !isSignedIn(request, login)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="small"' }).end()
      return
    }
    const found = contentAt(pathOf(request), image)
    if (!found) response.writeHead(404).end()
    else {
      const { mediaType, digest, bytes } = found
      const headers = {
        'content-type': mediaType,
        'content-length': bytes.length,
        'docker-content-digest': digest,
        'docker-distribution-api-version': 'registry/2.0',
      }
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes)
    }
  }
  return { requests, answer }
}

export async function startSmallRegistry(
  tls?: { key: string; cert: string },
  login?: string,
): Promise<SmallRegistry> {
  const { requests, answer } = answering(makeImage(), login)
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { host: `127.0.0.1:${port}`, port, requests, close }
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

function isSignedIn({ headers }: IncomingMessage, login: string): boolean {
  return headers.authorization === `Basic ${Buffer.from(login).toString('base64')}`
}

function contentAt(path: string, { manifest, config, layers }: Image) {
  if (path.endsWith('/v2/')) return { ...manifest, mediaType: 'application/json', bytes: Buffer.from('{}') }
  if (path.includes('/manifests/')) return manifest
  return [config, ...layers].find(({ digest }) => path.endsWith(`/blobs/${digest}`))
}

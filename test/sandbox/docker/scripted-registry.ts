// A registry that a test writes: it has the images that it is given, asks for a login where it is told to, counts what reaches it, and
// answers otherwise where the test says so.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { listen } from '../../helpers/listen.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface ScriptedRegistry {
  url: string
  /** `GET /v2/app/manifests/1`, in the order of arrival; the token server's own requests among them. */
  seen: string[]
  /** The Authorization header of each of them. */
  authorizations: (string | undefined)[]
  /** What each of them has already: If-None-Match. */
  known: (string | undefined)[]
  /** Answers of the test's own by path, before anything else. */
  answers: Map<string, Handler>
  /** Adds a manifest under a tag, and answers its digest. */
  manifest(name: string, tag: string, content?: object): string
  /** Adds bytes under an image, and answers their digest. */
  blob(name: string, bytes: Uint8Array): string
}

export interface RegistryOptions {
  /** Which challenge: the user is `u`, the password `p`. */
  login?: 'basic' | 'bearer'
  tls?: { key: string; cert: string }
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`
export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const login = { type: 'username', username: 'u', password: 'p' }
export const basic = `Basic ${Buffer.from('u:p').toString('base64')}`

/** Starts one that ends with the test. */
export async function scriptedRegistry({
  login: wanted,
  tls,
}: RegistryOptions = {}): Promise<ScriptedRegistry> {
  const files = new Map<string, { bytes: Uint8Array; type: string }>()
  const registry: ScriptedRegistry = {
    url: '',
    seen: [],
    authorizations: [],
    known: [],
    answers: new Map(),
    manifest(name, tag, content = { schemaVersion: 2, mediaType: manifestType, of: `${name}:${tag}` }) {
      const bytes = Buffer.from(JSON.stringify(content))
      const digest = digestOf(bytes)
      for (const reference of [tag, digest])
        files.set(`/v2/${name}/manifests/${reference}`, { bytes, type: manifestType })
      return digest
    },
    blob(name, bytes) {
      const digest = digestOf(bytes)
      files.set(`/v2/${name}/blobs/${digest}`, { bytes, type: 'application/octet-stream' })
      return digest
    },
  }

  /** Answers what lacks the login; true where it did. */
  function challenged({ headers, url = '' }: IncomingMessage, response: ServerResponse): boolean {
    const isToken = url.startsWith('/token?')
    const needed = wanted === 'basic' || isToken ? basic : `Bearer ${url.split('/')[2] ?? ''}`
    if (wanted === undefined || headers.authorization === needed) return false
    const scope = `repository:${url.split('/')[2] ?? ''}:pull`
    const bearer = `Negotiate, Bearer scope=${scope},realm="${registry.url}/token",service="a, b"`
    response.writeHead(401, {
      'www-authenticate': wanted === 'basic' || isToken ? 'Basic realm="r"' : bearer,
    })
    response.end()
    return true
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', headers, method } = request
    registry.seen.push(`${method} ${url}`)
    registry.authorizations.push(headers.authorization)
    registry.known.push(headers['if-none-match'])
    const own = registry.answers.get(url)
    if (own) {
      own(request, response)
      return
    }
    if (challenged(request, response)) return
    if (url.startsWith('/token?')) {
      const scope = new URL(url, 'http://x').searchParams.get('scope') ?? ''
      response.end(JSON.stringify({ token: scope.split(':')[1] }))
      return
    }
    const file = files.get(url)
    if (!file) {
      response.writeHead(404).end()
      return
    }
    const etag = `"${digestOf(file.bytes)}"`
    if (headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    response.writeHead(200, { etag, 'content-type': file.type, 'content-length': file.bytes.length })
    response.end(file.bytes)
  }

  const server = tls ? createSecureServer(tls, answer) : createServer(answer)
  const port = await listen(server)
  registry.url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  return registry
}

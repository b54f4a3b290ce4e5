// A sandbox with one hosted repository `images` on a connector of its own, and a small image for it.
import { createHash } from 'node:crypto'
import type { SandboxOptions } from '../../../src/sandbox/index.ts'
import { type Client, docker, hosted, server } from '../repositories-client.ts'

export const digestOf = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export interface Asked {
  status: number
  headers: Headers
  text: string
  /** The codes and details of an error document. */
  errors: [code: string, detail: unknown][]
}

interface Asking {
  /** User name, `none`, or left out for admin. */
  as?: string
  headers?: Record<string, string>
  body?: string | Uint8Array | ReadableStream
}

export interface HostedRegistry extends Client {
  /** `http://127.0.0.1:<port>` of the connector. */
  base: string
  /** One request at a URL, or at a path of the connector. */
  ask(method: string, path: string, asking?: Asking): Promise<Asked>
}

function errorsOf(text: string): [string, unknown][] {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code: string; detail: unknown }[] }
    return errors.map(({ code, detail }) => [code, detail])
  } catch {
    return []
  }
}

/** Starts it; `extra` are sections of the repository. Realm DockerToken is active. */
export async function hostedRegistry(
  version = '3.90.0',
  extra: Record<string, unknown> = {},
  options: SandboxOptions = {},
): Promise<HostedRegistry> {
  const client = await server(version, { connectorOffset: 'free', ...options })
  const { sandbox } = client
  sandbox.state.realms.push('DockerToken')
  await client.post(
    '/v1/repositories/docker/hosted',
    hosted('images', { ...docker({ httpPort: 8082 }), ...extra }),
  )
  const base = sandbox.connectorUrl('images') ?? 'http://no.connector.invalid'
  return {
    ...client,
    base,
    async ask(method, path, { as = 'admin', headers: more = {}, body } = {}) {
      const password = sandbox.state.users.find(({ userId }) => userId === as)?.password ?? ''
      const authorization = `Basic ${Buffer.from(`${as}:${password}`).toString('base64')}`
      const headers = { ...(as !== 'none' && { authorization }), ...more }
      const url = path.startsWith('http') ? path : `${base}${path}`
      const sent = body !== undefined && { body, duplex: 'half' }
      const response = await fetch(url, { method, headers, redirect: 'manual', ...sent } as RequestInit)
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, errors: errorsOf(text) }
    },
  }
}

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'

/** The manifest of a configuration and one layer. */
export function manifestOf(configuration: string, layer: string): string {
  const descriptor = (mediaType: string, text: string) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: digestOf(text),
    size: text.length,
  })
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: descriptor('config.v1+json', configuration),
    layers: [descriptor('layer.v1.tar+gzip', layer)],
  })
}

/** Sends a blob in one request: its digest. */
export async function pushBlob(to: HostedRegistry, name: string, text: string): Promise<string> {
  const digest = digestOf(text)
  await to.ask('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: text })
  return digest
}

/** Pushes an image of one layer: its manifest's digest, and the status of the last answer. */
export async function pushImage(to: HostedRegistry, name: string, tag: string, layer = 'layer') {
  const configuration = '{"os":"linux"}'
  for (const text of [configuration, layer]) await pushBlob(to, name, text)
  const body = manifestOf(configuration, layer)
  const answer = await putManifest(to, [name, tag], body)
  return { ...answer, digest: digestOf(body), body }
}

/** Pushes a manifest as `name:reference`. */
export function putManifest(
  to: HostedRegistry,
  [name, reference]: readonly [name: string, reference: string],
  body: string,
  type = ociManifest,
) {
  const headers = { 'content-type': type }
  return to.ask('PUT', `/v2/${name}/manifests/${reference}`, { headers, body })
}

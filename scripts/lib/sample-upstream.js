// Makes a sandbox the registry that a proxy repository pulls from, so that a demo or a test needs no internet: one hosted repository with
// one image for two platforms, that real clients can pull.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { tarOf } from './tar.js'

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}
const architectures = ['amd64', 'arm64']
const repository = 'images'

/** @param {Uint8Array} bytes */
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** @param {string} mediaType
 * @param {Uint8Array} bytes
 * @param {object} more */
function part(mediaType, bytes, more = {}) {
  return {
    bytes: new Uint8Array(bytes),
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, ...more },
  }
}

/** @param {string} mediaType
 * @param {object} content
 * @param {object} more */
const jsonPart = (mediaType, content, more = {}) =>
  part(mediaType, Buffer.from(JSON.stringify(content)), more)

/** The parts of the image: blobs, then the manifests of the platforms, then their index. */
function sampleImage() {
  const platforms = architectures.map((architecture) => {
    const tar = tarOf('hello.txt', Buffer.from(`Hello from a registry on loopback, ${architecture}.\n`))
    const layer = part(types.layer, gzipSync(tar))
    const config = jsonPart(types.config, {
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    })
    const content = {
      schemaVersion: 2,
      mediaType: types.manifest,
      config: config.descriptor,
      layers: [layer.descriptor],
    }
    const manifest = jsonPart(types.manifest, content, { platform: { architecture, os: 'linux' } })
    return { blobs: [config, layer], manifest }
  })
  const manifests = platforms.map(({ manifest }) => manifest)
  const list = manifests.map(({ descriptor }) => descriptor)
  const index = jsonPart(types.index, { schemaVersion: 2, mediaType: types.index, manifests: list })
  return { blobs: platforms.flatMap(({ blobs }) => blobs), manifests, index }
}

/**
 * Pushes the image, and answers its digest. `registry` is the URL in front of `/v2/`.
 * @param {string} registry
 * @param {string} name
 * @param {string} tag
 * @param {Record<string, string>} credentials headers of each request
 */
export async function pushSample(registry, name, tag, credentials = {}) {
  const base = `${registry}/v2/${name}`

  /** @param {string} method
   * @param {string | URL} url
   * @param {Uint8Array<ArrayBuffer>} body
   * @param {string} type */
  async function send(method, url, body, type) {
    const response = await fetch(url, { method, headers: { ...credentials, 'content-type': type }, body })
    assert.ok(response.ok, `${method} ${url}: ${response.status} ${response.statusText}`)
    return response
  }
  const { blobs, manifests, index } = sampleImage()
  for (const { bytes, descriptor } of blobs) {
    const started = await send('POST', `${base}/blobs/uploads/`, new Uint8Array(), 'application/octet-stream')
    const upload = new URL(started.headers.get('location') ?? '', started.url)
    upload.searchParams.set('digest', descriptor.digest)
    await send('PUT', upload, bytes, 'application/octet-stream')
  }
  for (const { bytes, descriptor } of manifests)
    await send('PUT', `${base}/manifests/${descriptor.digest}`, bytes, types.manifest)
  await send('PUT', `${base}/manifests/${tag}`, index.bytes, types.index)
  return index.descriptor.digest
}

/**
 * Fills a running sandbox. `remoteUrl` is what a proxy repository takes; whoever asks needs the sandbox's user and password, or with
 * `token` an anonymous token, as at Docker Hub. `digest` is the image's.
 * @param {{ url: string, username: string, password: string }} sandbox
 * @param {{ name?: string, tag?: string, token?: boolean }} options
 */
export async function fillUpstream(
  { url, username, password },
  { name = 'library/hello', tag = 'latest', token = false } = {},
) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

  /** @param {string} method
   * @param {string} path
   * @param {object} [body] */
  async function administer(method, path, body) {
    const headers = { authorization, 'content-type': 'application/json' }
    const to = `${url}/service/rest/v1/${path}`
    const response = await fetch(to, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    assert.ok(response.ok, `${method} ${to}: ${response.status} ${response.statusText}`)
    return response
  }
  const storage = { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' }
  const docker = { v1Enabled: false, forceBasicAuth: !token }
  await administer('POST', 'repositories/docker/hosted', { name: repository, online: true, storage, docker })
  if (token) {
    const active = await administer('GET', 'security/realms/active')
    const realms = /** @type {string[]} */ (await active.json())
    await administer('PUT', 'security/realms/active', [...realms, 'DockerToken'])
    const anonymous = { enabled: true, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' }
    await administer('PUT', 'security/anonymous', anonymous)
  }
  const remoteUrl = `${url}/repository/${repository}`
  const digest = await pushSample(remoteUrl, name, tag, { authorization })
  return { remoteUrl, name, tag, digest }
}

// Pulls an image as Docker does: ask, get a token, the manifest of a platform, then its blobs, each held against its digest.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

const types = ['index', 'manifest'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`).join(', ')

/**
 * Resolves with the digest of what the tag names, the number of layers and their bytes. Nobody logs in.
 * @param {string} registry URL in front of `/v2/`
 * @param {string} name
 * @param {string} tag
 * @param {string} architecture
 */
export async function pullImage(registry, name, tag, architecture) {
  const authorization = await anonymousToken(registry)

  /** @param {string} path */
  async function get(path) {
    const response = await fetch(`${registry}/v2/${name}/${path}`, {
      headers: { accept: types, authorization },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    assert.equal(response.status, 200, `GET ${path}: ${response.status} ${bytes}`)
    return bytes
  }
  /** @param {{ digest: string, size: number }} descriptor
   * @param {string} kind */
  async function getExactly({ digest, size }, kind) {
    const bytes = await get(`${kind}/${digest}`)
    assert.equal(digestOf(bytes), digest, 'the bytes are those of the digest')
    assert.equal(bytes.length, size, 'as many as the descriptor says')
    return bytes
  }
  const named = await get(`manifests/${tag}`)
  const { manifests } = JSON.parse(named.toString())
  const mine = manifests.find((/** @type {any} */ { platform }) => platform.architecture === architecture)
  const { config, layers } = JSON.parse((await getExactly(mine, 'manifests')).toString())
  await getExactly(config, 'blobs')
  let bytes = 0
  for (const layer of layers) bytes += (await getExactly(layer, 'blobs')).length
  return { digest: digestOf(named), layers: layers.length, bytes }
}

/** @param {Uint8Array} bytes */
function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** @param {string} registry */
async function anonymousToken(registry) {
  const { headers } = await fetch(`${registry}/v2/`)
  const [, realm, service] =
    /realm="([^"]+)",service="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? []
  assert.ok(realm && service, 'the registry says where tokens are given')
  const answer = await fetch(`${realm}?service=${encodeURIComponent(service)}`)
  const { token } = /** @type {{ token: string }} */ (await answer.json())
  return `Bearer ${token}`
}

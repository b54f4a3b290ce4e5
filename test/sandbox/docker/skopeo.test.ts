// A real client against a hosted repository: skopeo pushes an image that it has in a folder, lists, copies and pulls it back, byte for byte.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { docker } from '../repositories-client.ts'
import { digestOf, hostedRegistry, ociManifest } from './hosted-registry.ts'

const hasSkopeo = (() => {
  try {
    execFileSync('skopeo', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nexus-docker-skopeo-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** A folder with an image of one empty layer, tagged `1`: the folder, and the digest of its manifest. */
function layout(): { path: string; digest: string } {
  const path = folder()
  mkdirSync(join(path, 'blobs/sha256'), { recursive: true })
  const put = (mediaType: string, bytes: Buffer) => {
    const digest = digestOf(bytes)
    writeFileSync(join(path, 'blobs', digest.replace(':', '/')), bytes)
    return { mediaType, digest, size: bytes.length }
  }
  const tar = Buffer.alloc(1024)
  const layer = put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar))
  const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] }
  const image = { architecture: 'amd64', os: 'linux', config: {}, rootfs }
  const config = put('application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(image)))
  const text = JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, config, layers: [layer] })
  const manifest = put(ociManifest, Buffer.from(text))
  const annotations = { 'org.opencontainers.image.ref.name': '1' }
  writeFileSync(
    join(path, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  )
  writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  return { path, digest: manifest.digest }
}

async function skopeo(...words: string[]): Promise<string> {
  const environment = { ...process.env, no_proxy: '127.0.0.1', HOME: folder() }
  const { stdout } = await promisify(execFile)('skopeo', ['--insecure-policy', ...words], {
    env: environment,
  })
  return stdout
}

it.runIf(hasSkopeo).each([
  ['a port with Basic', docker({ httpPort: 8082 }), '3.81.0'],
  ['a port with tokens', docker({ httpPort: 8082, forceBasicAuth: false }), '3.76.0'],
  ['the path with Basic', docker({ pathEnabled: true }), '3.90.0'],
  ['the path with tokens', docker({ pathEnabled: true, forceBasicAuth: false }), '3.96.3'],
])('skopeo pushes and pulls through %s', async (_, sections, version) => {
  const registry = await hostedRegistry(version, sections)
  const connector = registry.sandbox.connectorUrl('images')
  const host = new URL(connector ?? registry.sandbox.url).host
  const name = (image: string) => `docker://${host}/${connector === undefined ? 'images/' : ''}${image}`
  const { path, digest } = layout()
  const pull = ['--src-tls-verify=false', '--src-creds=admin:admin123']
  const push = ['--dest-tls-verify=false', '--dest-creds=admin:admin123']
  await skopeo('copy', ...push, `oci:${path}:1`, name('team/app:1'))
  // mounted, not sent again
  await skopeo('copy', ...pull, ...push, name('team/app:1'), name('other:2'))
  const list = await skopeo('list-tags', '--tls-verify=false', '--creds=admin:admin123', name('other'))
  expect((JSON.parse(list) as { Tags: string[] }).Tags).toEqual(['2'])
  const pulled = folder()
  await skopeo('copy', ...pull, name('other:2'), `dir:${pulled}`)
  expect(digestOf(readFileSync(join(pulled, 'manifest.json')))).toBe(digest)
  await skopeo('delete', '--tls-verify=false', '--creds=admin:admin123', name('other:2'))
  // deleted by digest, which leaves the tag on 3.90 (hosted.test.ts)
  if (version === '3.90.0') return
  await expect(skopeo('copy', ...pull, name('other:2'), `dir:${pulled}`)).rejects.toThrow('manifest unknown')
})

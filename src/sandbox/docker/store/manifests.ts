// Manifests of one repository: an entry for each reference of an image, a file for each digest.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDigest } from '../../../core/oci/reference.ts'
import { digestOf, type Manifests, type StoredManifest } from '../content.ts'
import { byText, fileOf, withFiles } from './files.ts'

/** Opens the manifests below the folder. */
export function openManifests(directory: string, kept: readonly StoredManifest[]): Manifests {
  const folder = join(directory, 'manifests')
  const images = new Map<string, Map<string, StoredManifest>>()
  /** How many entries share the file of a digest. */
  const uses = new Map<string, number>()

  function remove(name: string, reference: string): boolean {
    const image = images.get(name)
    const manifest = image?.get(reference)
    if (!image || !manifest) return false
    image.delete(reference)
    if (image.size === 0) images.delete(name)
    const left = (uses.get(manifest.digest) ?? 1) - 1
    uses.set(manifest.digest, left)
    if (left > 0) return true
    uses.delete(manifest.digest)
    rmSync(fileOf(folder, manifest.digest), { force: true })
    return true
  }

  function add(manifest: StoredManifest): StoredManifest {
    uses.set(manifest.digest, (uses.get(manifest.digest) ?? 0) + 1)
    remove(manifest.name, manifest.reference)
    const image = images.get(manifest.name) ?? new Map<string, StoredManifest>()
    images.set(manifest.name, image.set(manifest.reference, manifest))
    return manifest
  }

  for (const manifest of withFiles(folder, kept)) add(manifest)
  const names = (): string[] => [...images.keys()].sort(byText)
  const references = (name: string): string[] => [...(images.get(name)?.keys() ?? [])].sort(byText)
  const manifest = (name: string, reference: string) => images.get(name)?.get(reference)
  return {
    manifest,
    manifests: () =>
      names().flatMap((name) => references(name).flatMap((reference) => manifest(name, reference) ?? [])),
    manifestBytes: ({ digest }) => readFileSync(fileOf(folder, digest)),
    putManifest({ name, reference, mediaType, uploader }, bytes) {
      const digest = digestOf(bytes)
      const sha1 = createHash('sha1').update(bytes).digest('hex')
      const file = fileOf(folder, digest)
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${file}.new`, bytes)
      renameSync(`${file}.new`, file)
      const updatedAt = new Date().toISOString()
      const entry = (key: string): StoredManifest => {
        const createdAt = manifest(name, key)?.createdAt ?? updatedAt
        const who = uploader !== undefined && { uploader }
        const facts = { digest, sha1, mediaType, size: bytes.length }
        return { name, reference: key, ...facts, createdAt, updatedAt, ...who }
      }
      const byDigest = add(entry(digest))
      return reference === digest ? byDigest : add(entry(reference))
    },
    deleteManifest: remove,
    names,
    tags: (name) => references(name).filter((reference) => !isDigest(reference)),
  }
}

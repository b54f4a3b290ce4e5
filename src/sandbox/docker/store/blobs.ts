// Layers and configurations of one repository, and those on their way.
import { randomUUID } from 'node:crypto'
import { createReadStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Blobs, StoredBlob } from '../content.ts'
import { byText, chunkSize, fileOf, withFiles } from './files.ts'
import { startUpload, type Upload } from './upload.ts'

// What Nexus finds in the bytes: a layer that was pushed as OCI's is Docker's (docker-evidence 43, the transcript of 3.90.2). That a
// configuration is known by its first byte is a guess.
const layerType = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
const configurationType = 'application/vnd.docker.container.image.v1+json'

/** The uploads of a repository; those of an earlier run are gone. */
function openUploads(folder: string) {
  rmSync(folder, { recursive: true, force: true })
  const uploads = new Map<string, { name: string; upload: Upload }>()

  /** Takes an upload out: it is over, or somebody ends it. */
  function take(id: string): Upload | undefined {
    const entry = uploads.get(id)
    uploads.delete(id)
    return entry?.upload
  }

  const discard = async (id: string): Promise<void> => take(id)?.discard()
  return {
    open(name: string): { id: string; upload: Upload } {
      const id = randomUUID()
      const upload = startUpload(join(folder, id))
      uploads.set(id, { name, upload })
      return { id, upload }
    },
    find(name: string, id: string): Upload | undefined {
      const entry = uploads.get(id)
      return entry?.name === name ? entry.upload : undefined
    },
    take,
    discard,
    async endAll(): Promise<void> {
      await Promise.all([...uploads.keys()].map(discard))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Opens the blobs below the folder. */
export function openBlobs(
  directory: string,
  kept: readonly StoredBlob[],
): Blobs & { endUploads: () => Promise<void> } {
  const folder = join(directory, 'blobs')
  const uploads = openUploads(join(directory, 'uploads'))
  const blobs = new Map(withFiles(folder, kept).map((blob) => [blob.digest, blob]))

  async function store(upload: Upload, expected?: string, uploader?: string): Promise<StoredBlob> {
    const { firstByte, ...found } = await upload.finish((digest) => fileOf(folder, digest), expected)
    const mediaType = firstByte === '{'.charCodeAt(0) ? configurationType : layerType
    const who = uploader !== undefined && { uploader }
    const added = { ...found, mediaType, createdAt: new Date().toISOString(), ...who }
    const blob = blobs.get(found.digest) ?? added
    blobs.set(found.digest, blob)
    return blob
  }

  return {
    blob: (digest) => blobs.get(digest),
    blobs: () => [...blobs.values()].sort((left, right) => byText(left.digest, right.digest)),
    openBlob: (digest, range) =>
      createReadStream(fileOf(folder, digest), { ...range, highWaterMark: chunkSize }),
    async writeBlob(source, expected, uploader) {
      const { id, upload } = uploads.open('')
      try {
        await upload.append(source)
        return await store(upload, expected, uploader)
      } finally {
        await uploads.discard(id)
      }
    },
    deleteBlob(digest) {
      if (!blobs.delete(digest)) return false
      rmSync(fileOf(folder, digest), { force: true })
      return true
    },
    startUpload: (name) => uploads.open(name).id,
    upload: (name, id) => uploads.find(name, id),
    async finishUpload(id, expected, uploader) {
      const upload = uploads.take(id)
      if (!upload) throw new Error(`no open upload ${id}`)
      return store(upload, expected, uploader)
    },
    discardUpload: uploads.discard,
    endUploads: () => uploads.endAll(),
  }
}

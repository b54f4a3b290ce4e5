// What the Docker repositories hold, on disk below the data directory.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepositoryContent, StoredBlob, StoredManifest } from './content.ts'
import { openBlobs } from './store/blobs.ts'
import { openManifests } from './store/manifests.ts'

/** The contents of all repositories of a server. */
export interface ContentStore {
  /** The content of the repository of that name, empty at first. */
  of(repository: string): RepositoryContent
  /** Throws away what repositories hold that are not named. */
  keepOnly(repositories: ReadonlySet<string>): Promise<void>
  /** Ends open uploads and writes down what is there, for the next start on the same folder. */
  close(): Promise<void>
}

/** What is written down of a repository. */
interface Kept {
  folder: string
  blobs: StoredBlob[]
  manifests: StoredManifest[]
}

function readKept(file: string): Record<string, Kept> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Kept>) : {}
}

/** Opens what an earlier run has left in the folder; files that it did not write down are removed. */
export function openContentStore(folder: string): ContentStore {
  const indexFile = join(folder, 'content.json')
  const kept = readKept(indexFile)
  const contents = new Map<string, Content>()
  const folders = new Set(Object.values(kept).map((entry) => entry.folder))
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (!folders.has(name) && name !== 'content.json') rmSync(join(folder, name), { recursive: true })
  for (const [name, entry] of Object.entries(kept)) contents.set(name, openContent(folder, entry))

  return {
    of(repository) {
      const known = contents.get(repository)
      if (known) return known.content
      const opened = openContent(folder, { folder: randomUUID(), blobs: [], manifests: [] })
      contents.set(repository, opened)
      return opened.content
    },
    async keepOnly(repositories) {
      for (const [name, content] of contents) {
        if (repositories.has(name)) continue
        contents.delete(name)
        await content.remove()
      }
    },
    async close() {
      for (const content of contents.values()) await content.endUploads()
      const filled = [...contents].flatMap(([name, content]) => {
        const entry = content.kept()
        return entry ? [[name, entry] as const] : []
      })
      if (filled.length === 0 && !existsSync(folder)) return
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${indexFile}.new`, JSON.stringify(Object.fromEntries(filled)))
      renameSync(`${indexFile}.new`, indexFile)
    },
  }
}

type Content = ReturnType<typeof openContent>

function openContent(folder: string, kept: Kept) {
  const directory = join(folder, kept.folder)
  const { endUploads, ...blobs } = openBlobs(directory, kept.blobs)
  const manifests = openManifests(directory, kept.manifests)
  const content: RepositoryContent = { ...blobs, ...manifests }
  return {
    content,
    endUploads,
    async remove(): Promise<void> {
      await endUploads()
      await rm(directory, { recursive: true, force: true })
    },
    /** What has to be written down; undefined for an empty one. */
    kept(): Kept | undefined {
      const entry = { folder: kept.folder, blobs: content.blobs(), manifests: content.manifests() }
      return entry.blobs.length + entry.manifests.length > 0 ? entry : undefined
    },
  }
}

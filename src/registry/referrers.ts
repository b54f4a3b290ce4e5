import { checked, type Descriptor, INDEX_TYPES, namePath } from './descriptor.ts'
import { findManifest, putManifest } from './manifests.ts'
import { listIn, pagesOf } from './pages.ts'
import type { Wire } from './wire.ts'

/** Where a registry without the API has them: OCI distribution-spec 1.1, "Referrers Tag Schema". */
function fallbackTag(digest: string): string {
  return digest.replace(':', '-')
}

/** What refers to a manifest: by the API, or by the fallback tag where there is none. Which one it is, the client asks once for each name. */
export class Referrers {
  readonly #wire: Wire
  readonly #withoutApi = new Set<string>()
  /** Read, changed and written one after the other. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(wire: Wire) {
    this.#wire = wire
  }

  async list(name: string, digest: string, artifactType?: string): Promise<Descriptor[]> {
    const all = (await this.#byApi(name, digest, artifactType)) ?? (await this.#byTag(name, digest))
    return artifactType === undefined ? all : all.filter((one) => one.artifactType === artifactType)
  }

  /** For a manifest that names a subject, where the registry has not filed it itself (no OCI-Subject in its answer). */
  file(name: string, subject: string, descriptor: Descriptor): Promise<void> {
    const write = async (): Promise<void> => {
      const known = await this.#byTag(name, subject)
      if (known.some(({ digest }) => digest === descriptor.digest)) return
      const [mediaType] = INDEX_TYPES
      const index = { schemaVersion: 2, mediaType, manifests: [...known, descriptor] }
      const bytes = Buffer.from(JSON.stringify(index))
      await putManifest(this.#wire, { name, reference: fallbackTag(subject) }, bytes, mediaType)
    }
    const written = this.#writing.then(write)
    this.#writing = written.catch(() => undefined)
    return written
  }

  async #byApi(name: string, digest: string, artifactType?: string): Promise<Descriptor[] | undefined> {
    if (this.#withoutApi.has(name)) return undefined
    const query = artifactType === undefined ? '' : `?${new URLSearchParams({ artifactType }).toString()}`
    const to = `${namePath(name)}/referrers/${checked(digest)}${query}`
    const what = `list what refers to ${name}@${digest.slice(0, 19)}…`
    const found: Descriptor[] = []
    const headers = { accept: INDEX_TYPES[0] }
    const isAnswer = (status: number): boolean => [200, 400, 404, 405].includes(status)
    for await (const { answer } of pagesOf(this.#wire, { to, headers, what }, { name }, isAnswer)) {
      if (answer.status !== 200 || !/json/.test(answer.headers['content-type'] ?? '')) {
        this.#withoutApi.add(name)
        return undefined
      }
      found.push(...listIn(answer.text, 'manifests', what).filter(isDescriptor))
    }
    return found
  }

  async #byTag(name: string, digest: string): Promise<Descriptor[]> {
    const manifest = await findManifest(this.#wire, name, fallbackTag(checked(digest)))
    if (!manifest) return []
    const text = manifest.bytes.toString()
    return listIn(text, 'manifests', `list what refers to ${name}`).filter(isDescriptor)
  }
}

export function isDescriptor(value: unknown): value is Descriptor {
  const { mediaType, digest, size } = (value ?? {}) as Partial<Record<keyof Descriptor, unknown>>
  return (
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0
  )
}

import type { Readable, Writable } from 'node:stream'
import pLimit from 'p-limit'
import { parseObject } from '../core/json.ts'
import type { RegistryClient } from './client.ts'
import type { Descriptor, Manifest } from './descriptor.ts'
import { RegistryError } from './errors.ts'
import { isDescriptor } from './referrers.ts'

/** What a manifest or an index names. */
export interface ManifestContent {
  manifests: Descriptor[]
  /** Config and layers, without those that registries do not hold (foreign, nondistributable). */
  blobs: Descriptor[]
  /** The manifest that it refers to. */
  subject?: Descriptor
  /** For the list of referrers: its own, else the type of its config (OCI distribution-spec 1.1, "Pushing Manifests with Subject"). */
  artifactType?: string
  annotations?: Record<string, string>
}

export interface ImageSink {
  /** Called once all that the manifest names is there; an index comes after its children. */
  manifest(manifest: Manifest): void | Promise<void>
  /** Undefined: it is not wanted. */
  blob(descriptor: Descriptor): Writable | undefined
}

export interface ImageSource {
  root: Pick<Manifest, 'bytes' | 'mediaType'>
  manifest(
    digest: string,
  ): Pick<Manifest, 'bytes' | 'mediaType'> | Promise<Pick<Manifest, 'bytes' | 'mediaType'>>
  /** Begins anew with each call. */
  blob(digest: string): Readable
}

export interface CopyOptions {
  /** Requests at a time. Default 4, as other clients have it. */
  parallelism?: number
  /** Another name of the registry that may have the blobs. */
  mountFrom?: string | undefined
}

/** Nobody nests indexes in earnest; a registry may. */
const DEEPEST = 8

/** Throws RegistryError `invalid-manifest`. */
export function contentOf({ bytes }: Pick<Manifest, 'bytes'>): ManifestContent {
  const body = parseObject(bytes.toString()) as Body | undefined
  if (!body) throw invalid()
  const { manifests = [], config, layers = [], blobs = [], subject, artifactType, annotations } = body
  const lists = [manifests, layers, blobs]
  if (!lists.every(Array.isArray)) throw invalid()
  const named = [config, ...layers, ...blobs].filter((one) => one !== undefined && one !== null)
  if (![...manifests, ...named].every(isDescriptor)) throw invalid()
  const type = artifactType ?? config?.mediaType
  return {
    manifests,
    blobs: named.filter(({ mediaType }) => !/nondistributable|\.foreign\./.test(mediaType)),
    ...(isDescriptor(subject) && { subject }),
    ...(type !== undefined && { artifactType: type }),
    ...(annotations && { annotations }),
  }
}

/** An image, or an index with all that it names, each thing once. Gives the manifest that the reference stands for. */
export async function pullImage(
  client: RegistryClient,
  { name, reference }: { name: string; reference: string },
  sink: ImageSink,
  { parallelism = 4 }: CopyOptions = {},
): Promise<Manifest> {
  const limit = pLimit(parallelism)
  const once = oneTime()
  const visit = async (reference: string, depth: number): Promise<Manifest> => {
    const manifest = await limit(() => client.manifest(name, reference))
    const { manifests, blobs } = contentOf(manifest)
    assertDepth(depth, manifests)
    await all([
      ...manifests.map(({ digest }) => once(digest, () => visit(digest, depth + 1))),
      ...blobs.map((blob) =>
        once(blob.digest, () =>
          limit(async () => {
            const into = sink.blob(blob)
            if (into) await client.blob(name, blob, into)
          }),
        ),
      ),
    ])
    await sink.manifest(manifest)
    return manifest
  }
  return visit(reference, 0)
}

/**
 * An image, or an index with all that it names: blobs, then the manifests that name them, the index, and the tag last, so that nobody
 * ever sees half of it. What has a subject is filed under it where the registry does not do so.
 */
export async function pushImage(
  client: RegistryClient,
  { name, reference }: { name: string; reference: string },
  source: ImageSource,
  { parallelism = 4, mountFrom }: CopyOptions = {},
): Promise<{ digest: string }> {
  const limit = pLimit(parallelism)
  const once = oneTime()
  const visit = async (
    { bytes, mediaType }: Pick<Manifest, 'bytes' | 'mediaType'>,
    reference: string,
    depth: number,
  ): Promise<{ digest: string }> => {
    const { manifests, blobs, subject, artifactType, annotations } = contentOf({ bytes })
    assertDepth(depth, manifests)
    const push = (blob: Descriptor): Promise<unknown> =>
      limit(() => client.pushBlob(name, blob, () => source.blob(blob.digest), { mountFrom }))
    const child = async ({ digest }: Descriptor): Promise<unknown> =>
      visit(await source.manifest(digest), digest, depth + 1)
    await all([
      ...manifests.map((one) => once(one.digest, () => child(one))),
      ...blobs.map((one) => once(one.digest, () => push(one))),
    ])
    const put = await limit(() => client.putManifest(name, reference, bytes, mediaType))
    if (subject && put.subject === undefined) {
      await client.fileReferrer(name, subject.digest, {
        mediaType,
        digest: put.digest,
        size: bytes.length,
        ...(artifactType !== undefined && { artifactType }),
        ...(annotations && { annotations }),
      })
    }
    return put
  }
  return visit(source.root, reference, 0)
}

/** Waits for all, also where one has failed: nothing is left running behind the caller's back. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** Does the work for a digest once; who names it later waits for the same work. */
function oneTime(): (digest: string, work: () => Promise<unknown>) => Promise<unknown> {
  const begun = new Map<string, Promise<unknown>>()
  return (digest, work) => {
    const known = begun.get(digest) ?? work()
    begun.set(digest, known)
    return known
  }
}

function assertDepth(depth: number, manifests: readonly Descriptor[]): void {
  if (depth >= DEEPEST && manifests.length > 0)
    throw new RegistryError('invalid-manifest', 'cannot read the image: its indexes are nested too deeply', {
      exitCode: 1,
    })
}

type Body = Partial<Record<'manifests' | 'layers' | 'blobs', Descriptor[]>> & {
  config?: Descriptor | null
  subject?: unknown
  artifactType?: string
  annotations?: Record<string, string>
}

function invalid(): RegistryError {
  return new RegistryError('invalid-manifest', 'cannot read the image: its manifest is none', { exitCode: 1 })
}

import { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { RegistryClient, RegistryError, type RegistryOptions } from '../../src/registry/client.ts'
import { digestOf } from '../../src/registry/descriptor.ts'

export const USER = { username: 'alice', password: 'canary-Pä$$/w+rd"7' }

/** A client that does not sleep between attempts, and is closed after the test. */
export function registry(url: string, options: Partial<RegistryOptions> = {}): RegistryClient {
  const client = new RegistryClient({
    url,
    redactor: createRedactor(),
    delay: () => Promise.resolve(),
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** The RegistryError that the promise ends with; fails for everything else. */
export async function refusal(promise: Promise<unknown>): Promise<RegistryError> {
  const outcome = await promise.then(
    () => new Error('expected a refusal'),
    (error: unknown) => error,
  )
  if (!(outcome instanceof RegistryError)) throw outcome
  return outcome
}

/** Keeps what it gets. */
export function sink(): Writable & { bytes: () => Buffer } {
  const chunks: Buffer[] = []
  const write = (chunk: Buffer, _: string, done: () => void): void => {
    chunks.push(chunk)
    done()
  }
  return Object.assign(new Writable({ write }), { bytes: () => Buffer.concat(chunks) })
}

/** A blob, what names it, and how it is read. */
export function blobOf(bytes: Buffer) {
  return {
    bytes,
    descriptor: {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(bytes),
      size: bytes.length,
    },
    source: () =>
      Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)].filter((part) => part.length > 0)),
  }
}

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

/** A manifest with these blobs: the first is its config. */
export function manifestOf(blobs: ReturnType<typeof blobOf>[], more: object = {}) {
  const [config, ...layers] = blobs.map(({ descriptor }) => descriptor)
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers, ...more }),
  )
  return { bytes, mediaType: OCI_MANIFEST, digest: digestOf(bytes) }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

import { createHash, randomBytes } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { expect } from 'vitest'
import type { RegistryClient } from '../../src/registry/client.ts'
import { digestOf } from '../../src/registry/descriptor.ts'
import { contentOf, pullImage, pushImage } from '../../src/registry/images.ts'
import { all, blobOf, manifestOf, OCI_INDEX } from './helpers.ts'

/** Bytes of a seed: so that only the seed has to be kept, not the bytes. */
function bytesOf(seed: string, size: number): Buffer {
  // Random enough to be told apart, and quick: a block of 64 KiB of the seed, over and over.
  const block = Buffer.alloc(Math.min(size, 65_536))
  for (let at = 0; at < block.length; at += 64)
    createHash('sha512').update(`${seed} ${at}`).digest().copy(block, at)
  return Buffer.alloc(size, size === 0 ? undefined : block)
}

export interface RandomImage {
  root: { bytes: Buffer; mediaType: string; digest: string }
  /** By digest. */
  manifests: Map<string, { bytes: Buffer; mediaType: string }>
  blobs: Map<string, { seed: string; size: number }>
  /** Of all blobs. */
  size: number
}

/** Numbers from 0 to 1 that a seed decides. */
function numbers(seed: number): () => number {
  let state = seed * 2_654_435_761
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** An image of random shape: layers from 0 bytes to `largest`, log-uniform; every third an index, every ninth an index of indexes. */
export function randomImage(number: number, largest: number): RandomImage {
  const next = numbers(number + 1)
  const image: RandomImage = {
    root: { bytes: Buffer.alloc(0), mediaType: '', digest: '' },
    manifests: new Map(),
    blobs: new Map(),
    size: 0,
  }
  const randomBlob = (most: number) => {
    const size = Math.floor(Math.exp(next() * Math.log(most + 1))) - 1
    const seed = `${number} ${image.blobs.size}`
    const blob = blobOf(bytesOf(seed, size))
    image.blobs.set(blob.descriptor.digest, { seed, size })
    image.size += size
    return blob
  }
  const single = (more: object = {}) => {
    const layers = Array.from({ length: Math.floor(next() * 3) + 1 }, () => randomBlob(largest))
    return manifestOf([randomBlob(2000), ...layers], more)
  }
  const indexOf = (children: { bytes: Buffer; mediaType: string; digest: string }[]) => {
    for (const child of children) image.manifests.set(child.digest, child)
    const manifests = children.map(({ bytes, mediaType, digest }) => ({
      mediaType,
      digest,
      size: bytes.length,
    }))
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests,
        annotations: { number: String(number) },
      }),
    )
    return { bytes, mediaType: OCI_INDEX, digest: digestOf(bytes) }
  }
  if (number % 3 !== 0) image.root = single()
  else if (number % 9 !== 0) image.root = indexOf([single(), single()])
  else image.root = indexOf([indexOf([single()]), single()])
  return image
}

/**
 * Pushes an image, every fifth with something that refers to it, and to another name by mounting; pulls all that and compares every byte.
 * Gives how many bytes were compared.
 */
export async function pushAndCompare(
  client: RegistryClient,
  number: number,
  largest: number,
): Promise<number> {
  const image = randomImage(number, largest)
  const name = `random/image-${number}`
  const source = sourceOf(image)
  expect((await pushImage(client, { name, reference: 'v1' }, source)).digest).toBe(image.root.digest)
  let compared = await compare(client, name, image)
  if (number % 5 === 0) {
    const subject = {
      mediaType: image.root.mediaType,
      digest: image.root.digest,
      size: image.root.bytes.length,
    }
    const note = blobOf(randomBytes(50))
    const referrer = manifestOf([note], { subject, artifactType: 'application/vnd.test.note' })
    const noting = { root: referrer, manifest: () => referrer, blob: note.source }
    await pushImage(client, { name, reference: referrer.digest }, noting)
    const found = await client.referrers(name, image.root.digest, 'application/vnd.test.note')
    expect(found.map(({ digest, size }) => [digest, size])).toEqual([
      [referrer.digest, referrer.bytes.length],
    ])
    expect(await client.referrers(name, image.root.digest, 'other')).toEqual([])
  }
  if (number % 7 === 0) {
    await pushImage(client, { name: `${name}/again`, reference: 'v1' }, source, { mountFrom: name })
    compared += await compare(client, `${name}/again`, image)
  }
  expect(await all(client.tags(name))).toContain('v1')
  return compared
}

export function sourceOf(image: RandomImage) {
  return {
    root: image.root,
    manifest: (digest: string) => {
      const found = image.manifests.get(digest)
      if (!found) throw new Error(`asked for ${digest}`)
      return found
    },
    blob: (digest: string) => {
      const { seed, size } = image.blobs.get(digest) ?? { seed: 'none', size: 0 }
      const bytes = bytesOf(seed, size)
      return Readable.from(bytes.length === 0 ? [] : [bytes])
    },
  }
}

async function compare(client: RegistryClient, name: string, image: RandomImage): Promise<number> {
  let compared = 0
  const pulled: string[] = []
  await pullImage(
    client,
    { name, reference: 'v1' },
    {
      manifest: ({ digest, bytes, mediaType }) => {
        const known = digest === image.root.digest ? image.root : image.manifests.get(digest)
        expect([known?.bytes.equals(bytes), known?.mediaType]).toEqual([true, mediaType])
        // What it names is there before it.
        for (const one of [...contentOf({ bytes }).manifests, ...contentOf({ bytes }).blobs])
          expect(pulled).toContain(one.digest)
        pulled.push(digest)
      },
      blob: ({ digest }) => {
        const { seed, size } = image.blobs.get(digest) ?? { seed: 'none', size: -1 }
        const expected = bytesOf(seed, Math.max(size, 0))
        let at = 0
        return new Writable({
          write(chunk: Buffer, _, done) {
            const isEqual = chunk.equals(expected.subarray(at, at + chunk.length))
            at += chunk.length
            done(isEqual ? null : new Error(`${digest} differs before byte ${at}`))
          },
          final(done) {
            pulled.push(digest)
            compared += at
            done(at === size ? null : new Error(`${digest} has ${at} bytes, not ${size}`))
          },
        })
      },
    },
  )
  const all = [image.root.digest, ...image.manifests.keys(), ...image.blobs.keys()]
  expect(pulled.sort()).toEqual(all.sort())
  return compared
}

// What the sandbox's Docker repositories hold: streamed to the disk, whole or not at all.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { UploadGone } from '../../../src/sandbox/docker/store/upload.ts'
import { openContentStore } from '../../../src/sandbox/docker/store.ts'

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

async function* from(...parts: (string | Error)[]) {
  for (const part of parts) {
    await Promise.resolve()
    if (part instanceof Error) throw part
    yield Buffer.from(part)
  }
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nexus-docker-store-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const files = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

it('keeps blobs and manifests over a restart', async () => {
  const path = folder()
  const store = openContentStore(path)
  const content = store.of('images')
  const blob = await content.writeBlob(from('lay', 'er'), digestOf('layer'))
  expect([blob.digest, blob.size]).toEqual([digestOf('layer'), 5])
  content.putManifest({ name: 'a', reference: '1', mediaType: 'text/x' }, Buffer.from('{}'))
  await store.close()

  const again = openContentStore(path).of('images')
  expect((await buffer(again.openBlob(blob.digest, { start: 1, end: 3 }))).toString()).toBe('aye')
  const manifest = again.manifest('a', '1')
  expect(manifest?.digest).toBe(digestOf('{}'))
  expect(again.manifest('a', digestOf('{}'))?.mediaType).toBe('text/x')
  expect(manifest && again.manifestBytes(manifest).toString()).toBe('{}')
})

it('has no file of a blob that ends early, that is another one, or of an upload that is left open', async () => {
  const path = folder()
  const store = openContentStore(path)
  const content = store.of('images')
  await expect(content.writeBlob(from('a', new Error('cut')))).rejects.toThrow('cut')
  await expect(content.writeBlob(from('a'), digestOf('b'))).rejects.toThrow('expected')
  await content.upload('i', content.startUpload('i'))?.append(from('part'))
  expect(files(path)).toHaveLength(1)
  await store.close()
  expect(files(path).map(({ name }) => name)).toEqual(['content.json'])
})

it('grows an upload by whole parts only', async () => {
  const content = openContentStore(folder()).of('images')
  const id = content.startUpload('i')
  const upload = content.upload('i', id)
  // longer than what is held back before it is written
  const long = 'x'.repeat(2 * 1024 * 1024)
  await upload?.append(from('ab'))
  await expect(upload?.append(from(long, long, long, new Error('cut')))).rejects.toThrow('cut')
  expect(upload?.size).toBe(2)
  await upload?.append(from('c'))
  expect(await content.finishUpload(id, digestOf('abc'))).toMatchObject({ size: 3 })
  expect((await buffer(content.openBlob(digestOf('abc')))).toString()).toBe('abc')
  expect(content.upload('i', id)).toBeUndefined()
})

it('shares the file of a manifest and removes it with the last reference', () => {
  const path = folder()
  const content = openContentStore(path).of('images')
  const put = (reference: string, text: string) =>
    content.putManifest({ name: 'a', reference, mediaType: 'm' }, Buffer.from(text))
  put('1', 'x')
  put('2', 'x')
  put('1', 'y')
  expect([content.tags('a'), files(path).length]).toEqual([['1', '2'], 2])
  expect(content.manifest('a', digestOf('x'))?.digest).toBe(digestOf('x'))
  for (const reference of ['1', '2', digestOf('x'), digestOf('y')])
    expect(content.deleteManifest('a', reference)).toBe(true)
  expect([content.names(), files(path)]).toEqual([[], []])
})

it('throws away what a repository held that is gone, and what was not written down', async () => {
  const path = folder()
  const store = openContentStore(path)
  await store.of('gone').writeBlob(from('a'))
  await store.of('stays').writeBlob(from('b'))
  await store.keepOnly(new Set(['stays']))
  expect(store.of('gone').blobs()).toEqual([])
  expect(files(path)).toHaveLength(1)
  expect(openContentStore(path).of('stays').blobs()).toEqual([])
  expect(files(path)).toEqual([])
})

it('ends an upload whose sender is silent', async () => {
  const content = openContentStore(folder()).of('images')
  const id = content.startUpload('i')
  const silent = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<Uint8Array>>(() => undefined) }),
  }
  const append = content.upload('i', id)?.append(silent)
  const refused = expect(append).rejects.toThrow(UploadGone)
  await content.discardUpload(id)
  await refused
})

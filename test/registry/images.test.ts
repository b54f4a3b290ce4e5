import { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../src/registry/descriptor.ts'
import { contentOf, pullImage, pushImage } from '../../src/registry/images.ts'
import { server } from '../nexus/helpers.ts'
import { type DockerRegistry, startDockerRegistry, withDockerRegistry } from './docker-registry.ts'
import { blobOf, manifestOf, OCI_INDEX, OCI_MANIFEST, refusal, registry, sink } from './helpers.ts'
import { pushAndCompare } from './random-images.ts'

describe.skipIf(!withDockerRegistry)('images', () => {
  let target: DockerRegistry
  beforeAll(async () => {
    target = await startDockerRegistry()
  })
  afterAll(() => target.close())

  it('of any shape come back byte by byte', async () => {
    const client = registry(target.url)
    let compared = 0
    for (let number = 0; number < 8; number += 1) compared += await pushAndCompare(client, number, 300_000)
    expect(compared).toBeGreaterThan(100_000)
  })

  it('that share a slow layer: none comes before it, pushed or pulled', async () => {
    const client = registry(target.url)
    const [shared, own] = [blobOf(Buffer.from('shared by both')), blobOf(Buffer.from('of the first alone'))]
    const children = [manifestOf([own, shared]), manifestOf([shared])]
    const manifests = children.map(({ bytes, mediaType, digest }) => ({
      mediaType,
      digest,
      size: bytes.length,
    }))
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests }
    const root = { bytes: Buffer.from(JSON.stringify(index)), mediaType: OCI_INDEX }
    const slow = async function* (bytes: Buffer) {
      await delay(200)
      yield bytes
    }
    await pushImage(
      client,
      { name: 'shared/layer', reference: 'v1' },
      {
        root,
        manifest: (digest) => children.find((child) => child.digest === digest) ?? root,
        blob: (digest) => Readable.from(slow(digest === shared.descriptor.digest ? shared.bytes : own.bytes)),
      },
    )
    const arrived: string[] = []
    await pullImage(
      client,
      { name: 'shared/layer', reference: 'v1' },
      {
        manifest: ({ digest }) => void arrived.push(digest),
        blob: ({ digest }) =>
          new Writable({
            write: (_, __, done) => void delay(200).then(() => done()),
            final: (done) => {
              arrived.push(digest)
              done()
            },
          }),
      },
    )
    const at = (digest: string | undefined) => arrived.indexOf(digest ?? '')
    for (const { digest } of children) expect(at(shared.descriptor.digest)).toBeLessThan(at(digest))
    expect(arrived.length).toBe(5)
    expect(at(digestOf(root.bytes))).toBe(4)
  })

  it('that refer to the same one are all filed, also at the same time', async () => {
    const client = registry(target.url)
    const subject = { mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from('it')), size: 2 }
    const notes = Array.from({ length: 5 }, (_, index) =>
      manifestOf([blobOf(Buffer.from(`${index}`))], { subject }),
    )
    await Promise.all(
      notes.map(({ bytes, digest }, index) => {
        const { source } = blobOf(Buffer.from(`${index}`))
        const root = { bytes, mediaType: OCI_MANIFEST }
        return pushImage(
          client,
          { name: 'many/notes', reference: digest },
          { root, manifest: () => root, blob: source },
        )
      }),
    )
    const found = await client.referrers('many/notes', subject.digest)
    expect(found.map(({ digest }) => digest).sort()).toEqual(notes.map(({ digest }) => digest).sort())
  })
})

describe('referrers', () => {
  const { digest } = blobOf(Buffer.from('x')).descriptor
  const one = (artifactType: string) => ({ mediaType: OCI_MANIFEST, digest, size: 1, artifactType })

  it('come from the API where there is one, page by page', async () => {
    const target = await server((_, index) => ({
      status: 200,
      headers: {
        'content-type': OCI_INDEX,
        ...(index === 0 && { link: `</v2/app/referrers/${digest}?page=2>; rel="next"` }),
      },
      body: JSON.stringify({ manifests: [one('a'), one('b'), { digest: 1 }] }),
    }))
    expect(await registry(target.url).referrers('app', digest, 'a')).toEqual([one('a'), one('a')])
    expect(target.received.map(({ path }) => path)).toEqual([
      `/v2/app/referrers/${digest}?artifactType=a`,
      `/v2/app/referrers/${digest}?page=2`,
    ])
  })

  it('come from the fallback tag where there is none, which is asked once', async () => {
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [one('a')] }
    const target = await server(({ path }) =>
      path.includes('/referrers/')
        ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }
        : { status: 200, headers: { 'content-type': OCI_INDEX }, body: JSON.stringify(index) },
    )
    const client = registry(target.url)
    for (let time = 0; time < 2; time += 1) expect(await client.referrers('app', digest)).toEqual([one('a')])
    expect(target.received.map(({ path }) => path.split('/')[3])).toEqual([
      'referrers',
      'manifests',
      'manifests',
    ])
    expect(target.received[1]?.path).toBe(`/v2/app/manifests/${digest.replace(':', '-')}`)
  })
})

describe('the content of a manifest', () => {
  it('leaves out what registries do not hold', () => {
    const { descriptor } = blobOf(Buffer.from('x'))
    const types = [
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    ]
    const layers = [
      descriptor,
      ...types.map((mediaType) => ({ ...descriptor, mediaType, urls: ['http://10.0.0.1/x'] })),
    ]
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config: descriptor, layers }))
    expect(contentOf({ bytes }).blobs).toEqual([descriptor, descriptor])
  })

  it.each([
    '',
    'no',
    '[',
    'null',
    '1',
    '{"layers": 1}',
    '{"manifests": [{}]}',
    '{"config": {"digest": 1}}',
    '{"layers":[null, 1]}',
  ])('that is none: %s', (text) => {
    expect(() => contentOf({ bytes: Buffer.from(text) })).toThrow('its manifest is none')
  })

  it('that never ends is not followed', async () => {
    const indexes: string[] = ['{}']
    for (let depth = 0; depth < 12; depth += 1) {
      const inner = indexes.at(-1) ?? ''
      const child = { mediaType: OCI_INDEX, digest: digestOf(Buffer.from(inner)), size: inner.length }
      indexes.push(JSON.stringify({ schemaVersion: 2, manifests: [child] }))
    }
    const target = await server(({ path }) => ({
      status: 200,
      headers: { 'content-type': OCI_INDEX },
      body: indexes.find((text) => path.endsWith(digestOf(Buffer.from(text)))) ?? indexes.at(-1) ?? '',
    }))
    const pulled = pullImage(
      registry(target.url),
      { name: 'app', reference: '1' },
      { manifest: () => undefined, blob: sink },
    )
    expect(await refusal(pulled)).toMatchObject({ code: 'invalid-manifest' })
    expect(target.received.length).toBeLessThan(11)
  })
})

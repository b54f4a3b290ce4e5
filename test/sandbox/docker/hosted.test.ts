// What a hosted repository does with pushes, pulls and deletions (docker-evidence 38 to 48, kkrepo-facts, nexr's API notes).
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  digestOf,
  type HostedRegistry,
  hostedRegistry,
  manifestOf,
  ociIndex,
  pushBlob,
  pushImage,
  putManifest,
} from './hosted-registry.ts'

const missing = digestOf('nothing')
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

describe('an upload', () => {
  const start = async (registry: HostedRegistry) => {
    const answer = await registry.ask('POST', '/v2/team/app/blobs/uploads/')
    return { answer, location: answer.headers.get('location') ?? '' }
  }

  it('starts as Nexus starts it', async () => {
    const { answer, location } = await start(await hostedRegistry())
    const id = answer.headers.get('docker-upload-uuid')
    expect([answer.status, answer.headers.get('range')]).toEqual([202, '0-0'])
    expect(location).toBe(`/v2/team/app/blobs/uploads/${id ?? ''}`)
  })

  it('grows by parts, tells how far it is, and becomes a layer', async () => {
    const registry = await hostedRegistry()
    const { location } = await start(registry)
    const patch = (range: string, body: string) =>
      registry.ask('PATCH', location, { headers: { 'content-range': range }, body })
    expect((await patch('0-2', 'abc')).headers.get('range')).toBe('0-2')
    const late = await patch('4-5', 'ef')
    expect([late.status, late.headers.get('range')]).toEqual([416, '0-2'])
    const state = await registry.ask('GET', location)
    expect([state.status, state.headers.get('range')]).toEqual([204, '0-2'])
    const end = await registry.ask('PUT', `${location}?digest=${digestOf('abcde')}`, { body: 'de' })
    expect([end.status, end.headers.get('location')]).toEqual([
      201,
      `/v2/team/app/blobs/${digestOf('abcde')}`,
    ])
    expect((await registry.ask('GET', `/v2/team/app/blobs/${digestOf('abcde')}`)).text).toBe('abcde')
    expect((await registry.ask('GET', location)).errors).toEqual([['BLOB_UPLOAD_UNKNOWN', null]])
  })

  it('of no bytes is a layer, too', async () => {
    const registry = await hostedRegistry()
    const { location } = await start(registry)
    expect((await registry.ask('PUT', `${location}?digest=${digestOf('')}`)).status).toBe(201)
    const { status, headers } = await registry.ask('GET', `/v2/a/blobs/${digestOf('')}`)
    expect([status, headers.get('content-length')]).toEqual([200, '0'])
  })

  it('goes when it is cancelled, when it is another digest, and belongs to its image', async () => {
    const registry = await hostedRegistry()
    const first = (await start(registry)).location
    expect((await registry.ask('GET', first.replace('team/app', 'other'))).status).toBe(404)
    expect((await registry.ask('DELETE', first)).status).toBe(204)
    expect((await registry.ask('DELETE', first)).status).toBe(404)
    const { location } = await start(registry)
    const wrong = await registry.ask('PUT', `${location}?digest=${missing}`, { body: 'abc' })
    expect([wrong.status, wrong.errors[0]?.[0]]).toEqual([400, 'DIGEST_INVALID'])
    expect((await registry.ask('GET', location)).status).toBe(404)
    expect((await registry.ask('HEAD', `/v2/a/blobs/${digestOf('abc')}`)).status).toBe(404)
  })

  it('is one request with a digest, and none where the layer is there', async () => {
    const registry = await hostedRegistry()
    const digest = await pushBlob(registry, 'a', 'layer')
    const mounted = await registry.ask('POST', `/v2/b/blobs/uploads/?mount=${digest}&from=a`)
    expect([mounted.status, mounted.headers.get('docker-content-digest')]).toEqual([201, digest])
    expect((await registry.ask('POST', `/v2/b/blobs/uploads/?mount=${missing}&from=a`)).status).toBe(202)
    const bad = await registry.ask('POST', `/v2/b/blobs/uploads/?digest=${missing}`, { body: 'x' })
    expect(bad.errors[0]?.[0]).toBe('DIGEST_INVALID')
  })
})

describe('a layer', () => {
  it('is answered as a 3.90.2 did', async () => {
    const registry = await hostedRegistry('3.90.2')
    const digest = await pushBlob(registry, 'a', 'layer')
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await registry.ask(method, `/v2/a/blobs/${digest}`)
      expect([status, text]).toEqual([200, method === 'GET' ? 'layer' : ''])
      expect(Object.fromEntries(headers)).toMatchObject({
        'accept-ranges': 'bytes',
        'content-length': '5',
        'content-type': 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        'docker-content-digest': digest,
        'docker-distribution-api-version': 'registry/2.0',
        etag: `"${sha1('layer')}"`,
        'x-xss-protection': '0',
      })
    }
  })

  it.each([
    ['bytes=1-2', 206, 'ay', 'bytes 1-2/5'],
    ['bytes=3-', 206, 'er', 'bytes 3-4/5'],
    ['bytes=-1', 206, 'r', 'bytes 4-4/5'],
    ['bytes=0-99', 206, 'layer', 'bytes 0-4/5'],
    ['bytes=5-', 416, '', 'bytes */5'],
    ['bytes=2-1', 200, 'layer', null],
    ['bytes=0-1,3-4', 200, 'layer', null],
  ])('in part: %s', async (range, status, text, said) => {
    const registry = await hostedRegistry()
    const digest = await pushBlob(registry, 'a', 'layer')
    const answer = await registry.ask('GET', `/v2/a/blobs/${digest}`, { headers: { range } })
    expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([status, text, said])
  })

  it('that is not there, or has no digest', async () => {
    const registry = await hostedRegistry()
    expect((await registry.ask('GET', `/v2/a/blobs/${missing}`)).errors[0]?.[0]).toBe('BLOB_UNKNOWN')
    expect((await registry.ask('GET', '/v2/a/blobs/sha256:abc')).status).toBe(400)
  })
})

describe('a manifest', () => {
  it('is there by tag and by digest, byte for byte, with its type', async () => {
    const registry = await hostedRegistry()
    const { status, digest, body, headers } = await pushImage(registry, 'team/app', '1')
    expect([status, headers.get('location')]).toEqual([201, `/v2/team/app/manifests/${digest}`])
    for (const reference of ['1', digest, digest.replace(':', '%3A')]) {
      const answer = await registry.ask('GET', `/v2/team/app/manifests/${reference}`)
      expect([answer.status, answer.text]).toEqual([200, body])
      expect(answer.headers.get('docker-content-digest')).toBe(digest)
      expect(answer.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json')
    }
    const head = await registry.ask('HEAD', '/v2/team/app/manifests/1')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)])
    const narrow = { accept: 'application/vnd.docker.distribution.manifest.v2+json' }
    expect((await registry.ask('GET', '/v2/team/app/manifests/1', { headers: narrow })).status).toBe(404)
  })

  it('that is not there', async () => {
    const registry = await hostedRegistry('3.90.2')
    const byTag = await registry.ask('GET', '/v2/cache/manifests/latest')
    expect([byTag.status, byTag.text.length]).toEqual([404, 110])
    const byDigest = await registry.ask('DELETE', `/v2/a/manifests/${missing}`)
    expect(byDigest.errors).toEqual([['MANIFEST_UNKNOWN', [{ Name: 'a' }, { Revision: missing }]]])
  })

  it('is refused without what it names', async () => {
    const registry = await hostedRegistry()
    const layer = digestOf('layer')
    const body = manifestOf('{}', 'layer')
    const first = await putManifest(registry, ['a', '1'], body)
    expect([first.status, first.errors]).toEqual([
      400,
      [
        ['MANIFEST_BLOB_UNKNOWN', digestOf('{}')],
        ['MANIFEST_BLOB_UNKNOWN', layer],
      ],
    ])
    const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digestOf(body) }] })
    const second = await putManifest(registry, ['a', '1'], index, ociIndex)
    expect(second.errors).toEqual([['MANIFEST_BLOB_UNKNOWN', digestOf(body)]])
    for (const text of ['{}', 'layer']) await pushBlob(registry, 'a', text)
    expect((await putManifest(registry, ['a', digestOf(body)], body)).status).toBe(201)
    expect((await putManifest(registry, ['a', '1'], index, ociIndex)).status).toBe(201)
    expect((await registry.ask('GET', '/v2/a/tags/list')).text).toBe('{"name":"a","tags":["1"]}')
  })

  it.each([
    ['no JSON', '1', 'x', 'MANIFEST_INVALID'],
    ['a list', '1', '[]', 'MANIFEST_INVALID'],
    ['no layers', '1', '{"config":{}}', 'MANIFEST_INVALID'],
    ['another digest', missing, '{}', 'DIGEST_INVALID'],
    ['no tag', '-1', '{}', 'TAG_INVALID'],
  ])('is refused: %s', async (_, reference, body, code) => {
    const answer = await putManifest(await hostedRegistry(), ['a', reference], body)
    expect([answer.status, answer.errors[0]?.[0]]).toEqual([400, code])
  })

  it('is refused when it is of another type, whatever it says', async () => {
    const registry = await hostedRegistry()
    const answer = await putManifest(registry, ['a', '1'], manifestOf('{}', 'layer'), 'application/json')
    expect([answer.status, answer.errors[0]?.[0]]).toEqual([400, 'MANIFEST_INVALID'])
  })

  it.each([
    ['3.81.1', []],
    ['3.89.0', ['1', '2']],
    ['3.96.3', []],
  ])('goes by digest on %s, and its tags are %j', async (version, tags) => {
    const registry = await hostedRegistry(version)
    const { digest } = await pushImage(registry, 'a', '1')
    await pushImage(registry, 'a', '2')
    await pushImage(registry, 'a', 'other', 'another layer')
    expect((await registry.ask('DELETE', `/v2/a/manifests/${digest}`)).status).toBe(202)
    expect((await registry.ask('HEAD', `/v2/a/manifests/${digest}`)).status).toBe(404)
    const { text } = await registry.ask('GET', '/v2/a/tags/list')
    expect((JSON.parse(text) as { tags: string[] }).tags).toEqual([...tags, 'other'])
  })

  it('goes by tag alone', async () => {
    const registry = await hostedRegistry()
    const { digest } = await pushImage(registry, 'a', '1')
    expect((await registry.ask('DELETE', '/v2/a/manifests/1')).status).toBe(202)
    expect((await registry.ask('GET', '/v2/a/manifests/1')).status).toBe(404)
    expect((await registry.ask('GET', `/v2/a/manifests/${digest}`)).status).toBe(200)
  })

  it('cannot be asked for by digest with HEAD on 3.96.0', async () => {
    const registry = await hostedRegistry('3.96.0')
    const { digest } = await pushImage(registry, 'a', '1')
    expect((await registry.ask('HEAD', `/v2/a/manifests/${digest}`)).status).toBe(500)
    expect((await registry.ask('HEAD', '/v2/a/manifests/1')).status).toBe(200)
    expect((await registry.ask('GET', `/v2/a/manifests/${digest}`)).status).toBe(200)
  })
})

describe('lists', () => {
  it.each([
    ['3.71.0', '', '/v2'],
    ['3.71.0', '/repository/images', '/v2'],
    ['3.96.0', '/repository/images', '/repository/images/v2'],
  ])('come page by page on %s below "%s"', async (version, below, prefix) => {
    const registry = await hostedRegistry(version)
    for (const tag of ['1', '2', '3']) await pushImage(registry, 'team/app', tag)
    await pushImage(registry, 'base', '1')
    const origin = below === '' ? registry.base : registry.sandbox.url
    const tags = await registry.ask('GET', `${origin}${below}/v2/team/app/tags/list?n=2&last=1`)
    expect([tags.text, tags.headers.get('link')]).toEqual(['{"name":"team/app","tags":["2","3"]}', null])
    const images = await registry.ask('GET', `${origin}${below}/v2/_catalog?n=1`)
    expect(images.text).toBe('{"repositories":["base"]}')
    expect(images.headers.get('link')).toBe(`<${origin}${prefix}/_catalog?n=1&last=base>; rel="next"`)
  })

  it('of an image that is not there', async () => {
    const { status, errors } = await (await hostedRegistry()).ask('GET', '/v2/a/tags/list')
    expect([status, errors[0]?.[0]]).toEqual([404, 'NAME_UNKNOWN'])
  })
})

describe('the deployment policy', () => {
  const storage = (policy: object) => ({
    storage: { blobStoreName: 'default', strictContentTypeValidation: true, ...policy },
  })

  it.each([
    ['3.29.2', 'Repository does not allow updating assets: images'],
    ['3.82.0', 'images/v2/a/manifests/1 cannot be updated'],
  ])('ALLOW_ONCE on %s', async (version, detail) => {
    const registry = await hostedRegistry(
      version,
      storage({ writePolicy: 'ALLOW_ONCE', latestPolicy: false }),
    )
    expect((await pushImage(registry, 'a', '1')).status).toBe(201)
    const again = await pushImage(registry, 'a', '1')
    expect([again.status, again.errors]).toEqual([400, [['BLOB_UPLOAD_INVALID', detail]]])
    expect((await pushImage(registry, 'a', '2')).status).toBe(201)
    expect((await pushImage(registry, 'a', 'latest')).status).toBe(201)
    expect((await pushImage(registry, 'a', 'latest')).status).toBe(400)
    expect((await registry.ask('DELETE', '/v2/a/manifests/1')).status).toBe(202)
    expect((await pushImage(registry, 'a', '1')).status).toBe(201)
  })

  it('ALLOW_ONCE with latestPolicy lets latest be pushed again', async () => {
    const registry = await hostedRegistry(
      '3.90.0',
      storage({ writePolicy: 'ALLOW_ONCE', latestPolicy: true }),
    )
    await pushImage(registry, 'a', 'latest')
    expect((await pushImage(registry, 'a', 'latest')).status).toBe(201)
  })

  it('ALLOW_ONCE refuses a layer that came first by another way, as a 3.82 did', async () => {
    const registry = await hostedRegistry('3.82.0', storage({ writePolicy: 'ALLOW_ONCE' }))
    const { headers } = await registry.ask('POST', '/v2/a/blobs/uploads/')
    const digest = await pushBlob(registry, 'b', 'layer')
    const late = `${headers.get('location') ?? ''}?digest=${digest}`
    const { status, errors } = await registry.ask('PUT', late, { body: 'layer' })
    const detail = `images/v2/-/blobs/${digest} cannot be updated`
    expect([status, errors]).toEqual([400, [['BLOB_UPLOAD_INVALID', detail]]])
  })

  it.each([
    ['3.77.1', 'Repository is read only: images'],
    ['3.90.0', 'images/v2/a/blobs/uploads/ is read-only'],
  ])('DENY on %s', async (version, detail) => {
    const registry = await hostedRegistry(version, storage({ writePolicy: 'DENY' }))
    const { status, errors } = await registry.ask('POST', '/v2/a/blobs/uploads/')
    expect([status, errors]).toEqual([400, [['BLOB_UPLOAD_INVALID', detail]]])
  })
})

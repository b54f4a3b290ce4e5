// The client against distribution's own registry, which is not ours.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestEvent } from '../../src/http/options.ts'
import { type DockerRegistry, htpasswd, startDockerRegistry, withDockerRegistry } from './docker-registry.ts'
import { all, blobOf, manifestOf, OCI_INDEX, OCI_MANIFEST, refusal, registry, sink, USER } from './helpers.ts'

describe.skipIf(!withDockerRegistry)('with docker-registry', () => {
  let open: DockerRegistry
  let closed: DockerRegistry

  beforeAll(async () => {
    open = await startDockerRegistry()
    closed = await startDockerRegistry({ users: htpasswd(USER.username, USER.password) })
  })
  afterAll(async () => {
    await open.close()
    await closed.close()
  })

  it('a ping says who is let in', async () => {
    const anybody = await registry(open.url).ping()
    expect(anybody).toMatchObject({
      status: 200,
      anonymous: true,
      challenges: [],
      apiVersion: 'registry/2.0',
    })
    const nobody = await registry(closed.url, { credentials: USER }).ping()
    expect(nobody).toMatchObject({ status: 401, anonymous: false })
    expect(nobody.challenges).toEqual([{ scheme: 'basic', parameters: { realm: 'test' } }])
  })

  it('pushes blobs and manifests, and reads them as they were', async () => {
    const it = registry(closed.url, { credentials: USER })
    const blobs = [blobOf(Buffer.from('{}')), blobOf(randomBytes(3_000_000)), blobOf(Buffer.alloc(0))]
    for (const { descriptor, source } of blobs) {
      expect(await it.hasBlob('team/app', descriptor.digest)).toBe(false)
      expect(await it.pushBlob('team/app', descriptor, source)).toBe('uploaded')
      expect(await it.pushBlob('team/app', descriptor, source)).toBe('exists')
    }
    const manifest = manifestOf(blobs)
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [{ mediaType: OCI_MANIFEST, digest: manifest.digest, size: manifest.bytes.length }],
      }),
    )
    expect(await it.putManifest('team/app', manifest.digest, manifest.bytes, OCI_MANIFEST)).toEqual({
      digest: manifest.digest,
    })
    const { digest } = await it.putManifest('team/app', 'all', index, OCI_INDEX)
    expect(await it.head('team/app', 'all')).toEqual({ mediaType: OCI_INDEX, digest, size: index.length })
    expect(await it.manifest('team/app', 'all')).toEqual({ mediaType: OCI_INDEX, digest, bytes: index })
    expect((await it.manifest('team/app', manifest.digest)).bytes.equals(manifest.bytes)).toBe(true)
    for (const { bytes, descriptor } of blobs) {
      const to = sink()
      await it.blob('team/app', descriptor, to)
      expect(to.bytes().equals(bytes)).toBe(true)
    }
    expect(await it.head('team/app', 'no')).toBeUndefined()
    expect(await it.head('team/none', 'no')).toBeUndefined()
    expect(await refusal(it.manifest('team/app', 'no'))).toMatchObject({ code: 'not-found', status: 404 })
  })

  it('mounts a blob of another name, and ends the upload of a mount that is none', async () => {
    const events: RequestEvent[] = []
    const it = registry(open.url, { onRequest: (event) => events.push(event) })
    const { descriptor, source } = blobOf(randomBytes(2000))
    const other = blobOf(randomBytes(2000))
    await it.pushBlob('a/base', descriptor, source)
    expect(await it.pushBlob('a/app', descriptor, source, { mountFrom: 'a/base' })).toBe('mounted')
    events.length = 0
    expect(await it.pushBlob('a/app', other.descriptor, other.source, { mountFrom: 'a/base' })).toBe(
      'uploaded',
    )
    expect(events.map(({ method }) => method)).toEqual(['HEAD', 'POST', 'PUT'])
    expect(events.map(({ path }) => path).join(' ')).toContain('_state=***')
  })

  it('ends an upload where it gives up', async () => {
    const events: RequestEvent[] = []
    const it = registry(open.url, { onRequest: (event) => events.push(event) })
    const { descriptor } = blobOf(randomBytes(2000))
    for (const [size, code] of [
      [2000, 'digest-mismatch'],
      [1999, 'size-mismatch'],
      [2001, 'size-mismatch'],
    ] as const) {
      const { source } = blobOf(randomBytes(size))
      expect(await refusal(it.pushBlob('left/app', descriptor, source))).toMatchObject({ code })
      expect(events.at(-1)?.method).toBe('DELETE')
      // 404: it has done so by itself, when the PUT was cut.
      expect([204, 404]).toContain(events.at(-1)?.status)
    }
    expect(await it.hasBlob('left/app', descriptor.digest)).toBe(false)
  })

  it('lists tags, deletes, and says what is not offered', async () => {
    const it = registry(open.url)
    const blob = blobOf(randomBytes(100))
    await it.pushBlob('t/app', blob.descriptor, blob.source)
    const manifest = manifestOf([blob])
    for (const tag of ['b', 'a', 'c']) await it.putManifest('t/app', tag, manifest.bytes, OCI_MANIFEST)
    expect((await all(it.tags('t/app'))).sort()).toEqual(['a', 'b', 'c'])
    const error = await refusal(it.deleteTag('t/app', 'a'))
    expect(error).toMatchObject({ status: 400, errors: [{ code: 'DIGEST_INVALID' }] })
    expect(await it.deleteManifest('t/app', manifest.digest)).toBe(true)
    expect(await it.deleteManifest('t/app', manifest.digest)).toBe(false)
    expect(await it.head('t/app', 'a')).toBeUndefined()
    expect(await it.deleteBlob('t/app', blob.descriptor.digest)).toBe(true)
    expect(await it.hasBlob('t/app', blob.descriptor.digest)).toBe(false)
    const unknown = await refusal(all(it.tags('t/none')))
    expect(unknown).toMatchObject({ code: 'not-found', errors: [{ code: 'NAME_UNKNOWN' }] })
  })

  it('says that the password is wrong, once it has been tried once', async () => {
    const events: RequestEvent[] = []
    const it = registry(closed.url, {
      credentials: { ...USER, password: 'wrong-password' },
      onRequest: (event) => events.push(event),
    })
    const error = await refusal(it.manifest('team/app', 'all'))
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, errors: [{ code: 'UNAUTHORIZED' }] })
    expect(error.headers['www-authenticate']).toBe('Basic realm="test"')
    expect(error.message).not.toContain('wrong-password')
    expect(events).toHaveLength(2)
  })

  it('a probe gives the answer as it is', async () => {
    const it = registry(closed.url, { credentials: USER })
    const ask = (authenticate: 'yes' | 'no' | 'basic' | 'anonymous') =>
      it.exchange({ method: 'GET', path: '/v2/none/manifests/x' }, { name: 'none', authenticate })
    expect((await ask('no')).answer.status).toBe(401)
    expect((await ask('anonymous')).answer.status).toBe(401)
    expect((await ask('basic')).answer.status).toBe(404)
    const { answer, url } = await ask('yes')
    expect([answer.status, url.href]).toEqual([404, `${closed.url}/v2/none/manifests/x`])
    expect(answer.text).toContain('MANIFEST_UNKNOWN')
  })

  it('refuses names that no registry has before it asks', async () => {
    const it = registry('http://127.0.0.1:1')
    for (const work of [
      it.head('A', 'x'),
      it.head('a/../b', 'x'),
      it.head('a', 'x y'),
      it.hasBlob('a', 'sha256:1'),
    ])
      await expect(work).rejects.toMatchObject({ code: 'invalid-reference', exitCode: 3 })
  })
})

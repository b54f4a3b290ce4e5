// A Docker group repository, asked as clients ask it: whose answer it gives, who may ask, and where a push goes.
import { describe, expect, it } from 'vitest'
import type { SandboxOptions } from '../../../src/sandbox/index.ts'
import { addUser, type Client, docker, dockerProxy, group, hosted, server } from '../repositories-client.ts'
import { ask, send } from './registry-client.ts'
import { digestOf, manifestType, scriptedRegistry } from './scripted-registry.ts'

const base = '/v1/repositories/docker'

/** A sandbox with the hosted repositories `one` and `two`, the proxy `up`, and the group `all` of them. */
async function grouped(
  version = '3.90.0',
  options: SandboxOptions = {},
  more: { members?: string[]; writableMember?: string } = {},
) {
  const upstream = await scriptedRegistry()
  const nexus = await server(version, options)
  for (const name of ['one', 'two']) await nexus.post(`${base}/hosted`, hosted(name, docker()))
  const proxy = { remoteUrl: upstream.url, contentMaxAge: 1440, metadataMaxAge: 1440 }
  await nexus.post(`${base}/proxy`, dockerProxy('up', { proxy }))
  const { members: memberNames = ['one', 'up', 'two'], writableMember } = more
  const answer = await nexus.post(
    `${base}/group`,
    group('all', memberNames, { ...docker(), group: { memberNames, writableMember } }),
  )
  expect([answer.status, answer.body]).toEqual([201, ''])
  return { nexus, upstream }
}

/** Pushes an image of one layer, and answers the layer's digest. */
async function push(nexus: Client, repository: string, image: string, content: string): Promise<string> {
  const layer = digestOf(Buffer.from(content))
  await send({ client: nexus, repository }, `POST ${image}/blobs/uploads/?digest=${layer}`, content)
  const [name = '', tag = ''] = image.includes(':') ? image.split(':') : [image, '1']
  const manifest = imageOf(layer, content.length)
  const { status } = await send(
    { client: nexus, repository },
    `PUT ${name}/manifests/${tag}`,
    manifest,
    manifestType,
  )
  expect(status).toBe(201)
  return layer
}

function imageOf(layer: string, size: number): string {
  const descriptor = { digest: layer, size, mediaType: 'application/vnd.oci.image.layer.v1.tar' }
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor,
    layers: [descriptor],
  })
}

function takeOffline({ sandbox }: Client, name: string): void {
  const repository = sandbox.state.repositories.find((entry) => entry.name === name)
  if (repository) repository.attributes = { ...repository.attributes, online: false }
}

describe('a group answers', () => {
  it('with the first member that has the manifest, with any that has the layer, with the tags of all', async () => {
    const { nexus, upstream } = await grouped()
    const first = await push(nexus, 'one', 'app', 'one')
    const second = await push(nexus, 'two', 'app', 'two')
    const third = upstream.blob('app', Buffer.from('three'))
    upstream.manifest('app', '1')
    upstream.manifest('app', '2')
    upstream.answers.set('/v2/app/tags/list', (_, response) =>
      response.end('{"name":"app","tags":["2","1"]}'),
    )
    expect((await ask(nexus, 'all', 'app/manifests/1')).bytes.toString()).toBe(imageOf(first, 3))
    expect(upstream.seen).toEqual([])
    expect((await ask(nexus, 'all', 'app/manifests/2')).status).toBe(200)
    for (const digest of [first, second, third]) {
      expect((await ask(nexus, 'all', `app/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200)
      expect(digestOf((await ask(nexus, 'all', `app/blobs/${digest}`)).bytes)).toBe(digest)
    }
    const { bytes } = await ask(nexus, 'all', 'app/tags/list')
    expect(JSON.parse(bytes.toString())).toEqual({ name: 'app', tags: ['1', '2'] })
  })

  it('with a layer under the name of another image, as a push asks for it', async () => {
    const { nexus, upstream } = await grouped()
    const layer = upstream.blob('app', Buffer.from('base'))
    await ask(nexus, 'all', `app/blobs/${layer}`)
    expect((await ask(nexus, 'all', `team/new/blobs/${layer}`, { method: 'HEAD' })).status).toBe(200)
    expect((await ask(nexus, 'one', `team/new/blobs/${layer}`, { method: 'HEAD' })).status).toBe(404)
  })

  it('through groups among its members', async () => {
    const { nexus } = await grouped()
    await push(nexus, 'two', 'app', 'two')
    await nexus.post(`${base}/group`, group('outer', ['all'], docker()))
    expect((await ask(nexus, 'outer', 'app/manifests/1')).status).toBe(200)
  })

  it('not found, whatever refused the members', async () => {
    const { nexus, upstream } = await grouped()
    upstream.answers.set('/v2/app/manifests/1', (_, response) => response.writeHead(403).end())
    expect((await ask(nexus, 'up', 'app/manifests/1')).status).toBe(403)
    const { status, error } = await ask(nexus, 'all', 'app/manifests/1')
    expect([status, error?.code]).toEqual([404, 'MANIFEST_UNKNOWN'])
    expect((await ask(nexus, 'all', 'app/tags/list')).error?.code).toBe('NAME_UNKNOWN')
  })

  it('who may read the group, though not its members', async () => {
    const { nexus } = await grouped()
    await push(nexus, 'one', 'app', 'one')
    addUser(nexus, 'reader', 'nexus:repository-view:docker:all:*')
    expect((await ask(nexus, 'all', 'app/manifests/1', { user: 'reader' })).status).toBe(200)
    expect((await ask(nexus, 'one', 'app/manifests/1', { user: 'reader' })).status).not.toBe(200)
  })
})

describe('offline members', () => {
  it.each([
    ['3.88.0', 200],
    ['3.89.0', 404],
  ])('%s: what they have is answered with %d', async (version, status) => {
    const { nexus, upstream } = await grouped(version)
    await push(nexus, 'one', 'app', 'one')
    upstream.manifest('base', '1')
    await ask(nexus, 'up', 'base/manifests/1')
    takeOffline(nexus, 'one')
    takeOffline(nexus, 'up')
    expect((await ask(nexus, 'all', 'app/manifests/1')).status).toBe(status)
    expect((await ask(nexus, 'all', 'base/manifests/1')).status).toBe(status)
  })

  it('ask no upstream', async () => {
    const { nexus, upstream } = await grouped('3.88.0')
    upstream.manifest('base', '1')
    takeOffline(nexus, 'up')
    expect((await ask(nexus, 'all', 'base/manifests/1')).status).toBe(404)
    expect(upstream.seen).toEqual([])
  })
})

describe('a push to a group', () => {
  it('is denied on Community, with the words of the server', async () => {
    const { nexus } = await grouped()
    for (const request of ['POST app/blobs/uploads/', 'PUT app/manifests/1']) {
      const { status, error } = await send({ client: nexus, repository: 'all' }, request, '{}', manifestType)
      expect([status, error]).toMatchObject([
        403,
        {
          code: 'DENIED',
          message:
            'Deploying to groups is a PRO-licensed feature. See https://links.sonatype.com/product-nexus-repository',
        },
      ])
    }
  })

  it('goes to the writable member on Pro', async () => {
    const { nexus } = await grouped('3.90.0', { edition: 'pro' }, { writableMember: 'two' })
    await push(nexus, 'all', 'app', 'layer')
    expect((await ask(nexus, 'two', 'app/manifests/1')).status).toBe(200)
    expect((await ask(nexus, 'one', 'app/manifests/1')).status).toBe(404)
  })

  it('takes layers of other members along, which a client does not send', async () => {
    const { nexus, upstream } = await grouped('3.90.0', { edition: 'pro' }, { writableMember: 'two' })
    const layer = upstream.blob('base', Buffer.from('base'))
    await ask(nexus, 'all', `base/blobs/${layer}`)
    const manifest = imageOf(layer, 4)
    expect(
      (await send({ client: nexus, repository: 'two' }, 'PUT app/manifests/1', manifest, manifestType))
        .status,
    ).toBe(400)
    expect(
      (await send({ client: nexus, repository: 'all' }, 'PUT app/manifests/1', manifest, manifestType))
        .status,
    ).toBe(201)
    expect(digestOf((await ask(nexus, 'two', `app/blobs/${layer}`)).bytes)).toBe(layer)
  })

  it('is not supported on Pro without one, nor where that one takes nothing', async () => {
    const { nexus } = await grouped('3.90.0', { edition: 'pro' })
    expect(
      (await send({ client: nexus, repository: 'all' }, 'POST app/blobs/uploads/', '')).error?.code,
    ).toBe('UNSUPPORTED')
    const other = await grouped('3.90.0', { edition: 'pro' }, { writableMember: 'two' })
    const storage = { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'DENY' }
    await other.nexus.put(`${base}/hosted/two`, hosted('two', { ...docker(), storage }))
    const { error } = await send({ client: other.nexus, repository: 'all' }, 'POST app/blobs/uploads/', '')
    expect(error).toMatchObject({ code: 'UNSUPPORTED', message: 'Group repository member two is read only' })
  })
})

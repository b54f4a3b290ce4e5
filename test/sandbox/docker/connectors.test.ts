// Where a registry answers: ports of repositories, paths, host names; and that its content is the repository's.

import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { addUser, docker, hosted, server } from '../repositories-client.ts'
import { hostedRegistry, pushBlob, pushImage } from './hosted-registry.ts'

const HOSTED = '/v1/repositories/docker/hosted'
const isOpen = (url: string) =>
  fetch(`${url}/v2/`).then(
    () => true,
    () => false,
  )

describe('a connector', () => {
  it('starts, restarts and stops with its repository', async () => {
    const lines: string[] = []
    const registry = await hostedRegistry('3.90.0', {}, { log: (line) => lines.push(line) })
    const first = registry.base
    expect(await isOpen(first)).toBe(true)
    await registry.put(`${HOSTED}/images`, hosted('images', docker({ httpPort: 8083 })))
    const second = registry.sandbox.connectorUrl('images') ?? ''
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true])
    await registry.put(`${HOSTED}/images`, hosted('images', docker()))
    expect([await isOpen(second), registry.sandbox.connectorUrl('images')]).toEqual([false, undefined])
    await registry.put(`${HOSTED}/images`, hosted('images', docker({ httpPort: 8082 })))
    const third = registry.sandbox.connectorUrl('images') ?? ''
    await registry.remove('/v1/repositories/images')
    expect(await isOpen(third)).toBe(false)
    expect(lines.map((line) => line.split('{')[0])).toEqual([
      'INFO Started ServerConnector',
      'INFO Stopped ServerConnector, repository images',
      'INFO Started ServerConnector',
      'INFO Stopped ServerConnector, repository images',
      'INFO Started ServerConnector',
      'INFO Stopped ServerConnector, repository images',
    ])
  })

  it('that cannot have its port is logged; the repository stays and answers by path', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const lines: string[] = []
    const nexus = await server('3.90.0', { connectorOffset: 1, log: (line) => lines.push(line) })
    const answer = await nexus.post(HOSTED, hosted('images', docker({ httpPort: port - 1 })))
    expect(answer.status).toBe(201)
    expect(lines).toEqual([
      expect.stringContaining('WARN Could not start connector: DockerConnectorConfiguration'),
    ])
    expect(lines[0]).toContain(`{repositoryName=images, scheme=http, port=${port}}`)
    expect((await fetch(`${nexus.sandbox.url}/repository/images/v2/`)).status).toBe(401)
  })

  it('knows `/v2/` alone, and neither faults nor requests are lost on it', async () => {
    const registry = await hostedRegistry(
      '3.90.0',
      {},
      { faults: ['503 GET /repository/images/v2/a/tags/list 1'] },
    )
    expect((await registry.ask('GET', '/')).status).toBe(400)
    expect((await registry.ask('GET', '/v2')).status).toBe(404)
    expect((await registry.ask('GET', '/v2/a/referrers/x')).status).toBe(404)
    expect((await registry.ask('GET', '/v2/a/tags/list')).status).toBe(503)
    expect((await registry.ask('GET', '/v2/a/tags/list')).status).toBe(404)
    const { requests } = registry.sandbox
    expect(requests.at(-1)?.path).toBe('/repository/images/v2/a/tags/list')
    expect(new Set(requests.map(({ number }) => number)).size).toBe(requests.length)
  })

  it('has no context path', async () => {
    const registry = await hostedRegistry('3.90.0', {}, { contextPath: '/nexus' })
    expect((await registry.ask('GET', '/v2/')).status).toBe(200)
    expect((await registry.ask('GET', `${registry.sandbox.url}/repository/images/v2/`)).status).toBe(200)
  })
})

describe('by path', () => {
  const sections = docker({ pathEnabled: true })

  it('from 3.83, with the repository before the image', async () => {
    const registry = await hostedRegistry('3.90.0', sections)
    const { url } = registry.sandbox
    const upload = await registry.ask('POST', `${url}/v2/images/team/app/blobs/uploads/`)
    expect(upload.headers.get('location')).toMatch(/^\/v2\/images\/team\/app\/blobs\/uploads\//)
    const other = await registry.ask('POST', `${url}/repository/images/v2/team/app/blobs/uploads/`)
    expect(other.headers.get('location')).toMatch(/^\/repository\/images\/v2\/team\/app\/blobs\/uploads\//)
    expect((await registry.ask('GET', `${url}/v2/`)).status).toBe(200)
    expect((await registry.ask('GET', `${url}/v2/_catalog`)).status).toBe(404)
    expect((await registry.ask('GET', `${url}/v2/nothing/a/tags/list`)).status).toBe(404)
  })

  it.each([
    ['3.82.0', sections],
    ['3.90.0', docker()],
  ])('not on %s with %j', async (version, without) => {
    const registry = await hostedRegistry(version, without)
    const { headers, status } = await registry.ask('GET', `${registry.sandbox.url}/v2/`)
    expect([status, headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')])
  })

  it('or by a label before the host name, on Pro', async () => {
    const registry = await hostedRegistry('3.90.0', docker({ subdomain: 'reg' }), { edition: 'pro' })
    const headers = { 'x-forwarded-host': 'reg.nexus.example' }
    expect((await registry.ask('GET', `${registry.sandbox.url}/v2/`, { headers })).status).toBe(200)
    expect((await registry.ask('GET', `${registry.sandbox.url}/v2/`)).status).toBe(404)
  })
})

it('answers a path that cannot be decoded, on every port', async () => {
  const registry = await hostedRegistry()
  for (const url of [registry.base, registry.sandbox.url])
    for (const path of ['/repository/%/v2/', '/v2/%', '/v2/%/a/tags/list'])
      expect((await registry.ask('GET', `${url}${path}`)).status).toBe(400)
})

describe('components and assets', () => {
  it.each([
    ['3.77.1', '/'],
    ['3.41.1', ''],
  ])('are tags, manifests and layers on %s', async (version, slash) => {
    const registry = await hostedRegistry(version)
    const { digest } = await pushImage(registry, 'team/app', '1')
    const components = (await registry.get('/v1/components?repository=images')).body as {
      items: { id: string; name: string; version: string; assets: { path: string; checksum: object }[] }[]
    }
    expect(components).toMatchObject({ continuationToken: null, items: [{ name: 'team/app', version: '1' }] })
    const { items } = (await registry.get('/v1/assets?repository=images')).body as {
      items: { path: string }[]
    }
    const manifests = ['1', digest].map((reference) => `${slash}v2/team/app/manifests/${reference}`)
    expect(items.map(({ path }) => path).filter((path) => path.includes('manifests'))).toEqual(manifests)
    expect(items.filter(({ path }) => path.startsWith(`${slash}v2/-/blobs/sha256:`))).toHaveLength(2)
    const [component] = components.items
    expect(component?.assets).toMatchObject([{ path: manifests[0], checksum: { sha256: digest.slice(7) } }])

    const path = `/v1/components/${component?.id ?? ''}`
    expect((await registry.get(path)).status).toBe(200)
    expect((await registry.remove(path)).status).toBe(204)
    expect((await registry.remove(path)).status).toBe(404)
    expect((await registry.ask('GET', '/v2/team/app/manifests/1')).status).toBe(404)
    expect((await registry.ask('GET', `/v2/team/app/manifests/${digest}`)).status).toBe(200)
  })

  it('come page by page, can be deleted one by one, and have their errors', async () => {
    const registry = await hostedRegistry('3.77.1')
    for (let count = 0; count < 12; count += 1) await pushBlob(registry, 'a', `layer ${count}`)
    const page = async (token = '') => {
      const { body } = await registry.get(`/v1/assets?repository=images${token}`)
      return body as { items: { id: string }[]; continuationToken: string | null }
    }
    const first = await page()
    const second = await page(`&continuationToken=${first.continuationToken ?? ''}`)
    expect([first.items.length, second.items.length, second.continuationToken]).toEqual([10, 2, null])
    expect((await registry.remove(`/v1/assets/${second.items[0]?.id ?? ''}`)).status).toBe(204)
    expect((await page()).items).toHaveLength(10)
    const status = async (path: string) => (await registry.get(path)).status
    expect(await status('/v1/assets')).toBe(422)
    expect(await status('/v1/assets/x')).toBe(422)
    expect(await status('/v1/components?repository=nothing')).toBe(404)
    addUser(registry, 'stranger', 'nexus:repository-view:docker:other:*')
    expect((await registry.get('/v1/components?repository=images', 'stranger')).status).toBe(403)
  })
})

describe('content', () => {
  it('goes with its repository', async () => {
    const registry = await hostedRegistry()
    await pushImage(registry, 'a', '1')
    await registry.remove('/v1/repositories/images')
    await registry.post(HOSTED, hosted('images', docker({ httpPort: 8082 })))
    const url = registry.sandbox.connectorUrl('images') ?? ''
    expect((await registry.ask('GET', `${url}/v2/_catalog`)).text).toBe('{"repositories":[]}')
  })

  it('is there after a restart on the same data directory, and what was not finished is not', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'nexus-docker-images-'))
    onTestFinished(() => rmSync(dataDirectory, { recursive: true }))
    const first = await hostedRegistry('3.90.0', {}, { dataDirectory })
    await pushImage(first, 'a', '1')
    const { headers } = await first.ask('POST', '/v2/a/blobs/uploads/')
    await first.ask('PATCH', headers.get('location') ?? '', { body: 'part' })
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('part')) })
    const single = `/v2/a/blobs/uploads/?digest=sha256:${'0'.repeat(64)}`
    const cut = expect(first.ask('POST', single, { body: endless })).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await first.sandbox.close()
    await cut
    const folders = readdirSync(join(dataDirectory, 'sandbox-images'), { recursive: true }).map(String)
    expect(folders.filter((path) => path.includes('uploads'))).toEqual([])

    const second = await startSandbox({ version: '3.90.0', dataDirectory, connectorOffset: 'free' })
    onTestFinished(() => second.close())
    const url = second.connectorUrl('images') ?? ''
    const answer = await first.ask('GET', `${url}/v2/a/manifests/1`)
    expect(answer.status).toBe(200)
  })

  it('leaves nothing behind without a data directory', async () => {
    const before = new Set(readdirSync(tmpdir()))
    const registry = await hostedRegistry()
    await pushImage(registry, 'a', '1')
    const [folder] = readdirSync(tmpdir()).filter((name) => {
      return !before.has(name) && existsSync(join(tmpdir(), name, 'sandbox-images'))
    })
    await registry.sandbox.close()
    expect(folder).toBeDefined()
    expect(existsSync(join(tmpdir(), folder ?? ''))).toBe(false)
  })
})

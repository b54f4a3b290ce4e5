// Docker proxies and groups with real programs at both ends: Debian's docker-registry, or a second sandbox, as the upstream, and skopeo as
// the client. Skipped, visibly, where a program is not installed.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fillUpstream, pushSample } from '../../../scripts/lib/sample-upstream.js'
import { type Client, docker, dockerProxy, group, server } from '../repositories-client.ts'
import { ask } from './registry-client.ts'

const has = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nexus-docker-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** docker-registry on loopback, with the sample image in it. */
async function realRegistry(): Promise<{ remoteUrl: string; digest: string }> {
  const storage = folder()
  const address = `127.0.0.1:${await freePort()}`
  const configuration = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: storage } },
    http: { addr: address },
  }
  const file = join(storage, 'configuration.yml')
  writeFileSync(file, JSON.stringify(configuration))
  const registry = spawn('docker-registry', ['serve', file], { stdio: 'ignore' })
  onTestFinished(async () => {
    registry.kill()
    await once(registry, 'exit')
  })
  const remoteUrl = `http://${address}`
  for (let time = 0; time < 100; time++) {
    if (await fetch(`${remoteUrl}/v2/`).catch(() => undefined)) break
    await delay(100)
  }
  return { remoteUrl, digest: await pushSample(remoteUrl, 'library/hello', 'latest') }
}

/** A sandbox whose group `all` has one member, a proxy of the registry. */
async function behind(remoteUrl: string, authentication?: object): Promise<Client> {
  const nexus = await server('3.90.0')
  const proxy = { remoteUrl, contentMaxAge: 1440, metadataMaxAge: 1440 }
  const httpClient = { blocked: false, autoBlock: true, authentication }
  await nexus.post('/v1/repositories/docker/proxy', dockerProxy('up', { proxy, httpClient }))
  const connectors = docker({ pathEnabled: true })
  await nexus.post('/v1/repositories/docker/group', group('all', ['up'], connectors))
  return nexus
}

/** Copies the image for all platforms through the group, and answers its digest. */
async function copyWithSkopeo({ sandbox }: Client): Promise<string> {
  const to = folder()
  const { host } = new URL(sandbox.url)
  const source = `docker://${host}/all/library/hello:latest`
  const login = ['--src-creds', `${sandbox.username}:${sandbox.password}`]
  await promisify(execFile)('skopeo', [
    'copy',
    '--all',
    '--src-tls-verify=false',
    ...login,
    source,
    `oci:${to}:x`,
  ])
  expect(existsSync(join(to, 'index.json'))).toBe(true)
  const { stdout } = await promisify(execFile)('skopeo', ['inspect', '--raw', `oci:${to}:x`])
  return stdout
}

describe('an image of an upstream', () => {
  it.runIf(has('docker-registry'))('is pulled from docker-registry', async () => {
    const { remoteUrl, digest } = await realRegistry()
    const nexus = await behind(remoteUrl)
    const accept = 'application/vnd.oci.image.index.v1+json'
    const { headers } = await ask(nexus, 'all', 'library/hello/manifests/latest', { headers: { accept } })
    expect(headers.get('docker-content-digest')).toBe(digest)
    if (has('skopeo')) expect(await copyWithSkopeo(nexus)).toContain('arm64')
  })

  it.each([
    ['with its user and password', false],
    ['with an anonymous token', true],
  ])('is pulled from another Nexus, %s', async (_, token) => {
    const upstream = await server('3.90.0')
    const { remoteUrl, digest } = await fillUpstream(upstream.sandbox, { token })
    const { username, password } = upstream.sandbox
    const nexus = await behind(remoteUrl, token ? undefined : { type: 'username', username, password })
    const accept = 'application/vnd.oci.image.index.v1+json'
    const { headers } = await ask(nexus, 'all', 'library/hello/manifests/latest', { headers: { accept } })
    expect(headers.get('docker-content-digest')).toBe(digest)
    if (has('skopeo')) expect(await copyWithSkopeo(nexus)).toContain('arm64')
    // all of it is there, without the upstream
    upstream.sandbox.state.phase = 'refused'
    if (has('skopeo')) expect(await copyWithSkopeo(nexus)).toContain('arm64')
  })
})

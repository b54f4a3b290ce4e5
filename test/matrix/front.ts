// The sandbox behind a rendered reverse proxy: one file has the repositories and the way in, and the program makes both of it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Routing } from '../../src/edge/edge.ts'
import { startDockerRegistry } from '../programs/docker-registry.ts'
import { type FrontName, startFront } from '../programs/fronts.ts'
import { seed } from '../programs/image.ts'
import { freePort, type Workshop } from '../programs/workshop.ts'
import { makeReader, type Program, type Target } from './target.ts'

export const routings = ['path', 'two-hosts', 'namespace', 'method'] as const satisfies readonly Routing[]

/** Which front, and how it finds repositories. */
export interface Through {
  front: FrontName
  routing: (typeof routings)[number]
}

interface Ports {
  pull: number
  push: number
  ours: number
  all: number
}

function fileOf({ routing }: Through, ports: Ports, urls: { nexus: string; upstream: string }): string {
  const byPath = routing === 'path'
  const connector = (port: number) => (byPath ? '' : `, httpPort: ${port}`)
  return `version: 1
bootstrap: {acceptEula: true}
anonymousPull: true
repositories:
  ours: {type: hosted, writePolicy: allow${connector(ports.ours)}}
  up: {type: proxy, remoteUrl: "${urls.upstream}"}
  all: {type: group, members: [ours, up]${connector(ports.all)}}
edge:
  routing: ${routing}
  hosts: {pull: "127.0.0.1:${ports.pull}"${routing === 'two-hosts' ? `, push: "127.0.0.1:${ports.push}"` : ''}}
  upstream: "${urls.nexus}"
  ${routing === 'namespace' ? 'namespaces: [acme]' : ''}
`
}

/** The hosted repository for pushes and the group for pulls, by the names that clients use. */
export async function frontTarget(
  workshop: Workshop,
  { startSandbox, cli }: Program,
  through: Through,
): Promise<Target> {
  const { front, routing } = through
  const upstream = await startDockerRegistry(workshop)
  const sandbox = await startSandbox()
  workshop.onClose(async () => {
    await sandbox.stop()
  })
  const [pull = 0, push = 0, ours = 0, all = 0] = await Promise.all([1, 2, 3, 4].map(freePort))
  const ports = { pull, push, ours, all }
  const file = workshop.file(
    'repos.yml',
    fileOf(through, ports, { nexus: sandbox.url, upstream: upstream.url }),
  )
  const out = workshop.place(front)
  for (const args of [
    ['apply', '-f', file, '--yes'],
    ['render', front, '-f', file, '--out', out],
  ]) {
    const { code, stdout, stderr } = await cli(args, sandbox.env)
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}\n${stdout}${stderr}`)
  }
  const files = readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(out.length + 1), text: readFileSync(path, 'utf8') }))
  await startFront(front, files, routing === 'two-hosts' ? [pull, push] : [pull], workshop)
  const { username, password, url } = sandbox
  const administrator = { username, password }
  const reader = await makeReader(url, administrator)
  const prefixOf = (name: string) => (routing === 'path' ? `${name}/` : '')
  return {
    name: `the sandbox behind ${front} (${routing})`,
    modes: ['front'],
    address(role) {
      if (role !== 'ours' && role !== 'all') return undefined
      const port = role === 'ours' && routing === 'two-hosts' ? push : pull
      return { host: `127.0.0.1:${port}`, prefix: prefixOf(role), repositoryUrl: `${url}/repository/${role}` }
    },
    administrator,
    ...(routing === 'namespace' && { namespace: 'acme/' }),
    ...((routing === 'namespace' || routing === 'method') && { isOneName: true }),
    ...(reader && { reader }),
    upstream,
    seedUpstream: (name, tag, image) => seed({ base: upstream.url, name, tag }, image),
    anonymous: true,
  }
}

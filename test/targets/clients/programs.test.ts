// The rendered files in the hands of the programs that they are for: each asks our registry, and asks it for the right thing.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Edge } from '../../../src/edge/edge.ts'
import { certificates } from '../../http/certificates.ts'
import { openWorkshop, reasonToSkip, type Workshop } from '../../programs/workshop.ts'
import { edgeFor } from '../edges.ts'
import { render } from './render.ts'
import { type SmallRegistry, startSmallRegistry } from './small-registry.ts'

type Way = 'path' | 'two-hosts'

interface Lab {
  workshop: Workshop
  registry: SmallRegistry
  edge: Edge
  /** The files of a target below a new folder; without the CA where that is to be missed. */
  rendered: (target: string, options?: { trusting: boolean }) => string
}

/** A registry, and the way in that leads to it: `https` with the private CA of the tests. */
async function openLab(
  routing: Way,
  { https = false, login }: { https?: boolean; login?: string } = {},
): Promise<Lab> {
  const { localhost, ca } = certificates()
  const registry = await startSmallRegistry(https ? localhost : undefined, login)
  const workshop = openWorkshop()
  onTestFinished(async () => {
    registry.close()
    await workshop.close()
  })
  const edge = edgeFor({
    routing,
    anonymous: true,
    hosts: { pull: registry.host },
    tls: https ? { endsFurtherOut: true, ca: 'ca.crt' } : undefined,
  })
  return {
    workshop,
    registry,
    edge,
    rendered(target, { trusting } = { trusting: true }) {
      const folder = workshop.place(target)
      for (const { name, text } of render(target, edge, trusting ? { caCertificates: ca } : {}).files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
      return folder
    },
  }
}

/** Which repositories were asked: what stands before the image's name. */
function asked({ registry }: Lab, image: string): string[] {
  const found = registry.requests.flatMap((line) => {
    const [, path = ''] = line.split(' ')
    return path.includes(`/${image}/`) ? [path.slice(0, path.indexOf(`/${image}/`))] : []
  })
  return [...new Set(found)]
}

const ctr = reasonToSkip('ctr', 'containerd')
it('has containerd', ({ skip }) => {
  skip(ctr !== undefined, ctr)
})

async function startContainerd({
  workshop,
}: Lab): Promise<(...argv: string[]) => ReturnType<Workshop['run']>> {
  const folder = workshop.place('ctrd')
  const socket = join(folder, 's')
  const config = workshop.file(
    'config.toml',
    `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${socket}"
[ttrpc]
address = "${socket}t"
`,
  )
  const run = (...argv: string[]) => workshop.run(['ctr', '--address', socket, ...argv])
  await workshop.daemon(
    ['containerd', '--config', config],
    async () => existsSync(socket) && (await run('version')).ok,
  )
  return run
}

describe.skipIf(ctr !== undefined)('containerd', () => {
  it.each([
    ['path', true, ['/v2/docker-hub', '/v2/quay']],
    ['two-hosts', true, ['/repository/docker-hub/v2', '/repository/quay/v2']],
    ['two-hosts', false, ['/repository/docker-hub/v2', '/repository/quay/v2']],
  ] as const)('%s, TLS %s: asks %s', async (routing, https, expected) => {
    const lab = await openLab(routing, { https })
    const run = await startContainerd(lab)
    const certs = join(lab.rendered('containerd'), 'certs.d')
    const pull = (image: string) =>
      run('images', 'pull', '--snapshotter', 'native', '--hosts-dir', certs, image)
    const outcomes = [await pull('docker.io/library/app:1'), await pull('quay.io/library/app:1')]
    expect(outcomes.map(({ ok, text }) => (ok ? 'ok' : text))).toEqual(['ok', 'ok'])
    expect(asked(lab, 'library/app')).toEqual(expected)
    // By the full name, too: the host of ours is trusted as the mirrors are.
    const own = await pull(`${lab.registry.host}/own/app:1`)
    expect(own.text, own.command).toContain('done')
    expect(asked(lab, 'own/app')).toEqual(['/v2'])
  })
})

it.skipIf(ctr !== undefined)('containerd trusts by these files alone', async () => {
  const lab = await openLab('path', { https: true })
  const run = await startContainerd(lab)
  const certs = join(lab.rendered('containerd', { trusting: false }), 'certs.d')
  const { text } = await run('images', 'pull', '--hosts-dir', certs, 'docker.io/library/app:1')
  expect(text).toContain('certificate signed by unknown authority')
})

const containers = reasonToSkip('skopeo', 'podman')
it('has skopeo and podman', ({ skip }) => {
  skip(containers !== undefined, containers)
})

describe.skipIf(containers !== undefined)('skopeo and podman', () => {
  it.each([
    ['path', false, '/v2/quay'],
    ['path', true, '/v2/quay'],
    ['two-hosts', false, '/v2'],
  ] as const)('%s, TLS %s: ask %s', async (routing, https, expected) => {
    const lab = await openLab(routing, { https })
    const folder = lab.rendered('podman')
    // In a mount namespace of its own the folder is /etc/containers.
    writeFileSync(join(folder, 'policy.json'), '{"default": [{"type": "insecureAcceptAnything"}]}')
    writeFileSync(join(folder, 'registries.conf'), 'unqualified-search-registries = ["docker.io"]\n')
    const within = (...argv: string[]) =>
      lab.workshop.run([
        'unshare',
        '-m',
        'sh',
        '-c',
        `mount --bind ${folder} /etc/containers && exec "$@"`,
        'sh',
        ...argv,
      ])
    const store = [
      '--storage-driver',
      'vfs',
      '--root',
      lab.workshop.place('root'),
      '--runroot',
      lab.workshop.place('run'),
    ]
    for (const argv of [
      ['skopeo', 'copy', 'docker://quay.io/team/app:1', `dir:${lab.workshop.place('copy')}`],
      ['podman', ...store, 'pull', 'quay.io/team/app:1'],
      ['podman', ...store, 'pull', `${lab.registry.host}/own/app:1`],
    ]) {
      const { ok, text, command } = await within(...argv)
      expect(ok ? 'ok' : `${command}\n${text}`).toBe('ok')
    }
    expect(asked(lab, 'team/app')).toEqual([expected])
    expect(asked(lab, 'own/app')).toEqual(['/v2'])
  })
})

const engine = reasonToSkip('dockerd', '/usr/bin/docker', 'containerd', 'runc')
it('has a Docker engine', ({ skip }) => {
  skip(engine !== undefined, engine)
})

it.skipIf(engine !== undefined)('a Docker engine starts with daemon.json and asks the mirror', async () => {
  const lab = await openLab('two-hosts')
  const folder = lab.workshop.place('dockerd')
  const own = (name: string) => join(folder, name)
  const host = `unix://${own('s')}`
  const run = (...argv: string[]) => lab.workshop.run(['/usr/bin/docker', '-H', host, ...argv])
  await lab.workshop.daemon(
    [
      ...['dockerd', '--data-root', own('d'), '--exec-root', own('e'), '--pidfile', own('pid'), '-H', host],
      ...['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=vfs'],
      ...['--config-file', join(lab.rendered('docker'), 'daemon.json')],
    ],
    async () => existsSync(own('s')) && (await run('version')).ok,
  )
  const { stdout } = await run('info', '--format', '{{json .RegistryConfig}}')
  expect(JSON.parse(stdout)).toMatchObject({
    Mirrors: [`http://${lab.registry.host}/`],
    IndexConfigs: { [lab.registry.host]: { Secure: false } },
  })
  const pulled = await run('pull', 'team/app:1')
  expect(pulled.ok, pulled.text).toBe(true)
  expect(asked(lab, 'team/app')).toEqual(['/v2'])
})

const signing = reasonToSkip('skopeo', 'dash')
describe.skipIf(signing !== undefined)('login.sh', () => {
  const access = { NEXUS_USERNAME: 'ci', NEXUS_PASSWORD: `a 'b" $c \\` }

  it('logs in with a password that no quoting would survive', async () => {
    const lab = await openLab('two-hosts', { login: `ci:${access.NEXUS_PASSWORD}` })
    const file = join(lab.rendered('login'), 'login.sh')
    const { ok, text } = await lab.workshop.run(['dash', file, 'skopeo'], { env: access })
    expect(text).toContain('Login Succeeded')
    expect(ok).toBe(true)
    const wrong = await lab.workshop.run(['dash', file, 'skopeo'], {
      env: { ...access, NEXUS_PASSWORD: 'x' },
    })
    expect(wrong.ok).toBe(false)
  })

  it('says which clients there are, and what it needs', async () => {
    const lab = await openLab('two-hosts')
    const file = join(lab.rendered('login'), 'login.sh')
    const { text } = await lab.workshop.run(['dash', file, 'rkt'], { env: access })
    expect(text).toContain('name one of docker, podman, skopeo, crane, helm, oras')
    const nobody = await lab.workshop.run(['dash', file, 'skopeo'])
    expect(nobody.text).toContain('NEXUS_USERNAME')
  })
})

describe.skipIf(signing !== undefined)('pull-secret.sh', () => {
  it('gives kubectl one secret for every host, by a pipe', async () => {
    const lab = await openLab('two-hosts')
    const file = join(lab.rendered('pull-secret'), 'pull-secret.sh')
    const tools = lab.workshop.place('bin')
    const kubectl =
      '#!/bin/sh\necho "kubectl $*" >&2\nif [ "$1" = create ]; then cat /dev/stdin; else cat; fi\n'
    writeFileSync(join(tools, 'kubectl'), kubectl, { mode: 0o755 })
    const NEXUS_PASSWORD = `p"a'ss\\${'x'.repeat(80)}`
    const env = { PATH: `${tools}:${process.env['PATH']}`, NEXUS_USERNAME: 'ci', NEXUS_PASSWORD }
    const { ok, stdout, text } = await lab.workshop.run(['dash', file, '--namespace', 'apps'], { env })
    expect(ok, text).toBe(true)
    const auth = Buffer.from(`ci:${NEXUS_PASSWORD}`).toString('base64')
    expect(JSON.parse(stdout)).toEqual({ auths: { [lab.registry.host]: { auth } } })
    const commands = text.split('\n').filter((line) => line.startsWith('kubectl'))
    expect(commands.join('\n')).not.toContain('ci')
    expect(commands.every((line) => line.endsWith('--namespace apps'))).toBe(true)
  })
})

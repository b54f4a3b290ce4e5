// Clients that know of a private CA and of mirrors by the rendered files alone: on a machine of its own, by the names and ports that users
// have, with five registries of the world that nobody but Nexus trusts.
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Rendered } from '../../src/targets/contract.ts'
import { program } from '../helpers/program.ts'
import { checkFront } from '../programs/fronts.ts'
import { buildContext, type Image, makeImage } from '../programs/image.ts'
import { type OwnMachine, openOwnMachine } from '../programs/own-machine.ts'
import { type Daemon, type Outcome, openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'
import { answering } from '../targets/clients/small-registry.ts'
import { certificateFor, certificateForExample } from '../targets/fronts/certificate.ts'

const reason =
  reasonToSkip(
    ...['unshare', 'nsenter', 'setpriv', 'ip', 'update-ca-certificates', 'openssl', 'nginx', 'curl', 'jq'],
    ...['dockerd', '/usr/bin/docker', 'containerd', 'ctr', 'runc', 'skopeo', 'podman'],
  ) ?? (process.getuid?.() === 0 || process.env['CI'] ? undefined : 'not root')

it('has the programs that it needs', ({ skip }) => {
  skip(reason !== undefined, reason)
})

/** Host of each registry, by what the names of its images begin with. */
const world = {
  'docker.io': 'registry-1.docker.io',
  'quay.io': 'quay.io',
  'registry.k8s.io': 'registry.k8s.io',
  'ghcr.io': 'ghcr.io',
  'gcr.io': 'gcr.io',
}
type Domain = keyof typeof world
const domains = Object.keys(world) as Domain[]

const [front, elsewhere] = ['10.99.0.1', '10.99.0.2']
const worldNames = `127.0.0.1 localhost\n${elsewhere} ${Object.values(world).join(' ')}\n`
const names = `${front} registry.example.com hub.example.com\n`

/** What an engine needs to start here, written as nobody but its administrator would. */
const daemonJson = `{ "bridge": "none", "iptables": false,  "ip6tables": false,
    "storage-driver":"vfs"}`

const before = {
  hosts: `${worldNames}${names}`,
  'docker/daemon.json': daemonJson,
  'containers/policy.json': '{"default": [{"type": "insecureAcceptAnything"}]}\n',
  'containers/registries.conf': 'unqualified-search-registries = ["docker.io"]\n',
  'containerd/config.toml': 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n',
}

const reposYml = (folder: string) => `version: 1
bootstrap: {acceptEula: true}
anonymousPull: true
repositories:
  ours: {type: hosted, writePolicy: allow}
  hub: {type: proxy, upstream: docker-hub}
  quay: {type: proxy, upstream: quay.io}
  k8s: {type: proxy, upstream: registry.k8s.io}
  ghcr: {type: proxy, upstream: ghcr.io}
  gcr: {type: proxy, upstream: gcr.io}
  all: {type: group, members: [ours, hub, quay, k8s, ghcr, gcr]}
edge:
  routing: path
  hosts: {pull: registry.example.com, repositories: {hub: hub.example.com}}
  upstream: http://127.0.0.1:8081
  tls: {certificate: ${folder}/cert.pem, key: ${folder}/key.pem, ca: ca.crt}
`

interface Registry {
  image: Image
  requests: string[]
}

interface Lab extends OwnMachine {
  workshop: Workshop
  registries: Record<Domain, Registry>
  file: string
  /** The built program in the machine. */
  cli: (...args: string[]) => Promise<Outcome>
}

const access = { NEXUS_URL: 'http://127.0.0.1:8081', NEXUS_USERNAME: 'admin', NEXUS_PASSWORD: 'admin123' }

async function openLab(workshop: Workshop): Promise<Lab> {
  const machine = await openOwnMachine(workshop, { addresses: [front, elsewhere], etc: before })
  const { inside, at } = machine
  const { ca, certificate, key } = certificateForExample()
  const file = workshop.file('repos.yml', '')
  const folder = dirname(file)
  const files = { 'repos.yml': reposYml(folder), 'cert.pem': certificate, 'key.pem': key, 'ca.crt': ca }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const cli = async (...args: string[]) => {
    const outcome = await inside.run([process.execPath, ...program, ...args], { env: access })
    if (!outcome.ok) throw new Error(`${outcome.command}\n${outcome.text}`)
    return outcome
  }
  const pem = certificateFor(Object.values(world))
  await startSandbox(inside, workshop.file('world-ca.pem', pem.ca))
  await cli('apply', '-f', file, '--yes')
  const { stdout } = await cli('render', 'nginx', '-f', file, '-o', 'json')
  const { files: rendered, notes } = JSON.parse(stdout) as Rendered
  const registries = await startRegistries(workshop, at('/mnt'))
  const worldConf = { name: 'world.conf', text: worldServers(workshop, pem) }
  const { checked, start } = await checkFront('nginx', { files: [...rendered, worldConf], notes }, inside)
  expect(checked?.text).toContain('successful')
  const answers = async () => (await inside.run(['curl', '-k', 'https://registry.example.com/v2/'])).ok
  await inside.daemon(start, answers)
  await inside.daemon(['containerd'], async () => (await inside.run(['ctr', 'version'])).ok)
  return { ...machine, workshop, registries, file, cli }
}

async function startSandbox(inside: Workshop, ca: string): Promise<void> {
  const command = [process.execPath, ...program, 'sandbox']
  const answers = async () =>
    (await inside.run(['curl', '--fail', `${access.NEXUS_URL}/service/rest/v1/status`])).ok
  await inside.daemon(command, answers, { env: { NODE_EXTRA_CA_CERTS: ca } })
}

/** One of them behind each Unix socket: these lead out of a network. */
async function startRegistries(workshop: Workshop, folder: string): Promise<Record<Domain, Registry>> {
  const started = domains.map(async (domain) => {
    const image = makeImage()
    const { requests, answer } = answering(image)
    const path = join(folder, world[domain])
    const server = createServer(answer).listen({ path, writableAll: true, readableAll: true })
    await once(server, 'listening')
    workshop.onClose(() => {
      server.closeAllConnections()
      server.close()
    })
    return [domain, { image, requests }] as const
  })
  return Object.fromEntries(await Promise.all(started)) as Record<Domain, Registry>
}

type Pem = ReturnType<typeof certificateFor>

/** In the same nginx, because of the port; at another address. */
function worldServers(workshop: Workshop, { certificate, key }: Pem): string {
  const tls = `ssl_certificate ${workshop.file('cert.pem', certificate)}; ssl_certificate_key ${workshop.file('key.pem', key)};`
  const listening = `listen ${elsewhere}:443 ssl; ${tls}`
  const server = (host: string) =>
    `server { server_name ${host}; ${listening} location / { proxy_pass http://unix:/mnt/${host}:; } }`
  return Object.values(world).map(server).join('\n')
}

/** With the settings and in the places that it has on any machine: it finds containerd. */
const startEngine = (inside: Workshop): Promise<Daemon> =>
  inside.daemon(['dockerd'], async () => (await inside.run([docker, 'version'])).ok)

const docker = '/usr/bin/docker'

interface Client {
  /** Pulls and forgets what it pulled. */
  pull: (reference: string) => Promise<Outcome>
  /** What it asks mirrors for. */
  mirrors: readonly Domain[]
}

function clientsOf({ inside }: Lab): Record<string, Client> {
  const forgetting = async (pull: readonly string[], forget: readonly string[]) => {
    const outcome = await inside.run(pull)
    if (outcome.ok) await inside.run(forget)
    return outcome
  }
  const [root, runroot] = [inside.place('root'), inside.place('run')]
  const podman = ['podman', '--storage-driver', 'vfs', '--root', root, '--runroot', runroot]
  const options = ['--snapshotter', 'native', '--hosts-dir', '/etc/containerd/certs.d']
  return {
    docker: {
      mirrors: ['docker.io'],
      pull: (name) => forgetting([docker, 'pull', name], [docker, 'image', 'rm', '--force', name]),
    },
    containerd: {
      mirrors: domains,
      pull: (name) =>
        forgetting(['ctr', 'images', 'pull', ...options, name], ['ctr', 'images', 'rm', '--sync', name]),
    },
    skopeo: {
      mirrors: domains,
      pull: (name) => inside.run(['skopeo', 'copy', `docker://${name}`, `dir:${inside.place('copy')}`]),
    },
    podman: {
      mirrors: domains,
      pull: (name) => forgetting([...podman, 'pull', name], [...podman, 'rmi', '--force', name]),
    },
  }
}

describe.skipIf(reason !== undefined)('a private CA', () => {
  let workshop: Workshop
  let lab: Lab
  let clients: Record<string, Client>
  let engine: Daemon

  beforeAll(async () => {
    workshop = openWorkshop()
    lab = await openLab(workshop)
    clients = clientsOf(lab)
    engine = await startEngine(lab.inside)
  }, 180_000)
  beforeEach(() => writeFileSync(lab.at('/etc/hosts'), before.hosts))
  afterAll(() => workshop.close())

  /** `client name: ok`, or why not. */
  async function pullAll(namesOf: (client: Client) => readonly string[]): Promise<string[]> {
    const all = Object.entries(clients).map(async ([name, client]) => {
      const said: string[] = []
      for (const reference of namesOf(client)) {
        const { ok, text } = await client.pull(reference)
        const trouble = /x509: certificate signed by unknown authority/.exec(text)?.[0] ?? text
        said.push(`${name} ${reference}: ${ok ? 'ok' : trouble}`)
      }
      return said
    })
    return (await Promise.all(all)).flat()
  }

  const everything = ({ mirrors }: Client) => [
    ...mirrors.map((domain) => `${domain}/team/app:1`),
    'registry.example.com/quay/team/app:1',
  ]
  const expected = (outcome: string) =>
    Object.entries(clients).flatMap(([name, client]) =>
      everything(client).map((reference) => `${name} ${reference}: ${outcome}`),
    )

  /** What the registries of the world were asked for this image. */
  const asked = () => Object.values(lab.registries).flatMap(({ requests }) => requests.filter(isOfApp).sort())
  const isOfApp = (line: string) => line.includes('/team/app/')
  const eachOnce = () =>
    Object.values(lab.registries).flatMap(({ image: { config, layers } }) => {
      const blobs = [config, ...layers].map(({ digest }) => `GET /v2/team/app/blobs/${digest}`)
      return [...blobs.sort(), 'GET /v2/team/app/manifests/1']
    })

  it('is trusted by nobody without the files, and neither is the world', async () => {
    expect(await pullAll(everything)).toEqual(expected('x509: certificate signed by unknown authority'))
    expect(asked()).toEqual([])
  })

  it('is trusted by the rendered files alone, and each registry of the world has a mirror', async () => {
    const untouched = lab.tree()
    const places = { docker: 'docker', containerd: 'containerd', podman: 'containers' }
    for (const [target, folder] of Object.entries(places))
      await lab.cli('render', target, '-f', lab.file, '--out', `/etc/${folder}`)
    await lab.inside.run(['sh', '-c', 'kill -HUP "$(cat /run/docker.pid)"'])
    await engineHas(['https://hub.example.com/'])
    expect(await pullAll(everything)).toEqual(expected('ok'))
    expect(asked()).toEqual(eachOnce())
    for (const folder of Object.values(places)) rmSync(lab.at(`/etc/${folder}/certs.d`), { recursive: true })
    rmSync(lab.at('/etc/containers/registries.conf.d'), { recursive: true })
    writeFileSync(lab.at('/etc/docker/daemon.json'), daemonJson)
    expect(lab.tree()).toEqual(untouched)
    await restartEngine()
  })

  /** Without a list in its file it keeps the one that it had (daemon/reload.go of moby). */
  async function restartEngine() {
    await engine.stop()
    engine = await startEngine(lab.inside)
    await engineHas([])
  }

  /** It reads its file some time after the signal. */
  async function engineHas(mirrors: readonly string[]) {
    const info = [docker, 'info', '--format', '{{json .RegistryConfig.Mirrors}}']
    const known = async () => JSON.parse((await lab.inside.run(info)).stdout) as string[] | null
    await expect.poll(async () => (await known()) ?? [], { timeout: 20_000 }).toEqual(mirrors)
  }

  async function setUp(...options: string[]): Promise<Outcome> {
    const folder = workshop.place('setup')
    await lab.cli('render', 'client-setup', '-f', lab.file, '--out', folder)
    return lab.inside.run(['sh', join(folder, 'client-setup.sh'), ...options])
  }

  const curl = () => lab.inside.run(['curl', '--silent', '--show-error', 'https://registry.example.com/v2/'])

  it('client-setup.sh does the same, and takes all of it back', async () => {
    // Nor does the machine know the names.
    writeFileSync(lab.at('/etc/hosts'), worldNames)
    const untouched = lab.tree()
    const done = await setUp('--hosts', front)
    expect(done.text).toContain('https://registry.example.com/v2/ answers')
    expect(done.ok).toBe(true)
    await engineHas(['https://hub.example.com/'])
    expect(await pullAll(everything)).toEqual(expected('ok'))
    // All clients once more, and no more work for the world.
    expect(asked()).toEqual(eachOnce())

    expect((await curl()).text).toContain('unable to get local issuer certificate')
    expect((await setUp('--hosts', front, '--system-trust')).ok).toBe(true)
    expect((await curl()).ok).toBe(true)

    const removed = await setUp('--remove')
    expect(removed.ok, removed.text).toBe(true)
    expect(lab.tree()).toEqual(untouched)
    expect(removed.text).toContain('docker keeps its registry-mirrors until it is restarted')
    writeFileSync(lab.at('/etc/hosts'), before.hosts)
    await restartEngine()
    expect((await curl()).text).toContain('unable to get local issuer certificate')
    expect(await pullAll(everything)).toEqual(expected('x509: certificate signed by unknown authority'))
  })

  it('lets docker push and pull by the public name', async () => {
    await setUp()
    const run = async (argv: string[], input?: string) => {
      const { ok, command, text } = await lab.inside.run([docker, ...argv], { ...(input && { input }) })
      expect(ok ? 'ok' : `${command}\n${text}`).toBe('ok')
    }
    const context = buildContext(workshop, 'registry.example.com/ghcr/team/app:1')
    const image = 'registry.example.com/ours/team/private:1'
    const { NEXUS_USERNAME, NEXUS_PASSWORD } = access
    const login = ['login', '-u', NEXUS_USERNAME, '--password-stdin', 'registry.example.com']
    await run(login, NEXUS_PASSWORD)
    await run(['build', '--tag', image, context])
    await run(['push', image])
    await run(['image', 'rm', '--force', image])
    expect(await pullAll(() => [image])).toEqual(Object.keys(clients).map((name) => `${name} ${image}: ok`))
    expect(asked()).toEqual(eachOnce())
    expect((await setUp('--remove')).ok).toBe(true)
  })

  it.each([
    ['the names', before.hosts, []],
    ['the address of the front', worldNames, [front]],
  ])('does not keep verify from its proof: by %s', async (_, hosts, address) => {
    writeFileSync(lab.at('/etc/hosts'), hosts)
    const { stdout } = await lab.cli('verify', '-f', lab.file, '--through', ...address, '-o', 'json')
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string }[] }
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([])
    const proved = checks.map(({ id }) => id)
    expect(proved).toEqual(expect.arrayContaining(['ours.push', 'hub.pull-through', 'gcr.pull-through']))
  })
})

// Programs with a daemon: Debian's Docker Engine, by its classic builder and by BuildKit, and containerd with ctr. They need to be root.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildContext } from '../image.ts'
import type { Outcome, Workshop } from '../workshop.ts'
import { type Access, type Client, digestIn, forget, inTurn, type Session } from './client.ts'

/** Not a newer client that may stand earlier on the PATH: it has no BuildKit without buildx. */
const docker = '/usr/bin/docker'

interface EngineOptions {
  config: string
  buildKit?: boolean
  input?: string
}

type Engine = (argv: string[], options: EngineOptions) => Promise<Outcome>

/** One engine for both of its clients. */
const engines = new WeakMap<Workshop, Promise<Engine>>()

async function startEngine(workshop: Workshop, options: { mirrors?: string[] } = {}): Promise<Engine> {
  const folder = workshop.place('dockerd')
  const socket = join(folder, 's')
  const host = `unix://${socket}`
  const config = workshop.file('daemon.json', JSON.stringify({ 'registry-mirrors': options.mirrors ?? [] }))
  const own = (name: string) => join(folder, name)
  await workshop.daemon(
    [
      ...['dockerd', '--data-root', own('d'), '--exec-root', own('e'), '--pidfile', own('pid'), '-H', host],
      ...['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=vfs'],
      ...['--config-file', config],
    ],
    async () => existsSync(socket) && (await workshop.run([docker, '-H', host, 'version'])).ok,
  )
  return (argv, { config, buildKit = false, input }) =>
    workshop.run([docker, '--config', config, '-H', host, ...argv], {
      env: { DOCKER_BUILDKIT: buildKit ? '1' : '0' },
      ...(input !== undefined && { input }),
    })
}

async function engineSession(workshop: Workshop, buildKit: boolean): Promise<Session> {
  const engine = engines.get(workshop) ?? startEngine(workshop)
  engines.set(workshop, engine)
  const call = await engine
  const config = workshop.place('docker')
  const run = (argv: string[], input?: string) =>
    call(argv, { config, buildKit, ...(input !== undefined && { input }) })
  const build = (context: string, reference: string) =>
    run(['build', ...(buildKit ? ['--progress', 'plain'] : []), '--pull', '--tag', reference, context])
  const push = (context: string, reference: string) =>
    inTurn(
      () => build(context, reference),
      () => run(['push', reference]),
    ).finally(() => run(['image', 'rm', '--force', reference]))
  const signing: Pick<Session, 'signIn' | 'signOut'> = {
    signIn: (host, who) => run(['login', '-u', who.username, '--password-stdin', host], who.password),
    signOut: (host) => forget(join(config, 'config.json'), host),
  }
  const pushOver = (base: string, reference: string) =>
    push(buildContext(workshop, base), reference).finally(() => run(['image', 'rm', '--force', base]))
  const engineItself: Session = {
    ...signing,
    async pull(reference) {
      const outcome = await run(['pull', reference])
      await run(['image', 'rm', '--force', reference])
      const digest = digestIn(/Digest: (\S+)/.exec(outcome.stdout)?.[1] ?? '')
      return digest === undefined ? outcome : { ...outcome, digest }
    },
    push: (image, reference) => push(image.context, reference),
    pushOver,
  }
  if (!buildKit) return engineItself
  // What BuildKit does itself is to pull; the engine pushes as ever.
  return {
    ...signing,
    pushOver,
    async pull(reference) {
      const outcome = await build(buildContext(workshop, reference), 'built')
      await run(['image', 'rm', '--force', 'built'])
      await run(['builder', 'prune', '--all', '--force'])
      return outcome
    },
  }
}

export const engine: Client = {
  name: 'docker',
  programs: ['dockerd', docker, 'containerd', 'runc'],
  start: (workshop) => engineSession(workshop, false),
}

export const buildKit: Client = {
  name: 'buildkit',
  programs: ['dockerd', docker, 'containerd', 'runc'],
  start: (workshop) => engineSession(workshop, true),
}

export const containerd: Client = {
  name: 'ctr',
  programs: ['ctr', 'containerd'],
  async start(workshop) {
    const folder = workshop.place('ctrd')
    const socket = join(folder, 's')
    const lines = [
      'version = 2',
      `root = "${join(folder, 'root')}"`,
      `state = "${join(folder, 'state')}"`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      `[grpc]\naddress = "${socket}"`,
      `[ttrpc]\naddress = "${socket}t"`,
    ]
    const config = workshop.file('config.toml', `${lines.join('\n')}\n`)
    const run = (...argv: string[]) => workshop.run(['ctr', '--address', socket, ...argv])
    await workshop.daemon(
      ['containerd', '--config', config],
      async () => existsSync(socket) && (await run('version')).ok,
    )
    const users = new Map<string, Access>()
    const access = (reference: string): string[] => {
      const who = users.get(reference.split('/', 1)[0] ?? '')
      return ['--plain-http', ...(who === undefined ? [] : ['--user', `${who.username}:${who.password}`])]
    }
    return {
      signIn(host, who) {
        users.set(host, who)
        return Promise.resolve(undefined)
      },
      signOut(host) {
        users.delete(host)
        return Promise.resolve()
      },
      async pull(reference) {
        const outcome = await run(
          'images',
          'pull',
          '--snapshotter',
          'native',
          ...access(reference),
          reference,
        )
        const digest = digestIn((await run('images', 'ls', `name==${reference}`)).stdout)
        await run('images', 'rm', '--sync', reference)
        return digest === undefined ? outcome : { ...outcome, digest }
      },
      push(image, reference) {
        const archive = join(workshop.place('tar'), 'image.tar')
        return inTurn(
          () => workshop.run(['tar', '--create', '--file', archive, '--directory', image.layout, '.']),
          () => run('images', 'import', '--no-unpack', '--base-name', 'import', archive),
          () => run('images', 'tag', '--force', 'import:app', reference),
          () => run('images', 'push', ...access(reference), reference),
        ).finally(() => run('images', 'rm', '--sync', 'import:app', reference))
      },
    }
  },
}

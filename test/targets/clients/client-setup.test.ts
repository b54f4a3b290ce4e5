// client-setup.sh in a throw-away root: what it makes, makes again, and takes back.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Edge } from '../../../src/edge/edge.ts'
import { find, type Outcome, openWorkshop, reasonToSkip, type Workshop } from '../../programs/workshop.ts'
import { edgeFor } from '../edges.ts'
import { render, someCertificate } from './render.ts'
import { startSmallRegistry } from './small-registry.ts'

const reason = reasonToSkip('dash', 'shellcheck', 'jq', 'python3', 'curl')
it('has the programs of a machine', ({ skip }) => {
  skip(reason !== undefined, reason)
})

const secured = edgeFor({ routing: 'two-hosts', anonymous: true })
const plain = edgeFor({
  routing: 'namespace',
  anonymous: true,
  hosts: { pull: 'registry.lan:8080' },
  tls: undefined,
})

interface Machine {
  root: string
  /** Runs the script on it; an object has other programs, as shell, in place of those of the machine. */
  setup: (edge: Edge, ...options: (string | Record<string, string>)[]) => Promise<Outcome>
  write: (path: string, text: string | Buffer) => void
  read: (path: string) => string
  /** Every folder and file with its rights and content. */
  tree: () => string[]
}

interface MachineOptions {
  /** What merges JSON there. */
  tools?: readonly string[]
  /** Status that curl reports. */
  status?: string
  shell?: readonly string[]
}

const ordinary = [
  'sh',
  'cat',
  'cp',
  'mv',
  'rm',
  'mkdir',
  'rmdir',
  'dirname',
  'cmp',
  'cut',
  'find',
  'grep',
  'iconv',
  'id',
  'chmod',
  'mktemp',
  'readlink',
  'sed',
  'sha256sum',
  'sort',
  'tail',
  'touch',
  'kill',
]

/** A shim that looks further along the PATH would find nothing there. */
function programAt(name: string): string {
  if (name !== 'python3') return find(name) ?? name
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
}

/** A root folder with Docker, podman and containerd, and a PATH with nothing but what the script may count on. */
function openMachine({ tools = ['jq'], status = '401', shell = ['dash'] }: MachineOptions = {}): Machine {
  const workshop: Workshop = openWorkshop()
  onTestFinished(() => workshop.close())
  const root = workshop.place('a root')
  const bin = workshop.place('bin')
  for (const name of [...ordinary, ...tools]) symlinkSync(programAt(name), join(bin, name))
  writeFileSync(join(bin, 'curl'), `#!/bin/sh\nprintf %s ${status}\n`, { mode: 0o755 })
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const folder of ['docker', 'containers', 'containerd'])
    mkdirSync(join(root, 'etc', folder), { recursive: true })
  write('etc/hosts', '127.0.0.1 localhost\n')
  return {
    root,
    setup(edge, ...options) {
      const { text } = render('client-setup', edge, { caCertificates: someCertificate }).files[0] ?? {
        text: '',
      }
      const script = workshop.file('client-setup.sh', text)
      const others = workshop.place('others')
      for (const [name, body] of options.flatMap((one) =>
        typeof one === 'string' ? [] : Object.entries(one),
      ))
        writeFileSync(join(others, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
      const words = options.filter((one) => typeof one === 'string')
      return workshop.run([...shell, script, '--root', root, ...words], { env: { PATH: `${others}:${bin}` } })
    },
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    tree: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .map((name) => {
          const { mode } = statSync(join(root, name))
          const isFile = statSync(join(root, name)).isFile()
          return `${mode.toString(8)} ${name} ${isFile ? readFileSync(join(root, name), 'utf8') : ''}`
        })
        .sort(),
  }
}

const foreign = '{"log-driver":"local",\n   "registry-mirrors":["https://other"]}'

describe.skipIf(reason !== undefined)('client-setup.sh', () => {
  it.each([
    ['two hosts with a private CA', secured],
    ['without TLS', plain],
    ['names in the path', edgeFor({ routing: 'path' })],
    ['ports', edgeFor({ routing: 'ports', anonymous: true })],
  ])('is good shell: %s', async (_, edge) => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    for (const name of ['client-setup', 'login', 'pull-secret'])
      for (const { name: file, text } of render(name, edge, { caCertificates: someCertificate }).files) {
        const outcome = await workshop.run(['shellcheck', '--shell=sh', workshop.file(file, text)])
        expect(outcome.text).toBe('')
      }
  })

  it('writes what the targets of the clients write', async () => {
    const machine = openMachine()
    const { ok, text } = await machine.setup(secured)
    expect(ok, text).toBe(true)
    const ca = someCertificate
    // It has copies of what others may not read.
    expect(statSync(join(machine.root, 'var/lib/nexus-docker')).mode & 0o777).toBe(0o700)
    expect(machine.read('etc/docker/certs.d/push.example.com/ca.crt')).toBe(ca)
    expect(machine.read('etc/containers/certs.d/registry.example.com/ca.crt')).toBe(ca)
    expect(machine.read('etc/containerd/certs.d/registry.example.com/ca.crt')).toBe(ca)
    for (const [target, folder, file] of [
      ['podman', 'containers', 'registries.conf.d/nexus-docker.conf'],
      ['containerd', 'containerd', 'certs.d/quay.io/hosts.toml'],
    ] as const) {
      const expected = render(target, secured, { caCertificates: ca }).text(file)
      expect(machine.read(`etc/${folder}/${file}`)).toBe(
        expected.replace(`render ${target}`, 'render client-setup'),
      )
    }
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toEqual({
      'registry-mirrors': ['https://registry.example.com'],
    })
  })

  it.each([
    ['jq', ['jq']],
    ['python3', ['python3']],
  ])('twice is once, and --remove leaves what was there, by %s', async (_, tools) => {
    const machine = openMachine({ tools })
    machine.write('etc/docker/daemon.json', foreign)
    chmodSync(join(machine.root, 'etc/docker/daemon.json'), 0o600)
    machine.write('etc/hosts', '127.0.0.1 localhost')
    machine.write('etc/containerd/certs.d/quay.io/hosts.toml', 'server = "https://quay.io"\n')
    mkdirSync(join(machine.root, 'usr/local/share/ca-certificates'), { recursive: true })
    const before = machine.tree()
    const hosts = ['--hosts', '10.0.0.9']
    const dry = await machine.setup(plain, '--dry-run', ...hosts)
    expect(dry.text).toContain('would change /etc/docker/daemon.json')
    expect(machine.tree()).toEqual(before)

    for (const edge of [plain, secured]) {
      const options = edge === plain ? hosts : [...hosts, '--system-trust']
      expect((await machine.setup(edge, ...options)).ok).toBe(true)
      const after = machine.tree()
      const again = await machine.setup(edge, ...options)
      expect(again.text).toContain('nothing to change')
      expect(machine.tree()).toEqual(after)
    }
    expect(existsSync(join(machine.root, 'usr/local/share/ca-certificates/nexus-docker.crt'))).toBe(true)
    expect(machine.read('etc/hosts')).toBe(
      '127.0.0.1 localhost\n10.0.0.9 push.example.com registry.example.com nexus.example.com # nexus-docker\n',
    )
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toEqual({
      'log-driver': 'local',
      'registry-mirrors': ['https://registry.example.com', 'https://other'],
    })

    const removed = await machine.setup(secured, '--remove')
    expect(removed.ok, removed.text).toBe(true)
    expect(machine.tree()).toEqual(before)
    expect((await machine.setup(secured, '--remove')).ok).toBe(true)
    expect(machine.tree()).toEqual(before)
  })

  it.each([[['jq']], [['python3']]])('keeps what others wrote meanwhile, by %s', async (tools) => {
    const machine = openMachine({ tools })
    machine.write('etc/docker/daemon.json', foreign)
    await machine.setup(plain, '--hosts', 'fd00::9')
    const merged = JSON.parse(machine.read('etc/docker/daemon.json')) as Record<string, unknown>
    machine.write('etc/docker/daemon.json', JSON.stringify({ ...merged, debug: true, dns: [] }))
    machine.write('etc/hosts', `${machine.read('etc/hosts')}10.1.1.1 other\n`)
    await machine.setup(plain, '--hosts', 'fd00::9')
    expect(machine.read('etc/hosts').match(/nexus-docker/g)).toHaveLength(1)
    await machine.setup(plain, '--remove')
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toEqual({
      'log-driver': 'local',
      'registry-mirrors': ['https://other'],
      debug: true,
      dns: [],
    })
    expect(machine.read('etc/hosts')).toBe('127.0.0.1 localhost\n10.1.1.1 other\n')
  })

  it('takes a daemon.json of its own away, but not what somebody added to it', async () => {
    const machine = openMachine()
    await machine.setup(plain)
    const own = JSON.parse(machine.read('etc/docker/daemon.json')) as object
    machine.write('etc/docker/daemon.json', JSON.stringify({ ...own, debug: true }))
    await machine.setup(plain, '--remove')
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toEqual({ debug: true })
    const other = openMachine()
    await other.setup(plain)
    await other.setup(plain, '--remove')
    expect(existsSync(join(other.root, 'etc/docker/daemon.json'))).toBe(false)
  })

  it('leaves what somebody put where a file of its own was', async () => {
    const machine = openMachine()
    const path = 'etc/containerd/certs.d/registry.lan_8080_/hosts.toml'
    await machine.setup(plain)
    await machine.setup(secured)
    expect(existsSync(join(machine.root, path))).toBe(false)
    machine.write(path, 'server = "https://other"\n')
    await machine.setup(secured, '--remove')
    expect(machine.read(path)).toBe('server = "https://other"\n')
  })

  it('does not claim entries that were there', async () => {
    const machine = openMachine()
    const there =
      '{"insecure-registries": ["registry.lan:8080"], "registry-mirrors": ["http://registry.lan:8080"]}'
    machine.write('etc/docker/daemon.json', there)
    await machine.setup(plain)
    expect(machine.read('etc/docker/daemon.json')).toBe(there)
    await machine.setup(plain, '--remove')
    expect(machine.read('etc/docker/daemon.json')).toBe(there)
  })

  it.each([
    ['{"registry-mirrors": "https://other"}', 'registry-mirrors and insecure-registries lists'],
    ['{"registry-mirrors": ""}', 'cannot merge'],
    ['{"registry-mirrors": false}', 'cannot merge'],
    ['{"registry-mirrors": {}}', 'cannot merge'],
    ['{"bip": ', 'cannot merge'],
    ['[]', 'cannot merge'],
    ['null', 'cannot merge'],
    ['{"bip": ""} {}', 'it must be a JSON object'],
    ['{"mtu": 12345678901234567890}', 'without very large numbers'],
    ['{"labels": [\n1e400]}', 'cannot merge'],
    [Buffer.from('{"bip": "\xff"}', 'latin1'), 'in UTF-8'],
  ])('changes nothing where it cannot merge %s, by jq or python3', async (there, why) => {
    for (const tools of [['jq'], ['python3']])
      for (const edge of [plain, secured]) {
        const machine = openMachine({ tools })
        machine.write('etc/docker/daemon.json', there)
        const before = machine.tree()
        const { code, text } = await machine.setup(edge)
        expect(text).toContain(why)
        expect(code).toBe(1)
        expect(machine.tree()).toEqual(before)
      }
  })

  it('changes nothing where there is nothing to merge with', async () => {
    const machine = openMachine({ tools: [] })
    machine.write('etc/docker/daemon.json', foreign)
    const before = machine.tree()
    const { code, text } = await machine.setup(plain)
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('jq or python3') as string })
    expect(machine.tree()).toEqual(before)
  })

  it.each([[['jq']], [['python3']]])('takes a null for no list, by %s', async (tools) => {
    const machine = openMachine({ tools })
    const there = '{"registry-mirrors": null, "label": "1234567890123456789", "bip": "ü"}'
    machine.write('etc/docker/daemon.json', there)
    expect((await machine.setup(secured)).ok).toBe(true)
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toEqual({
      'registry-mirrors': ['https://registry.example.com'],
      label: '1234567890123456789',
      bip: 'ü',
    })
    await machine.setup(secured, '--remove')
    expect(machine.read('etc/docker/daemon.json')).toBe(there)
  })

  it('writes through a link, and leaves it', async () => {
    const machine = openMachine()
    const path = join(machine.root, 'etc/docker/daemon.json')
    machine.write('srv/daemon.json', foreign)
    symlinkSync('../../srv/daemon.json', path)
    const before = machine.tree()
    expect((await machine.setup(plain)).ok).toBe(true)
    expect(machine.read('srv/daemon.json')).toContain('registry.lan:8080')
    const after = machine.tree()
    expect((await machine.setup(plain)).text).toContain('nothing to change')
    expect(machine.tree()).toEqual(after)
    await machine.setup(plain, '--remove')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(machine.tree()).toEqual(before)
  })

  it('asks nothing of a file that it does not change', async () => {
    const machine = openMachine()
    rmSync(join(machine.root, 'etc/hosts'))
    symlinkSync('/etc/passwd', join(machine.root, 'etc/hosts'))
    machine.write('etc/docker/daemon.json', 'wrong')
    expect((await machine.setup(edgeFor({ routing: 'two-hosts' }))).ok).toBe(true)
    const { code, text } = await machine.setup(secured, '--hosts', '10.0.0.9')
    expect({ code, text }).toEqual({
      code: 1,
      text: expect.stringContaining('/etc/hosts is a link') as string,
    })
  })

  it.each([
    ['etc/docker/daemon.json', 'nowhere.json', 'is no file, nor a link to one'],
    ['etc/containerd/certs.d/quay.io/hosts.toml', '../..', 'is no file, nor a link to one'],
    ['etc/docker/daemon.json', '/etc/passwd', 'is a link that leads out of '],
  ])('refuses %s as a link to %s', async (path, target, why) => {
    const machine = openMachine()
    mkdirSync(join(machine.root, dirname(path)), { recursive: true })
    symlinkSync(target, join(machine.root, path))
    const { code, text } = await machine.setup(plain)
    expect(text).toContain(`/${path} ${why}`)
    expect(code).toBe(1)
    expect(existsSync(join(machine.root, 'var'))).toBe(false)
    expect(existsSync(join(machine.root, 'etc/containers/registries.conf.d'))).toBe(false)
  })

  it('sets up the clients that are there and no others', async () => {
    const machine = openMachine()
    for (const name of ['docker', 'containerd']) rmSync(join(machine.root, 'etc', name), { recursive: true })
    machine.write('usr/bin/containerd', '')
    chmodSync(join(machine.root, 'usr/bin/containerd'), 0o755)
    await machine.setup(secured)
    const there = (name: string) => existsSync(join(machine.root, 'etc', name))
    expect(['docker', 'containers/registries.conf.d', 'containerd/certs.d'].map(there)).toEqual([
      false,
      true,
      true,
    ])
  })

  it('is done by the next run where one was killed, and taken back all the same', async () => {
    const machine = openMachine()
    machine.write('etc/docker/daemon.json', foreign)
    const before = machine.tree()
    const killed = await machine.setup(plain, '--hosts', '10.0.0.9', { mv: 'kill -9 $PPID' })
    expect(killed.code).not.toBe(0)
    expect(machine.tree()).not.toEqual(before)
    await machine.setup(plain, '--remove')
    expect(machine.tree()).toEqual(before)
    const again = await machine.setup(plain, {
      mv: 'case $* in *daemon.json*) kill -9 $PPID; exit ;; esac; exec /bin/mv "$@"',
    })
    expect(again.code).not.toBe(0)
    expect(machine.read('etc/docker/daemon.json')).toBe(foreign)
    expect((await machine.setup(plain)).ok).toBe(true)
    expect(JSON.parse(machine.read('etc/docker/daemon.json'))).toHaveProperty('insecure-registries')
    await machine.setup(plain, '--remove')
    expect(machine.tree()).toEqual(before)
  })

  it.each([
    [plain, '--system-trust', 'there is no private CA'],
    [secured, '--system-trust', 'no folder for one'],
    [
      edgeFor({ routing: 'ports', hosts: { pull: '10.0.0.5' }, tls: undefined }),
      '--hosts=10.0.0.9',
      'the registry has no name',
    ],
  ])('says so where it cannot do what is asked', async (edge, option, why) => {
    const machine = openMachine()
    const before = machine.tree()
    const { code, text } = await machine.setup(edge, ...option.split('='))
    expect(code).toBe(1)
    expect(text).toContain(why)
    expect(machine.tree()).toEqual(before)
  })

  it('says its options', async () => {
    const { ok, text } = await openMachine().setup(secured, '--help')
    expect({ ok, text }).toEqual({
      ok: true,
      text: expect.stringMatching(/^usage: sh client-setup\.sh \[--dry-run\] .*\n$/) as string,
    })
  })

  it('reloads no Docker of this machine for a folder', async () => {
    const machine = openMachine()
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const heard = join(workshop.folder, 'heard')
    const daemon = await workshop.daemon(
      ['dash', '-c', `trap 'echo hup >>${heard}' HUP; echo $$ >${heard}.pid; while :; do sleep 0.05; done`],
      () => existsSync(`${heard}.pid`) && readFileSync(`${heard}.pid`, 'utf8') !== '',
    )
    machine.write('var/run/docker.pid', readFileSync(`${heard}.pid`, 'utf8'))
    for (const options of [[], ['--remove']])
      expect((await machine.setup(plain, ...options)).text).not.toContain('reload docker')
    expect(existsSync(heard)).toBe(false)
    await daemon.stop()
  })

  it('ends with a request to the registry, and says where none answers', async () => {
    const good = await openMachine({ status: '401' }).setup(secured)
    expect(good.text).toContain('https://registry.example.com/v2/ answers, and asks for a login')
    const { code, text } = await openMachine({ status: '404' }).setup(secured)
    expect(code).toBe(1)
    expect(text).toContain('no registry at https://registry.example.com/v2/: status 404')
  })

  it('asks a real registry', async () => {
    const registry = await startSmallRegistry()
    onTestFinished(registry.close)
    const machine = openMachine({ tools: ['jq'] })
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const edge = edgeFor({ routing: 'path', hosts: { pull: registry.host }, tls: undefined })
    const script = workshop.file('client-setup.sh', render('client-setup', edge).text('client-setup.sh'))
    const { ok, text } = await workshop.run(['dash', script, '--root', machine.root])
    expect(ok, text).toBe(true)
    expect(registry.requests).toEqual(['GET /v2/'])
  })

  it.each([
    [['--frobnicate'], 'unknown option --frobnicate'],
    [['--hosts'], '--hosts needs a value'],
    [['--hosts', '10.0.0.1 evil.example'], 'is no IP address'],
    [['--root', '/nowhere/at/all'], 'there is no folder /nowhere/at/all'],
    [['--root', ''], '--root needs a value'],
  ])('refuses %s', async (options, why) => {
    const machine = openMachine()
    const before = machine.tree()
    const { code, text } = await machine.setup(secured, ...options)
    expect(code).toBe(1)
    expect(text).toContain(why)
    expect(machine.tree()).toEqual(before)
  })

  it('notices a certificate that was damaged on its way', async () => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const text = render('client-setup', secured, { caCertificates: someCertificate }).text('client-setup.sh')
    const script = workshop.file('client-setup.sh', text.replace('MIIBszCC', 'MIIBszCD'))
    const outcome = await workshop.run(['dash', script, '--root', workshop.folder, '--dry-run'])
    expect(outcome.text).toContain('the certificate in this script is damaged')
    expect(outcome.code).toBe(1)
  })
})

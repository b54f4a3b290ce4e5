// A machine of its own for clients: network, names and system folders that no other process sees. Nothing of the real one is changed,
// and all of it is gone with the last process in it. Needs root.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { textOf, type Workshop } from './workshop.ts'

export interface OwnMachine {
  /** The workshop, its programs in there. */
  inside: Workshop
  /** Where one of its files is for who stands outside: below /etc, /var/lib, /run, /mnt and the folder of the system's own CAs. */
  at: (path: string) => string
  /** Every folder, file and link of /etc and of the system's own CAs with rights and content; of /var/lib the names. */
  tree: () => string[]
}

const localCas = '/usr/local/share/ca-certificates'

export interface OwnMachineOptions {
  /** Of the loopback interface, besides 127.0.0.1: 127/8 is insecure to a Docker engine (edge.md 7). */
  addresses: readonly string[]
  /** By path below /etc, on top of what the real machine has there but clients, names and hooks of the trust store. */
  etc: Readonly<Record<string, string>>
}

export async function openOwnMachine(
  workshop: Workshop,
  { addresses, etc }: OwnMachineOptions,
): Promise<OwnMachine> {
  const own = Object.fromEntries(
    ['/etc', '/var/lib', '/run', '/mnt', localCas].map((path) => {
      const folder = workshop.place('own')
      // nginx and others look into them as somebody else.
      chmodSync(folder, 0o755)
      return [path, folder]
    }),
  )
  const at = (path: string) => {
    const [top = '', folder = ''] = Object.entries(own).find(([one]) => path.startsWith(one)) ?? []
    return join(folder, path.slice(top.length))
  }
  // skopeo makes it when it first copies something.
  mkdirSync(at('/var/lib/containers'))
  const copied = await workshop.run(['sh', '-ec', copyEtc, 'sh', at('/etc')])
  if (!copied.ok) throw new Error(copied.text)
  for (const [name, text] of Object.entries(etc)) {
    mkdirSync(dirname(at(`/etc/${name}`)), { recursive: true })
    writeFileSync(at(`/etc/${name}`), text)
  }
  const pidFile = join(workshop.place('machine'), 'pid')
  const script = [
    'ip link set lo up',
    ...addresses.map((address) => `ip address add ${address}/32 dev lo`),
    ...Object.entries(own).map(([path, folder]) => `mount --bind ${folder} ${path}`),
    'update-ca-certificates --fresh >/dev/null',
    `echo $$ >${pidFile}`,
    'exec sleep infinity',
  ]
  const isReady = () => textOf(pidFile).endsWith('\n')
  // A test that is killed takes all of it along.
  const mortal = ['setpriv', '--pdeathsig', 'TERM']
  await workshop.daemon([...mortal, 'unshare', '--mount', '--net', 'sh', '-ec', script.join('\n')], isReady)
  const enter = [...mortal, 'nsenter', '--target', textOf(pidFile).trim(), '--mount', '--net', '--']
  const inside: Workshop = {
    ...workshop,
    run: (argv, options) => workshop.run([...enter, ...argv], options),
    daemon: (argv, ready, options) => workshop.daemon([...enter, ...argv], ready, options),
  }
  const tree = () => [
    ...['/etc', localCas].flatMap((path) => treeOf(at(path)).map((line) => `${path} ${line}`)),
    ...readdirSync(at('/var/lib')).map((name) => `/var/lib ${name}`),
  ]
  return { inside, at, tree }
}

/** Nor do secrets: a killed test leaves its folder. */
const copyEtc = `cp -a /etc/. "$1"
cd "$1"
rm -rf shadow* gshadow* ssh ssl/private docker containers containerd hosts resolv.conf ca-certificates/update.d`

function treeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name)
      const stat = lstatSync(path)
      return `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${name} ${contentOf(path, stat)}`
    })
}

function contentOf(path: string, stat: ReturnType<typeof lstatSync>): string {
  if (stat?.isSymbolicLink()) return readlinkSync(path)
  return stat?.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
}

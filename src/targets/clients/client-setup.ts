import { digestOf } from '../../registry/descriptor.ts'
import type { RenderedFile } from '../contract.ts'
import { client, type WayIn } from './client.ts'
import { containerdFiles } from './containerd.ts'
import { daemonSettings, jsonText } from './daemon.ts'
import { groupNotes } from './mirrors.ts'
import { containersFiles } from './podman.ts'
import { setupScript } from './setup-script.ts'

/** Every client of a machine at once (edge.md 3.9). */
export const clientSetup = client('client-setup', 'one script for all clients of a machine', (way) => ({
  files: [setupFile(way, 'client-setup.sh')],
  notes: [
    'On each machine, as root: sh client-setup.sh --dry-run, then without it. --remove takes all of it back.',
    ...daemonSettings(way).notes,
    ...groupNotes(way.mirrored),
  ],
}))

export function setupFile(way: WayIn, fileName: string): RenderedFile {
  const { edge, hosts, plain, ca, caFiles, file } = way
  // What /etc/hosts can have: no ports, and no address is a name; localhost is there.
  const known = [...hosts.map((host) => host.replace(/:\d+$/, '')), edge.web ?? '']
  const names = new Set(known.filter((one) => /^(?!localhost$)[^[]*[a-z]/.test(one)))
  const clients = {
    'docker docker dockerd': caFiles(...hosts.map((host) => `certs.d/${host}/ca.crt`)),
    'containers podman buildah skopeo crio': containersFiles(way),
    'containerd containerd': containerdFiles(way),
  }
  const puts = Object.entries(clients).map(([words, files]) => {
    const folder = `/etc/${words.split(' ', 1)[0]}`
    return `  if client ${words}; then :\n${files.map((one) => putting(folder, one)).join('')}  fi\n`
  })
  const text = `set -fu
umask 022
export LC_ALL=C

daemon=${quoted(jsonText(daemonSettings(way).settings).trimEnd())}
names=${quoted([...names].join(' '))}
urls=${quoted(hosts.map((host) => `${plain ? 'http' : 'https'}://${host}/v2/`).join(' '))}
sha256=${quoted(ca === undefined ? '' : digestOf(Buffer.from(ca)).replace('sha256:', ''))}
ca() {
${here('cat', ca ?? '')}}
files() {
${puts.join('')}}
${setupScript}`
  const usage = 'sh client-setup.sh [--dry-run] [--remove] [--system-trust] [--hosts ADDRESS] [--root FOLDER]'
  return file(fileName, text, `Makes this machine a client of ${hosts[0]}.`, `usage: ${usage}`)
}

function putting(folder: string, { name, text }: RenderedFile): string {
  const path = quoted(`${folder}/${name}`)
  return name.endsWith('/ca.crt') ? `ca | put ${path}\n` : here(`put ${path}`, text)
}

/** No line of ours is its end: certificates have none like it, and TOML that we write begins each with a sign, a key or a bracket. */
function here(command: string, text: string): string {
  return `${command} <<'END-OF-FILE'\n${text}END-OF-FILE\n`
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

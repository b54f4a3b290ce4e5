import { digestOf } from '../../registry/descriptor.ts'
import type { RenderedFile } from '../contract.ts'
import { client, type WayIn } from './client.ts'
import { containerdFiles } from './containerd.ts'
import { daemonSettings, jsonText } from './daemon.ts'
import { groupNotes } from './mirrors.ts'
import { containersFiles } from './podman.ts'
import { setupScript } from './setup-script.ts'

/** Every client of a machine at once (edge.md 3.9). */
export const clientSetup = client(
  'client-setup',
  'one script for all clients of a machine, and back',
  (way) => ({
    files: [setupFile(way, 'client-setup.sh')],
    notes: [
      'On each machine, as root: sh client-setup.sh --dry-run, then without it. --remove takes all of it back.',
      ...daemonSettings(way).notes,
      ...groupNotes(way.mirrored),
    ],
  }),
)

export function setupFile(way: WayIn, fileName: string): RenderedFile {
  const { edge, hosts, plain, ca, caFiles, file } = way
  // What /etc/hosts can have: no ports, and no address is a name.
  const known = [...hosts.map((host) => host.replace(/:\d+$/, '')), edge.web ?? ''].filter((one) =>
    /^[^[]*[a-z]/.test(one),
  )
  const docker = caFiles(...hosts.map((host) => `certs.d/${host}/ca.crt`))
  const text = `#!/bin/sh
set -fu
umask 022
export LC_ALL=C

daemon=${quoted(jsonText(daemonSettings(way).settings).trimEnd())}
names=${quoted([...new Set(known)].join(' '))}
urls=${quoted(hosts.map((host) => `${plain ? 'http' : 'https'}://${host}/v2/`).join(' '))}
sha256=${quoted(ca === undefined ? '' : digestOf(Buffer.from(ca)).replace('sha256:', ''))}
ca() {
${here('cat', ca ?? '')}}
files() {
  if client docker docker dockerd; then :
${docker.map((one) => putting('docker', one)).join('')}  fi
  if client containers podman buildah skopeo crio; then :
${containersFiles(way)
  .map((one) => putting('containers', one))
  .join('')}  fi
  if client containerd containerd; then :
${containerdFiles(way)
  .map((one) => putting('containerd', one))
  .join('')}  fi
}
${setupScript}`
  const usage =
    'usage: sh client-setup.sh [--dry-run] [--remove] [--system-trust] [--hosts ADDRESS] [--root FOLDER]'
  return file(
    fileName,
    text,
    `Makes this machine a client of ${hosts[0]}; --remove takes all of it back.`,
    usage,
  )
}

function putting(folder: string, { name, text }: RenderedFile): string {
  const path = quoted(`/etc/${folder}/${name}`)
  return name.endsWith('/ca.crt') ? `ca | put ${path}\n` : here(`put ${path}`, text)
}

/** No line of ours is its end: certificates have none like it, and TOML that we write begins each with a sign, a key or a bracket. */
function here(command: string, text: string): string {
  return `${command} <<'END-OF-FILE'\n${text}END-OF-FILE\n`
}

function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

import { stringify } from 'smol-toml'
import type { RenderedFile } from '../contract.ts'
import { client, type WayIn, when } from './client.ts'
import { groupNotes, placeOf } from './mirrors.ts'

/** What reads registries.conf, for `/etc/containers` (edge.md 3.3). */
export const podman = client('podman', 'podman, buildah, skopeo and CRI-O: registries.conf.d', (way) => ({
  files: containersFiles(way),
  notes: [
    'podman login to the host of a mirror counts for the mirror, too. What no mirror answers is pulled from its own registry.',
    'CRI-O: systemctl reload crio after a change. Its pause image is pause_image in /etc/crio/crio.conf.d.',
    ...groupNotes(way.mirrored),
  ],
}))

export function containersFiles({ hosts, mirrored, plain, file, caFiles }: WayIn): RenderedFile[] {
  const insecure = plain && { insecure: true }
  const registry = [
    ...mirrored.flatMap(({ domain, named }) => {
      const mirror = named.map((one) => ({ location: placeOf(one), ...insecure }))
      return when(mirror[0], { prefix: domain, location: domain, mirror })
    }),
    ...when(plain, ...hosts).map((location) => ({ location, ...insecure })),
  ]
  return [
    ...when(registry[0], file('registries.conf.d/nexus-docker.conf', stringify({ registry }))),
    ...caFiles(...hosts.map((host) => `certs.d/${host}/ca.crt`)),
  ]
}

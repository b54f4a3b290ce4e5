import { stringify } from 'smol-toml'
import type { RenderedFile } from '../contract.ts'
import { client, type WayIn, when } from './client.ts'

/** For `/etc/containerd` (edge.md 3.2). */
export const containerd = client('containerd', 'containerd: a hosts.toml for each registry', (way) => {
  const closed = way.mirrored.some(({ proxies }) => proxies.some((one) => one.pullsNeedLogin))
  return {
    files: containerdFiles(way),
    notes: [
      'config.toml needs config_path = "/etc/containerd/certs.d" below [plugins."io.containerd.grpc.v1.cri".registry] (containerd 1.x) or [plugins."io.containerd.cri.v1.images".registry] (2.x). One path only: with two, as 2.2 has by default, no mirror is asked (containerd 12636). ctr needs --hosts-dir.',
      'What no mirror answers is pulled from its own registry. To forbid that, let the line server name the mirror, with override_path = true below it.',
      closed &&
        'Kubernetes sends pull secrets to the host in the name of an image, never to a mirror (containerd 10996): allow anonymous pulls, or pull by the full name.',
    ],
  }
})

/** Certificates are named from the folder of the hosts.toml: the whole may stand anywhere. */
export function containerdFiles({ hosts, mirrored, plain, ca, file, caFiles }: WayIn): RenderedFile[] {
  // containerd looks for host_5000_ before host:5000 (field-2026-11 0.8).
  const folder = (host: string) => host.replace(/:(\d+)$/, '_$1_')
  const trust = (host: string) => (ca === undefined ? {} : { ca: `../${folder(host)}/ca.crt` })
  const toml = (host: string, content: object, ...why: string[]) =>
    file(`certs.d/${folder(host)}/hosts.toml`, stringify(content), ...why)
  return [
    ...caFiles(...hosts.map((host) => `certs.d/${folder(host)}/ca.crt`)),
    ...when(plain || ca, ...hosts).map((host) => {
      const server = `${plain ? 'http' : 'https'}://${host}`
      return toml(host, {
        server,
        host: { [server]: { capabilities: ['pull', 'resolve', 'push'], ...trust(host) } },
      })
    }),
    ...mirrored.map(({ domain, upstream, proxies }) => {
      const mirror = { capabilities: ['pull', 'resolve'], override_path: true }
      const all = proxies.map(({ apiUrl, host }) => [apiUrl, { ...mirror, ...trust(host) }] as const)
      const why = 'override_path: the address is whole, containerd lays no /v2 behind it.'
      return toml(domain, { server: upstream, host: Object.fromEntries(all) }, why)
    }),
  ]
}

import { client, when } from './client.ts'
import { groupNotes, placeOf } from './mirrors.ts'

/** Where kubespray takes its own images from, by registry (kubespray, roles/kubespray_defaults). */
const variables = new Map<string, string>([
  ['registry.k8s.io', 'kube'],
  ['gcr.io', 'gcr'],
  ['docker.io', 'docker'],
  ['quay.io', 'quay'],
  ['ghcr.io', 'github'],
])

/** edge.md 3.6. */
export const kubespray = client('kubespray', 'kubespray: variables for group_vars/all', (way) => {
  const { mirrored, plain, hosts, ca, file } = way
  const repositories = mirrored.flatMap(({ domain, named: [one] }) => {
    const variable = variables.get(domain)
    return one && variable !== undefined ? [[`${variable}_image_repo`, placeOf(one)] as const] : []
  })
  const mirror = (host: string, ...more: string[]) => {
    return { host, capabilities: ['pull', 'resolve', ...more], skip_verify: false, override_path: true }
  }
  const content = {
    ...Object.fromEntries(repositories),
    containerd_registries_mirrors: [
      ...mirrored.map(({ domain: prefix, upstream: server, proxies }) => {
        return { prefix, server, mirrors: proxies.map(({ apiUrl }) => mirror(apiUrl)) }
      }),
      ...when(plain, ...hosts).map((prefix) => {
        return { prefix, server: `http://${prefix}`, mirrors: [mirror(`http://${prefix}/v2`, 'push')] }
      }),
    ],
  }
  return {
    files: [file('nexus-docker.yml', content)],
    notes: [
      'nexus-docker.yml belongs into inventory/<cluster>/group_vars/all.',
      ca && 'kubespray hands no CA to containerd: run client-setup.sh --system-trust on every node first.',
      ...groupNotes(mirrored),
    ],
  }
})

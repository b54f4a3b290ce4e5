import { client, when } from './client.ts'
import { groupNotes, placeOf } from './mirrors.ts'

/** Where kubespray takes its own images from, by registry (kubespray, roles/kubespray_defaults). */
const variables: Readonly<Record<string, string>> = {
  'registry.k8s.io': 'kube_image_repo',
  'gcr.io': 'gcr_image_repo',
  'docker.io': 'docker_image_repo',
  'quay.io': 'quay_image_repo',
  'ghcr.io': 'github_image_repo',
}

/** edge.md 3.6. */
export const kubespray = client('kubespray', 'kubespray: variables for group_vars/all', (way) => {
  const { mirrored, plain, hosts, ca, file } = way
  const repositories = mirrored.flatMap(({ domain, named: [one] }) => {
    const variable = variables[domain]
    return one && variable !== undefined ? [[variable, placeOf(one)] as const] : []
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
      ...when(
        ca,
        'kubespray hands no CA to containerd: run client-setup.sh --system-trust on every node first.',
      ),
      ...groupNotes(mirrored),
    ],
  }
})

import { client, when } from './client.ts'

// Neither in k3s nor in rke2: the same files serve both.
const caName = 'nexus-docker-ca.crt'

/** edge.md 3.4; k3s asks an endpoint with a path as it stands, by override_path (its pkg/agent/containerd/config.go). */
export const k3s = client('k3s', 'k3s and RKE2: registries.yaml', (way) => {
  const { hosts, mirrored, plain, ca, file, caFiles } = way
  const endpoints = [
    ...mirrored.map(({ domain, proxies }) => [domain, proxies.map((one) => one.apiUrl)] as const),
    ...when(plain, ...hosts).map((host) => [host, [`http://${host}`]] as const),
  ]
  const tls = { ca_file: `/etc/rancher/${caName}` }
  const content = {
    mirrors: Object.fromEntries(endpoints.map(([host, endpoint]) => [host, { endpoint }])),
    configs: Object.fromEntries(when(ca, ...hosts).map((host) => [host, { tls }])),
  }
  const why = [
    'An endpoint with a path is asked as it stands: no rewrite is needed.',
    'Where pulls need a login, write it here and chmod 600; mirrors are sent it, too:',
    `  configs: {"${mirrored[0]?.proxies[0]?.host ?? hosts[0]}": {auth: {username: ..., password: ...}}}`,
  ]
  return {
    files: [file('registries.yaml', content, ...why), ...caFiles(caName)],
    notes: [
      ca &&
        `${caName} belongs into /etc/rancher; registries.yaml into /etc/rancher/k3s or /etc/rancher/rke2 of every node.`,
      'It is read at the start of k3s, k3s-agent, rke2-server and rke2-agent. What no mirror answers is pulled from its own registry, unless the node runs with --disable-default-registry-endpoint.',
    ],
  }
})

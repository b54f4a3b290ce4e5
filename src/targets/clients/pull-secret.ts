import { client } from './client.ts'

// Not `kubectl create secret docker-registry`: that takes one host, and shows the password in the list of processes.
const script = (hosts: readonly string[]) => `set -euf
auth=$(printf '%s:%s' "\${NEXUS_USERNAME:?}" "\${NEXUS_PASSWORD:?}" | base64 | tr -d '\\n')
hosts='${hosts.join(' ')}' separator='{"auths":{'
for host in $hosts; do
  printf '%s"%s":{"auth":"%s"}' "$separator" "$host" "$auth"
  separator=,
done | { cat && printf '}}'; } |
  kubectl create secret generic nexus-docker --type=kubernetes.io/dockerconfigjson \\
    --from-file=.dockerconfigjson=/dev/stdin --dry-run=client --output=yaml "$@" |
  kubectl apply --filename=- "$@"
`

/** The login for pulls, without a value in it (edge.md 3.6). */
export const pullSecret = client('pull-secret', 'Kubernetes: a script that makes the pull secret', (way) => {
  const { hosts, file } = way
  const why = [
    'usage: NEXUS_USERNAME=ci NEXUS_PASSWORD=... sh pull-secret.sh [--namespace NAME]',
    'Makes or renews the pull secret nexus-docker. The login goes through a pipe: no list of processes shows it.',
  ]
  return {
    files: [file('pull-secret.sh', script(hosts), ...why)],
    notes: [
      'Pods name it: imagePullSecrets: [{name: nexus-docker}]; or all of a namespace: kubectl patch serviceaccount default -p \'{"imagePullSecrets":[{"name":"nexus-docker"}]}\'',
      'The kubelet sends it to the host in the name of an image, never to a mirror of another registry.',
    ],
  }
})

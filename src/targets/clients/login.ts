import type { Edge, PublicRegistry } from '../../edge/edge.ts'
import { client, when } from './client.ts'
import { placeOf, shows } from './mirrors.ts'

/** What logs in, and what it needs where there is no TLS; Docker has that from daemon.json. */
const commands = [
  ['docker', 'login', ''],
  ['podman', 'login', ' --tls-verify=false'],
  ['skopeo', 'login', ' --tls-verify=false'],
  ['crane', 'auth login', ' --insecure'],
  ['helm', 'registry login', ' --plain-http'],
  ['oras', 'login', ' --plain-http'],
] as const

export const login = client('login', 'the lines that log in, pull and push', (way) => {
  const { edge, hosts, plain, file } = way
  const cases = commands.map(([program, command, flag]) => {
    const line = `    password | ${program} ${command}${plain ? flag : ''} -u "$NEXUS_USERNAME" --password-stdin`
    return `  ${program})\n${hosts.map((host) => `${line} ${host}\n`).join('')}    ;;\n`
  })
  const named = edge.registries.filter((one) => one.named)
  const pushed = named.flatMap((one) => when(one.takesPushes, imageIn(one, edge)))
  const text = `set -eu
: "\${NEXUS_USERNAME:?}" "\${NEXUS_PASSWORD:?}"
password() { printf '%s' "$NEXUS_PASSWORD"; }
case "$*" in
${cases.join('')}  *) echo 'error: name one of ${commands.map(([program]) => program).join(', ')}' >&2; exit 1 ;;
esac

# Pull:
${named.map((one) => `#   docker pull ${imageIn(one, edge)}  # from ${one.repository}${one.domain ? ` (${one.domain})` : ''}\n`).join('')}${pushed.length === 0 ? '' : '\n# Push:\n'}${pushed.map((image) => `#   docker tag app:1 ${image} && docker push ${image}\n`).join('')}`
  const why = [
    'usage: NEXUS_USERNAME=ci NEXUS_PASSWORD=... sh login.sh docker',
    'The password goes through a pipe: no history and no list of processes shows it.',
  ]
  const note =
    'crane, helm and oras trust what their machine trusts: client-setup.sh --system-trust, or SSL_CERT_FILE.'
  return { files: [file('login.sh', text, ...why)], notes: [note] }
})

/** An image that may be there: of ours, or of Docker Hub where that is cached. */
function imageIn(one: PublicRegistry, { registries, routing, namespaces: [namespace] }: Edge): string {
  const hub = registries.filter(({ domain }) => domain === 'docker.io')
  if (hub.includes(one) || shows(one, hub)) return `${placeOf(one)}/library/alpine:3`
  if (one.type !== 'hosted') return `${placeOf(one)}/NAME:TAG`
  return `${placeOf(one)}/${routing === 'namespace' && namespace ? `${namespace}/` : ''}app:1`
}

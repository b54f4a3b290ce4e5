import { isImageName } from '../core/oci/reference.ts'
import { flowText, yamlText } from '../core/yaml-text.ts'
import type { UpstreamName } from '../intents/upstreams.ts'
import type { Answers, Situation } from './answers.ts'
import { groupName, hasCaches, hostedName } from './connectors.ts'
import { isByPath, registryAddress, upstreamOf } from './public-names.ts'
import { registries } from './registries.ts'
import { bootstrapSection, listValue, proxyValue, urlValue } from './yaml-text.ts'

/** The file for the answers: one template whose comments say what a line does and what else could stand there. Holds no secret. */
export function renderFile(situation: Situation): string {
  const { answers } = situation
  const sections = [
    header(answers),
    bootstrapSection(situation),
    proxySection(answers),
    pullSection(answers),
    storeSection(answers),
    repositories(answers),
    edgeSection(answers),
  ]
  return sections.filter((section) => section !== '').join('\n')
}

function header({ url }: Answers): string {
  return `# A Docker registry on Sonatype Nexus Repository 3.
# "nexus-docker plan" shows what would change on the server, "apply" does it.
# What is not written here is left alone.
version: 1

nexus:
  # \${NAME:-x} is the environment variable NAME, or x where it is not set.
  url: ${urlValue(url)}
  username: \${NEXUS_USERNAME:-admin}
  # Never write the password here: this takes it from the environment.
  # { file: path } would read it from a file.
  password: \${NEXUS_PASSWORD}
`
}

function proxySection({ proxy }: Answers): string {
  if (!proxy) return ''
  const exclude =
    proxy.exclude.length === 0
      ? ''
      : `  # Reached without the proxy. * may stand at the start or the end: "*.corp", "10.*".
  exclude: ${listValue(proxy.exclude, 2)}
`
  return `# How Nexus itself reaches the internet, http and https alike.
# "httpProxy: null" would switch it off.
httpProxy:
  http: ${proxyValue(proxy)}
${exclude}`
}

function pullSection({ anonymousPull }: Answers): string {
  const meaning = anonymousPull
    ? `# true: everybody who can reach the server may pull; pushing needs docker login.
# This switches anonymous access on for the whole server. false: each pull
# needs docker login, too.`
    : `# false: each pull needs docker login, as each push does.
# true: everybody who can reach the server may pull.`
  return `${meaning}\nanonymousPull: ${anonymousPull}\n`
}

function storeSection({ blobStore }: Answers): string {
  if (!blobStore) return ''
  const name = yamlText(blobStore.name)
  const quota = blobStore.quota === null ? '' : `, quota: { type: spaceRemaining, limit: ${blobStore.quota} }`
  const advice =
    blobStore.quota === null
      ? '# To be warned when space runs short, add to it:\n# quota: { type: spaceRemaining, limit: 10 GiB }'
      : '# Nexus warns when less is free; type: spaceUsed would warn when more is used.'
  return `# Where the images are stored: a directory below Nexus's own blobs directory, or any
# absolute path. It cannot be moved later.
${advice}
blobStores:
  ${name}: { path: ${name}${quota} }
`
}

function repositories(answers: Answers): string {
  const { privateImages, blobStore } = answers
  const store = blobStore ? `, blobStore: ${yamlText(blobStore.name)}` : ''
  const parts = [
    ...(privateImages ? [hosted(answers, store)] : []),
    ...(hasCaches(answers) ? [proxies(answers, store), group(answers, store)] : []),
  ]
  return `repositories:\n${parts.join('\n')}`
}

function hosted(answers: Answers, store: string): string {
  return `  # Your own images${addressOf(hostedName, answers, ': docker push', 'IMAGE')}.
  # writePolicy: allow-once keeps a tag from being pushed again.
  ${hostedName}: { type: hosted${store}${reach(hostedName, answers)}, writePolicy: allow }
`
}

function proxies(answers: Answers, store: string): string {
  const { upstreams, others, edge } = answers
  // Behind a public name every repository has its name in the path, and Docker does not take every name there.
  const inPath = (name: string) =>
    edge && isByPath(answers) && !isImageName(name) ? ', pathEnabled: false' : ''
  const lines = [
    ...upstreams.map(
      (name) => `  ${registries[name].repository}: { type: proxy${store}, upstream: ${name} }`,
    ),
    ...others.map(
      ({ repository, url }) =>
        `  ${yamlText(repository)}: { type: proxy${store}, remoteUrl: ${yamlText(url)}${inPath(repository)} }`,
    ),
  ]
  const login = upstreams.includes('docker-hub')
    ? `  # Docker Hub counts pulls by address. To log in there, add to it:
  # authentication: { username: you, password: { env: DOCKERHUB_TOKEN } }
`
    : ''
  return `  # Caches: what was pulled once stays here. Any other registry is written with
  # remoteUrl: "https://registry.example.com" instead of upstream.
${login}${lines.join('\n')}
`
}

function group(answers: Answers, store: string): string {
  const { upstreams, others, privateImages, routing } = answers
  // Whoever is asked first answers, and Docker Hub has an image of nearly every name.
  const isHub = (name: UpstreamName) => name === 'docker-hub'
  const named = (names: readonly UpstreamName[]) => names.map((name) => registries[name].repository)
  const cached = [
    ...named(upstreams.filter((name) => !isHub(name))),
    ...others.map(({ repository }) => repository),
    ...named(upstreams.filter(isHub)),
  ]
  const members = privateImages ? [hostedName, ...cached] : cached
  const writable =
    routing === 'single-port' ? `    writableMember: ${hostedName} # where pushes go (Pro)\n` : ''
  const lines = ['type: group', ...`${store}${reach(groupName, answers)}`.split(', ').slice(1)]
  return `  # All of them under one address${addressOf(groupName, answers, ': docker pull', 'library/alpine')}.
  # The first member that has an image answers: your own first, Docker Hub last.
  ${groupName}:
${lines.map((line) => `    ${line}`).join('\n')}
    members: ${listValue(members, 4)}
${writable}`
}

function edgeSection(answers: Answers): string {
  const { edge } = answers
  if (!edge) return ''
  const upstream = upstreamOf(answers, edge)
  const namespaces = answers.privateImages
    ? '  # namespaces: [acme] # what the names of your own images begin with: image and rewrite go by it\n'
    : ''
  const reached =
    upstream === undefined
      ? ''
      : `  # Nexus as the reverse proxy reaches it: a guess, because nexus.url does not say that.
  upstream: ${yamlText(upstream)}
`
  return `# The names that clients use. "nexus-docker render" writes the configuration of the
# reverse proxy in front of Nexus, and of clients.
edge:
  hosts: ${spaced(edge.hosts)}
${namespaces}${reached}  # Where TLS ends: certificate and key on the machine of the reverse proxy, "acme: {}"
  # for Let's Encrypt, or "endsFurtherOut: true" for a load balancer in front of it.
  # For a private authority add ca: ca.crt, its certificate beside this file (not with acme).
  ${edge.tls ? `tls: ${spaced(edge.tls)}` : '# Without it, logins and images travel unencrypted.'}
`
}

/** `{ pull: registry.example.com }` */
function spaced(value: object): string {
  return flowText(value).replace(/^\{(.*)\}$/, '{ $1 }')
}

/** How clients get at a repository, as fields that follow others. */
function reach(repository: string, { routing, ports }: Answers): string {
  if (routing === 'path') return ', pathEnabled: true'
  const port = ports[repository]
  return port === undefined ? '' : `, httpPort: ${port}`
}

function addressOf(repository: string, answers: Answers, verb: string, image: string): string {
  const address = registryAddress(repository, answers)
  return address === undefined ? '' : `${verb} ${address}${image}`
}

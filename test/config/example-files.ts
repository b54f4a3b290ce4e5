import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { kinds } from '../../src/resources/index.ts'

/** Every field of every kind, none of them at its default; valid as a whole. */
export const everyField = `version: 1
nexus: {url: "http://localhost:8081", username: admin, password: {env: NEXUS_PASSWORD}}
httpProxy:
  http: {host: 127.0.0.1, port: 30888, authentication: {username: web, password: {env: HUB_TOKEN}, ntlmHost: h, ntlmDomain: d}}
  https: {host: "[::1]", port: 30889, authentication: {username: tls, password: "\${HUB_TOKEN}", ntlmHost: null, ntlmDomain: null}}
  exclude: ["*.aliyuncs.com", localhost, "10.*"]
  userAgentSuffix: ours
  timeout: 20
  retries: 2
realms: {ensure: [DockerToken]}
anonymous: {enabled: true, userId: anonymous, realmName: NexusAuthorizingRealm}
routingRules:
  only-ours: {description: ours, mode: allow, matchers: ["^/v2/ours/.*"]}
blobStores:
  blob-docker: {type: file, path: /data/docker, quota: {type: spaceRemaining, limit: 10 GiB}}
  other: {quota: null}
  theirs: {external: true, type: s3}
repositories:
  hosted:
    type: hosted
    online: true
    blobStore: blob-docker
    strictContentTypeValidation: false
    httpPort: 8083
    httpsPort: 8443
    subdomain: own
    forceBasicAuth: false
    v1Enabled: true
    writePolicy: ALLOW_ONCE
    latestPolicy: true
    proprietaryComponents: true
    cleanupPolicies: [weekly]
  hub:
    type: proxy
    upstream: docker-hub
    blobStore: theirs
    contentMaxAge: -1
    metadataMaxAge: 60
    preserveEncodedCharacters: true
    cacheForeignLayers: true
    foreignLayerUrlWhitelist: ["https?://go\\\\.microsoft\\\\.com/.*"]
    negativeCache: {enabled: false, timeToLive: 5}
    routingRule: only-ours
    httpClient:
      {blocked: false, autoBlock: false, retries: 3, timeout: 60, userAgentSuffix: x, enableCircularRedirects: true, enableCookies: true, useTrustStore: true}
    authentication: {username: robot, password: {env: HUB_TOKEN}, ntlmHost: h, ntlmDomain: d, type: ntlm}
    replication: {preemptivePullEnabled: true, assetPathRegex: .*}
    firewall: {mode: audit}
  custom:
    {type: proxy, remoteUrl: "https://registry.corp", index: custom, indexUrl: "https://index.corp", authentication: {bearerToken: "\${HUB_TOKEN}"}}
  ecr:
    type: proxy
    remoteUrl: https://1.dkr.ecr.eu-west-1.amazonaws.com
    online: false
    strictContentTypeValidation: false
    httpPort: 8090
    httpsPort: 8490
    subdomain: ecr
    pathEnabled: false
    forceBasicAuth: false
    v1Enabled: true
    cleanupPolicies: [monthly]
    ecrAuth: {enabled: true, awsRegion: eu-west-1, registryId: "1", accessKeyId: AKIA, secretAccessKey: {env: HUB_TOKEN}, sessionToken: {env: HUB_TOKEN}}
  docker:
    type: group
    online: false
    blobStore: blob-docker
    strictContentTypeValidation: false
    httpPort: 8082
    httpsPort: 8444
    subdomain: all
    pathEnabled: null
    forceBasicAuth: false
    v1Enabled: true
    members: [hosted, mirror, hub]
    writableMember: hosted
  paths: {type: hosted, pathEnabled: true}
  mirror: {external: true}
`

const withAnchors = `x-proxy: &proxy {type: proxy, blobStore: images, httpClient: {retries: 3}}
nexus:
  url: \${NEXUS_URL:-http://localhost:8081}
  username: \${NEXUS_USERNAME:-admin}
  password: \${NEXUS_PASSWORD}
anonymousPull: true
blobStores: {images: {}}
repositories:
  # our own
  own: {type: hosted, blobStore: images, httpPort: "\${PORT:-8083}"}
  hub: {<<: *proxy, upstream: docker-hub}
  quay: {<<: *proxy, upstream: quay.io, authentication: {username: robot, password: {env: HUB_TOKEN}}}
  all:
    type: group
    httpPort: 8082
    members:
      - own
      - quay
      - hub
`

const folder = fileURLToPath(new URL('../../examples', import.meta.url))

/** What mutations start from: the project's examples, and two files that have what those lack. */
export function exampleFiles(): string[] {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const examples = names.filter((name) => name.endsWith('.yml')).sort()
  return [...examples.map((name) => readFileSync(`${folder}/${name}`, 'utf8')), everyField, withAnchors]
}

/** A value for every variable that the text names without a default. */
export function environmentFor(text: string): Record<string, string> {
  const names = [...text.matchAll(/\$\{(\w+)\}|env: *(\w+)/g)].map(([, plain, env]) => plain ?? env ?? '')
  return Object.fromEntries(names.map((name) => [name, `value-of-${name.toLowerCase()}`]))
}

/** Paths of all fields, with the kind. */
export function allFields() {
  return kinds.all.flatMap((kind) =>
    Object.entries(kind.fields).map(([path, field]) => ({ kind, path, field })),
  )
}

import { expect } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createProfile } from '../../src/sandbox/kernel/profile.ts'
import { toAnswer } from '../../src/sandbox/repositories/fields.ts'
import { RECIPES } from '../../src/sandbox/repositories/recipes.ts'
import { type CliOptions, type CliResult, runCli } from './run-cli.ts'
import { environmentOf } from './sandbox.ts'

/** Twelve objects of all kinds that depend on each other in four waves; the apply tests break it in every place. */
export const landscape = `version: 1
httpProxy:
  http: {host: proxy.corp, port: 3128, authentication: {username: nexus, password: proxy-secret}}
  exclude: [localhost, "*.corp"]
realms: {ensure: [DockerToken]}
anonymous: {enabled: true}
blobStores:
  images: {type: file, path: images, quota: {type: spaceRemaining, limit: 10 GiB}}
  cache: {type: file}
repositories:
  apps: {type: hosted, blobStore: images, httpPort: 8083, writePolicy: allow-once}
  base: {type: hosted, blobStore: images}
  hub:
    type: proxy
    upstream: docker-hub
    blobStore: cache
    authentication: {username: robot, password: hub-secret}
  quay: {type: proxy, upstream: quay.io, blobStore: cache}
  k8s: {type: proxy, upstream: registry.k8s.io, blobStore: cache}
  docker: {type: group, blobStore: images, httpPort: 8082, members: [apps, base, k8s, quay, hub]}
  everything: {type: group, blobStore: images, members: [docker, base]}
`

/** The objects of the landscape as reports name them: `dockerHosted apps`. */
export const landscapeObjects = [
  'httpProxy httpProxy',
  'realms realms',
  'anonymous anonymous',
  'blobStore images',
  'blobStore cache',
  'dockerHosted apps',
  'dockerHosted base',
  'dockerProxy hub',
  'dockerProxy quay',
  'dockerProxy k8s',
  'dockerGroup docker',
  'dockerGroup everything',
]

type Snapshot = Record<string, unknown>

/**
 * What the server has, by object: `dockerHosted apps` → what it answers, and the secrets. Order, time and life cycle are left out,
 * and so is whether a null was stored or nothing.
 */
export function snapshotOf({ state, version, edition }: Sandbox): Snapshot {
  const { realms, anonymous, httpSettings } = state
  const profile = createProfile(version, { edition })
  const repositories = state.repositories.map(({ name, format, type, attributes, secrets }) => {
    const kind = `${format}${type.charAt(0).toUpperCase()}${type.slice(1)}`
    const bean = RECIPES.find((recipe) => recipe.format === format)?.types[type] ?? {}
    return [`${kind} ${name}`, { ...toAnswer(bean, attributes, profile), secrets }] as const
  })
  return structuredClone({
    'httpProxy httpProxy': httpSettings,
    'realms realms': realms,
    'anonymous anonymous': anonymous,
    ...Object.fromEntries(state.blobStores.map((store) => [`blobStore ${store.name}`, store])),
    ...Object.fromEntries(repositories),
  })
}

/** Holds a sandbox against what the landscape says, in the server's words. */
export function checkLandscape(sandbox: Sandbox): void {
  const { [landscapeObjects[0] ?? '']: httpSettings, ...snapshot } = snapshotOf(sandbox)
  const group = (httpPort: number | null, memberNames: string[]) => ({
    storage: { blobStoreName: 'images' },
    docker: { httpPort },
    group: { memberNames },
  })
  const proxy = (remoteUrl: string, indexType: string) => ({
    storage: { blobStoreName: 'cache' },
    proxy: { remoteUrl },
    dockerProxy: { indexType },
  })
  expect(httpSettings).toMatchObject({
    httpHost: 'proxy.corp',
    httpPort: 3128,
    httpAuthPassword: 'proxy-secret',
  })
  expect(snapshot).toMatchObject({
    'realms realms': ['NexusAuthenticatingRealm', 'DockerToken'],
    'anonymous anonymous': { enabled: true },
    'blobStore images': { path: 'images', softQuota: { type: 'spaceRemainingQuota', limit: 10 * 2 ** 30 } },
    'blobStore cache': { path: 'cache', softQuota: null },
    'dockerHosted apps': { storage: { writePolicy: 'ALLOW_ONCE' }, docker: { httpPort: 8083 } },
    'dockerHosted base': { storage: { writePolicy: 'ALLOW' }, docker: { httpPort: null } },
    'dockerProxy hub': {
      ...proxy('https://registry-1.docker.io', 'HUB'),
      secrets: { 'httpClient.authentication.password': 'hub-secret' },
    },
    'dockerProxy quay': proxy('https://quay.io', 'REGISTRY'),
    'dockerProxy k8s': proxy('https://registry.k8s.io', 'REGISTRY'),
    'dockerGroup docker': group(8082, ['apps', 'base', 'k8s', 'quay', 'hub']),
    'dockerGroup everything': group(null, ['docker', 'base']),
  })
}

/** `apply --yes` of a file against a sandbox, with the sandbox's own credentials. */
export function applyTo(
  sandbox: Pick<Sandbox, 'url' | 'username' | 'password'>,
  file: string,
  flags: readonly string[] = [],
  options: CliOptions = {},
): Promise<CliResult> {
  return runCli(['apply', '-f', file, '--yes', ...flags], { ...options, env: environmentOf(sandbox) })
}

/** `plan` of a file against a sandbox, with the sandbox's own credentials. */
export function planFor(
  sandbox: Pick<Sandbox, 'url' | 'username' | 'password'>,
  file: string,
  flags: readonly string[] = [],
): Promise<CliResult> {
  return runCli(['plan', '-f', file, ...flags], { env: environmentOf(sandbox) })
}

interface Ended {
  action: string
  kind: string
  id: string
}

/** The document that `apply -o json` ends with, as far as tests look at it. */
export interface Report {
  summary: Record<'create' | 'update' | 'replace' | 'delete' | 'refused' | 'unchanged', number>
  done: Ended[]
  failed: (Ended & { error: { code: string; message: string; hint?: string } })[]
  skipped: (Ended & { reason: string })[]
  interrupted: boolean
  notVerified?: { code: string; message: string; hint?: string }
  requests: { total: number; writes: number }
  /** Instead of all others, when nothing was tried. */
  error?: { code: string; message: string }
  problems?: { code: string; line: number; column: number; message: string; hint: string; path: string }[]
}

/** Reads the report; throws with the whole output when there is none. */
export function reportOf({ stdout, stderr }: CliResult): Report {
  try {
    return JSON.parse(stdout) as Report
  } catch {
    throw new Error(`no report on standard output: ${stdout}\n${stderr}`)
  }
}

/** Runs a function for each item, some at a time, results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
  atOnce = 4,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = [...items.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await run(next[1])
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

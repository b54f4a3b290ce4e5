// Reads a file and a server on a way of its own, past the tool's field tables, so that the two can be held against each other.
import type { Sandbox } from '../../src/sandbox/index.ts'
import { getJson } from './sandbox.ts'

type Json = Record<string, unknown>

/** GET path (or `extdirect`) → dotted path in the answer → the value that has to be there. */
export type Expected = Record<string, Record<string, unknown>>

/** The registries behind `upstream:`, from their own documentation. */
const registries: Record<string, [url: string, index: string]> = {
  'docker-hub': ['https://registry-1.docker.io', 'HUB'],
  'quay.io': ['https://quay.io', 'REGISTRY'],
  'ghcr.io': ['https://ghcr.io', 'REGISTRY'],
  'gcr.io': ['https://gcr.io', 'REGISTRY'],
  'registry.k8s.io': ['https://registry.k8s.io', 'REGISTRY'],
  'docker.elastic.co': ['https://docker.elastic.co', 'REGISTRY'],
}

const bytes: Record<string, number> = { GiB: 1024 ** 3 }

function sizeOf(text: unknown): number {
  const [, amount = '', unit = ''] = /^(\d+) (\w+)$/.exec(String(text)) ?? []
  const factor = bytes[unit]
  if (factor === undefined) throw new Error(`no size: ${String(text)}`)
  return Number(amount) * factor
}

function environmentDefault(text: unknown): string {
  return String(text).replace(/^\$\{\w+:-(.*)\}$/, '$1')
}

/** What each key of the example files has to become on the server. A key without a row fails the test. */
const rows: Record<string, (value: unknown) => Record<string, unknown>> = {
  type: () => ({}),
  blobStore: (value) => ({ 'storage.blobStoreName': value }),
  httpPort: (value) => ({ 'docker.httpPort': value }),
  forceBasicAuth: (value) => ({ 'docker.forceBasicAuth': value }),
  v1Enabled: (value) => ({ 'docker.v1Enabled': value }),
  writePolicy: (value) => ({ 'storage.writePolicy': String(value).toUpperCase().replace('-', '_') }),
  latestPolicy: (value) => ({ 'storage.latestPolicy': value }),
  members: (value) => ({ 'group.memberNames': value }),
  remoteUrl: (value) => ({ 'proxy.remoteUrl': value }),
  index: (value) => ({ 'dockerProxy.indexType': String(value).toUpperCase() }),
  upstream(value) {
    const registry = registries[String(value)]
    if (!registry) throw new Error(`no registry ${String(value)}`)
    return { 'proxy.remoteUrl': registry[0], 'dockerProxy.indexType': registry[1] }
  },
  negativeCache(value) {
    const { enabled, timeToLive } = value as Json
    return { 'negativeCache.enabled': enabled, 'negativeCache.timeToLive': timeToLive }
  },
  authentication(value) {
    const { username } = value as Json
    return {
      'httpClient.authentication.type': 'username',
      'httpClient.authentication.username': environmentDefault(username),
    }
  },
}

function expectedRepository(keys: Json, anonymousPull: unknown): Record<string, unknown> {
  const values: Record<string, unknown> =
    anonymousPull === undefined ? {} : { 'docker.forceBasicAuth': !anonymousPull }
  for (const [key, value] of Object.entries(keys)) {
    const row = rows[key]
    if (!row) throw new Error(`the test does not know where "${key}" is on the server`)
    Object.assign(values, row(value))
  }
  return values
}

function expectedBlobStore({ path, quota }: Json): Record<string, unknown> {
  if (!quota) return { path }
  const { type, limit } = quota as Json
  return { path, 'softQuota.type': `${String(type)}Quota`, 'softQuota.limit': sizeOf(limit) }
}

function expectedHttpProxy({ http, exclude }: Json): Record<string, unknown> {
  const { host, port } = http as Json
  return { httpEnabled: true, httpHost: host, httpPort: port, nonProxyHosts: exclude }
}

const sections = [
  'edge',
  'version',
  'nexus',
  'bootstrap',
  'httpProxy',
  'anonymousPull',
  'anonymous',
  'realms',
  'blobStores',
  'repositories',
]

/** Everything that an example file writes, by the GET that has to show it. */
export function expectedOf(file: Json): Expected {
  const unknown = Object.keys(file).filter((key) => !sections.includes(key))
  if (unknown.length > 0) throw new Error(`the test does not know ${unknown.join(', ')}`)
  const { httpProxy, anonymousPull, anonymous, realms, blobStores, repositories } = file
  const expected: Expected = {}
  for (const [name, store] of Object.entries((blobStores ?? {}) as Record<string, Json>))
    expected[`/v1/blobstores/file/${name}`] = expectedBlobStore(store)
  for (const [name, repository] of Object.entries((repositories ?? {}) as Record<string, Json>)) {
    const path = `/v1/repositories/docker/${String(repository['type'])}/${name}`
    expected[path] = { name, ...expectedRepository(repository, anonymousPull) }
  }
  if (httpProxy) expected['extdirect'] = expectedHttpProxy(httpProxy as Json)
  const access = anonymousPull === true ? { enabled: true } : anonymous
  if (access) expected['/v1/security/anonymous'] = access as Json
  const ensured =
    anonymousPull === true ? ['DockerToken'] : (realms as { ensure?: string[] } | undefined)?.ensure
  if (ensured) expected['/v1/security/realms/active'] = Object.fromEntries(ensured.map((id) => [id, true]))
  return expected
}

/** The same places as they are on the server. */
export async function readServer(sandbox: Sandbox, expected: Expected): Promise<Expected> {
  const entries = Object.entries(expected).map(async ([path, values]) => {
    const answer = await readAnswer(sandbox, path)
    return [path, Object.fromEntries(Object.keys(values).map((key) => [key, at(answer, key)]))]
  })
  return Object.fromEntries(await Promise.all(entries)) as Expected
}

async function readAnswer(sandbox: Sandbox, path: string): Promise<unknown> {
  if (path === 'extdirect') return readHttpSettings(sandbox)
  const answer = await getJson(sandbox, path)
  return Array.isArray(answer) ? Object.fromEntries(answer.map((id) => [id, true])) : answer
}

/** As the web interface's page System > HTTP asks: no REST endpoint has it in Community Edition (nexus-api 4). */
async function readHttpSettings(sandbox: Sandbox): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/service/extdirect`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ action: 'coreui_HttpSettings', method: 'read', type: 'rpc', tid: 1, data: null }),
  })
  const { result } = (await response.json()) as { result: { data: Json } }
  return result.data
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
}

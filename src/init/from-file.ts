import { parseDocument } from 'yaml'
import { UserError } from '../core/errors.ts'
import { isObject, type JsonObject, textOf } from '../core/json.ts'
import { isVariableName } from '../core/names.ts'
import { parseAddress } from '../http/address.ts'
import type {
  Answers,
  EdgeAnswer,
  FileAnswers,
  OtherRegistry,
  PasswordPlace,
  ProxyAnswer,
} from './answers.ts'
import { groupName, hasCaches, hostedName } from './connectors.ts'
import { newRegistryProblem, registryUrl, repositoryProblem } from './other-registries.ts'
import { parseProxyAddress } from './proxy-offer.ts'
import { nameProblem, pushNameProblem, usualTls } from './public-names.ts'
import { isPath } from './questions/first-start.ts'
import { blobStoreProblem, quotaProblem } from './questions/storage.ts'
import { inUsualOrder } from './registries.ts'

/** The YAML as a map of plain values; undefined where it is none, or cannot be read. */
export function readYaml(text: string): JsonObject | undefined {
  const document = parseDocument(text, { merge: true })
  if (document.errors.length > 0) return undefined
  try {
    const value: unknown = document.toJS()
    return isObject(value) ? value : undefined
  } catch {
    // More aliases than the library resolves.
    return undefined
  }
}

/** The answers that would give such a file, as far as there are any. No secret is among them: the wizard's file names variables. */
export function answersOf(file: JsonObject): FileAnswers {
  const repositories = Object.entries(section(file, 'repositories')).flatMap(([name, value]) =>
    isObject(value) ? [{ name, ...value }] : [],
  )
  return {
    ...addressOf(section(file, 'nexus')['url']),
    ...contentsOf(repositories),
    ...(typeof file['anonymousPull'] === 'boolean' && { anonymousPull: file['anonymousPull'] }),
    ...accessOf(repositories),
    edge: edgeOf(file),
    proxy: proxyOf(file),
    blobStore: storeOf(file, repositories),
    initialPassword: placeOf(section(file, 'bootstrap')['initialPassword']),
    acceptEula: section(file, 'bootstrap')['acceptEula'] === true,
  }
}

type Repository = JsonObject & { name: string }

/** A text without variables, as it is meant; undefined for one that has some, and for what is no text. */
function plainText(written: unknown): string | undefined {
  if (typeof written !== 'string' || /(?<!\$)\$\{/.test(written)) return undefined
  return written.replaceAll('$${', () => '${')
}

function section(file: JsonObject, key: string): JsonObject {
  const value = file[key]
  return isObject(value) ? value : {}
}

/** Of `${NEXUS_URL:-http://nexus:8081}` what stands there by default. Credentials in it are left behind. */
function addressOf(written: unknown): Pick<FileAnswers, 'url'> {
  const text = textOf(written).replace(/^\$\{NEXUS_URL:-(.*)\}$/, '$1')
  if (text === '' || text.includes('${')) return {}
  try {
    return { url: parseAddress(text).base }
  } catch (error) {
    if (error instanceof UserError) return {}
    throw error
  }
}

/** What is kept and cached; nothing where that would be nothing at all. */
function contentsOf(repositories: readonly Repository[]): FileAnswers {
  const privateImages = repositories.some(({ name }) => name === hostedName)
  const caches = registriesOf(repositories)
  return privateImages || hasCaches(caches) ? { privateImages, ...caches } : {}
}

function registriesOf(repositories: readonly Repository[]): Pick<Answers, 'upstreams' | 'others'> {
  const proxies = repositories.filter(({ type }) => type === 'proxy')
  const upstreams = inUsualOrder(proxies.map(({ upstream }) => textOf(upstream)))
  const others: OtherRegistry[] = []
  for (const { name, remoteUrl } of proxies)
    if (
      typeof remoteUrl === 'string' &&
      repositoryProblem(name, others) === undefined &&
      newRegistryProblem(remoteUrl, others) === undefined
    )
      others.push({ repository: name, url: registryUrl(remoteUrl) })
  return { upstreams, others }
}

function accessOf(repositories: readonly Repository[]): Pick<Answers, 'routing' | 'ports'> {
  const own = repositories.filter(({ name }) => name === groupName || name === hostedName)
  const ports = Object.fromEntries(
    own.flatMap(({ name, httpPort }) => (typeof httpPort === 'number' ? [[name, httpPort]] : [])),
  ) as Record<string, number>
  if (own.some(({ pathEnabled }) => pathEnabled === true)) return { routing: 'path', ports }
  const isSingle = own.some(({ writableMember }) => writableMember === hostedName)
  return { routing: isSingle ? 'single-port' : 'ports', ports }
}

/** The names that clients use; null where the file has none, or none that can be read. */
export function edgeOf(file: JsonObject): EdgeAnswer | null {
  const edge = section(file, 'edge')
  const hosts = section(edge, 'hosts')
  const [pull, push] = [plainText(hosts['pull']), plainText(hosts['push'])]
  if (pull === undefined || nameProblem(pull) !== undefined) return null
  const isPush = push !== undefined && pushNameProblem(push, pull) === undefined
  const tls = edge['tls'] === undefined ? {} : { tls: tlsIn(section(edge, 'tls')) }
  return { hosts: { pull, ...(isPush && { push }) }, ...tls }
}

function tlsIn({ certificate, key, acme, endsFurtherOut }: JsonObject): NonNullable<EdgeAnswer['tls']> {
  if (endsFurtherOut === true) return usualTls['further-out']
  if (isObject(acme)) return usualTls.acme
  const paths = [certificate, key].map((path) => plainText(path) ?? '')
  const [first = '', second = ''] = paths
  return paths.every(isPath) ? { certificate: first, key: second } : usualTls.certificate
}

function proxyOf(file: JsonObject): ProxyAnswer | null {
  const { http, exclude } = section(file, 'httpProxy')
  if (!isObject(http)) return null
  // As the command line has it: what is no proxy there is none here.
  const address = parseProxyAddress(`${textOf(http['host'])}:${JSON.stringify(http['port'])}`)
  if (typeof address === 'string') return null
  const username = plainText(section(http, 'authentication')['username'])
  return {
    host: address.host,
    port: address.port,
    ...(username !== undefined && { username }),
    exclude: Array.isArray(exclude) ? exclude.flatMap((entry) => plainText(entry) ?? []) : [],
  }
}

function storeOf(file: JsonObject, repositories: readonly Repository[]): Answers['blobStore'] {
  const stores = section(file, 'blobStores')
  const used = repositories.map(({ blobStore }) => blobStore).find((name) => typeof name === 'string')
  const name = used ?? Object.keys(stores)[0]
  if (typeof name !== 'string' || blobStoreProblem(name) !== undefined) return null
  const { type, limit } = section(section(stores, name), 'quota')
  const size = typeof limit === 'number' ? String(limit) : textOf(limit)
  return { name, quota: type === 'spaceRemaining' && quotaProblem(size) === undefined ? size : null }
}

function placeOf(written: unknown): PasswordPlace | null {
  if (!isObject(written)) return null
  const [file, env] = [plainText(written['file']), plainText(written['env'])]
  if (file !== undefined && isPath(file)) return { file }
  return env !== undefined && isVariableName(env) ? { env } : null
}

/**
 * What a file has and another one would not have any more, as paths: `repositories.ours`, `routingRules`. How the server is reached is
 * left out: the wizard writes that in its own way.
 */
export function lostIn(before: JsonObject, after: JsonObject): string[] {
  return lostBelow(before, after, '').filter(
    (path) => !/^(version|nexus\.(url|username|password))$/.test(path),
  )
}

function lostBelow(before: unknown, after: unknown, path: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isObject(before) || !isObject(after)) return [path]
  return Object.entries(before).flatMap(([key, value]) =>
    lostBelow(value, after[key], path === '' ? key : `${path}.${key}`),
  )
}

/** Whether there are comments that another text does not have. */
export function hasOwnComments(before: string, after: string): boolean {
  const known = new Set(commentsOf(after))
  return commentsOf(before).some((comment) => !known.has(comment))
}

function commentsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1]?.trim() ?? [])
}

import { isName } from '../core/names.ts'
import { upstreamCalled } from '../intents/upstreams.ts'
import type { OtherRegistry } from './answers.ts'
import { groupName, hostedName } from './connectors.ts'
import { registries, registryNames } from './registries.ts'

/** Names that the wizard gives by itself. */
const reserved = new Set([groupName, hostedName, ...registryNames.map((name) => registries[name].repository)])

/** The address as the file has it; a sentence for what is none. `registry.corp` is taken for https. */
function parseRegistry(text: string): URL | string {
  const trimmed = text.trim()
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    return 'write it like https://registry.example.com'
  if (url.username !== '' || url.password !== '')
    return 'leave user and password out: the file takes them from the environment, in authentication'
  // The API's path is Nexus's own to add.
  if (/\/v2\/?$/.test(url.pathname)) return 'leave /v2 out: Nexus adds it'
  // A host of one word is one of somebody's own network, unless it is the word alone that is written.
  const isPublic = url.host.includes('.') || (written !== trimmed && url.port === '')
  const called = isPublic ? upstreamCalled(url.host) : undefined
  const known = registryNames.find((name) => name === called)
  return known === undefined
    ? url
    : `that is ${registries[known].label}: choose it in the list (--upstreams ${known})`
}

/** Why it cannot be cached beside the others. */
export function newRegistryProblem(text: string, others: readonly OtherRegistry[]): string | undefined {
  const url = parseRegistry(text)
  if (typeof url === 'string') return url
  return others.some((other) => other.url === registryUrl(text))
    ? `${registryUrl(text)} is already in the list`
    : undefined
}

/** `https://registry.corp` without a slash at the end. */
export function registryUrl(text: string): string {
  const url = parseRegistry(text)
  if (typeof url === 'string') throw new Error(url)
  return url.href.replace(/\/+$/, '')
}

/** Why a repository cannot have that name beside the others: lower case, as Nexus 3.89 and later want it (nexus-api section 6). */
export function repositoryProblem(text: string, others: readonly OtherRegistry[]): string | undefined {
  const name = text.trim()
  if (!isName(name) || name.length > 200 || name !== name.toLowerCase())
    return 'use lower-case letters, digits, - _ and ., not beginning with _ or .'
  if (reserved.has(name) || others.some(({ repository }) => repository === name))
    return `${name} is the name of another repository here`
  return undefined
}

/** A name to propose: `harbor` for harbor.corp, `example` for registry.example.com. */
export function proposedName(url: string, others: readonly OtherRegistry[]): string {
  const labels = new URL(url).hostname.replace(/^(registry|docker|hub|www)\./, '').split('.')
  const [first = ''] = labels
  const start = isName(first) && !/^\d+$/.test(first) ? first : 'registry'
  const names = [start, ...Array.from({ length: others.length + 1 }, (_, index) => `${start}-${index + 2}`)]
  return names.find((name) => repositoryProblem(name, others) === undefined) ?? `${start}-cache`
}

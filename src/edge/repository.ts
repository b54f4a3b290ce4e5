import { textOf } from '../core/json.ts'
import type { Values } from '../resources/contract/fields.ts'
import type { DesiredObject } from '../resources/contract/object.ts'

/** A docker repository as the file describes it, intents included. */
export interface Repository {
  name: string
  type: 'hosted' | 'proxy' | 'group'
  values: Values
}

const types: Readonly<Record<string, Repository['type']>> = {
  dockerHosted: 'hosted',
  dockerProxy: 'proxy',
  dockerGroup: 'group',
}

/** The docker repositories among the objects of a file, in its order; those that are to be absent are none. */
export function repositoriesIn(objects: readonly DesiredObject[]): Repository[] {
  return objects.flatMap(({ kind, id, spec }) => {
    const type = types[kind]
    return type === undefined || spec['state'] === 'absent'
      ? []
      : [{ name: id, type, values: spec as Values }]
  })
}

export function connectorOf({ values }: Repository): { port: number; tls: boolean } | undefined {
  const { httpPort, httpsPort } = values
  // The way from the front to Nexus is a private one: without TLS where there is a choice.
  if (typeof httpPort === 'number') return { port: httpPort, tls: false }
  return typeof httpsPort === 'number' ? { port: httpsPort, tls: true } : undefined
}

export function subdomainOf({ values }: Repository): string | undefined {
  return typeof values['subdomain'] === 'string' ? values['subdomain'].toLowerCase() : undefined
}

/** Whether its name in the path can lead there: a connector or a subdomain excludes it (nexus-api 2.4). */
export function mayBeInPath(repository: Repository): boolean {
  return (
    repository.values['pathEnabled'] !== false &&
    !connectorOf(repository) &&
    subdomainOf(repository) === undefined
  )
}

export function takesPushes({ type, values }: Repository): boolean {
  return type === 'hosted' ? values['writePolicy'] !== 'deny' : typeof values['writableMember'] === 'string'
}

// github.com/distribution/reference, reference.go: what may stand between the host and the tag, in small letters.
const part = '[a-z\\d]+(?:(?:[._]|__|-+)[a-z\\d]+)*'
export const imagePath = new RegExp(`^${part}(?:/${part})*$`)

/** Members of a group, and of groups in it, in the order in which they are asked. */
export function membersOf(
  group: Repository,
  all: readonly Repository[],
  through: readonly string[] = [],
): string[] {
  const { members } = group.values
  if (!Array.isArray(members) || through.includes(group.name)) return []
  const found = members.map(String).flatMap((name) => {
    const member = all.find((one) => one.name === name)
    return member?.type === 'group' ? membersOf(member, all, [...through, group.name]) : [name]
  })
  return [...new Set(found)]
}

/** The hosts of Docker Hub's registry. */
export function isHub(host: string): boolean {
  return /^(?:(?:registry-1\.|index\.|registry\.)?docker\.io|registry\.hub\.docker\.com)$/.test(host)
}

/**
 * What the names of a proxy's images begin with: `docker.io` for all that mirrors Docker Hub, else the host of its upstream, with the port
 * where one is written.
 */
export function domainOf({ type, values }: Repository): string | undefined {
  if (type !== 'proxy') return undefined
  if (values['index'] === 'hub') return 'docker.io'
  const remoteUrl = textOf(values['remoteUrl'])
  const host = URL.canParse(remoteUrl) ? new URL(remoteUrl).host : ''
  return isHub(host) ? 'docker.io' : host || undefined
}

import type { PublicRegistry, Tls } from './edge.ts'
import { authorityOf, type Origin, originUrl, schemeOf } from './origin.ts'
import {
  connectorOf,
  domainOf,
  mayBeInPath,
  membersOf,
  type Repository,
  subdomainOf,
  takesPushes,
} from './repository.ts'
import { type Decided, mirrorsOf } from './sites.ts'

interface Place {
  repository: Repository
  origin: Origin
  /** What names of images begin with after the host. */
  prefix?: string
  /** Where it is asked, if not at `/v2` (by the prefix). */
  path?: string
  named?: false
}

/** The repositories that clients reach, in the order of the file; each by one name. */
export function registriesOf(decided: Decided, tls: Tls): PublicRegistry[] {
  const { repositories, hosts } = decided
  const own = hosts.own.map(({ origin, repository }): Place => ({ origin, repository }))
  const places = [...own, ...placesBy(decided)]
  return repositories.flatMap((repository) => {
    const place = places.find((one) => one.repository === repository)
    return place ? [registryAt(place, decided, tls)] : []
  })
}

function placesBy(decided: Decided): Place[] {
  const { routing, hosts, repositories, pull, push } = decided
  switch (routing) {
    case 'path':
      return repositories
        .filter((one) => mayBeInPath(one) && one.values['pathEnabled'] === true)
        .map((repository) => ({
          repository,
          origin: takesPushes(repository) ? (hosts.push ?? hosts.pull) : hosts.pull,
          prefix: `${repository.name}/`,
        }))
    case 'ports':
      return repositories.flatMap((repository) => {
        const port = connectorOf(repository)?.port
        return port === undefined ? [] : [{ repository, origin: { ...hosts.pull, port } }]
      })
    case 'subdomain':
      return repositories.flatMap((repository) => {
        const label = subdomainOf(repository)
        return label === undefined
          ? []
          : [{ repository, origin: { ...hosts.pull, host: `${label}.${hosts.pull.host}` } }]
      })
    default:
      return [
        ...(pull ? [{ repository: pull, origin: hosts.pull }] : []),
        ...(push ? [{ repository: push, origin: hosts.push ?? hosts.pull }] : []),
        ...mirrorsOf(decided).map(({ repository, path }) => ({
          repository: repositories.find(({ name }) => name === repository) as Repository,
          origin: hosts.pull,
          path: path.replace(/\/$/, ''),
          named: false as const,
        })),
      ]
  }
}

function registryAt(place: Place, { repositories }: Decided, tls: Tls): PublicRegistry {
  const { repository, origin, prefix = '', path, named = true } = place
  const domain = domainOf(repository)
  const members = membersOf(repository, repositories)
  const proxies = repositories.filter(({ name }) => members.includes(name))
  return {
    repository: repository.name,
    type: repository.type,
    scheme: schemeOf(tls),
    host: authorityOf(origin, tls),
    named,
    apiUrl: `${originUrl(origin, tls)}${path ?? `/v2/${prefix}`.replace(/\/$/, '')}`,
    prefix,
    takesPushes: takesPushes(repository),
    pullsNeedLogin: repository.values['forceBasicAuth'] !== false,
    members,
    domains: [...new Set(proxies.flatMap((one) => domainOf(one) ?? []))],
    ...(domain !== undefined && { domain }),
  }
}

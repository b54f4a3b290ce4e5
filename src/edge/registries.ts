import type { PublicRegistry, Tls } from './edge.ts'
import { authorityOf, originUrl, schemeOf } from './origin.ts'
import { domainOf, membersOf, takesPushes } from './repository.ts'
import { type Decided, servedBy } from './sites.ts'

/** The repositories that clients reach, in the order of the file; each by one name, the most particular that it has. */
export function registriesOf(decided: Decided, tls: Tls): PublicRegistry[] {
  const { repositories, hosts } = decided
  const served = servedBy(decided)
  const addresses = served.flatMap(({ service }) => service.addresses)
  return repositories.flatMap((repository) => {
    const { name, type, values } = repository
    const place = served.findLast((one) => one.repositories.includes(repository))
    const mirror = addresses.find((one) => one.repository === name)
    if (!place && !mirror) return []
    const origin = place?.origin ?? hosts.pull
    const prefix = place?.byPath ? `${name}/` : ''
    const path = place || !mirror ? `/v2/${prefix}` : mirror.path
    const domain = domainOf(repository)
    const members = membersOf(repository, repositories)
    const proxies = members.flatMap((member) => repositories.filter((one) => one.name === member))
    return [
      {
        repository: name,
        type,
        scheme: schemeOf(tls),
        host: authorityOf(origin, tls),
        named: place !== undefined,
        apiUrl: `${originUrl(origin, tls)}${path.replace(/\/$/, '')}`,
        prefix,
        takesPushes: takesPushes(repository),
        pullsNeedLogin: values['forceBasicAuth'] !== false,
        members,
        domains: [...new Set(proxies.flatMap((one) => domainOf(one) ?? []))],
        ...(domain !== undefined && { domain }),
      },
    ]
  })
}

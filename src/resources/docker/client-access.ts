import type { ImageWay } from '../../core/image-address.ts'
import type { ClientAccess } from '../contract/description.ts'
import type { Values } from '../contract/fields.ts'

/**
 * How `docker login`, `pull` and `push` reach a repository: by the port of a connector, a subdomain of the server, or its name in the path
 * (nexus-api 2.4). Of several ways the one with TLS of its own comes first. Undefined for what is offline.
 */
export function clientAccess(values: Values): ClientAccess | undefined {
  if (values['online'] === false) return undefined
  const way = wayIn(values)
  const { writePolicy, writableMember, members, remoteUrl, forceBasicAuth } = values
  const isHosted = members === undefined && remoteUrl === undefined
  return {
    ...(way && { way }),
    gathers: members !== undefined,
    takesPushes: isHosted ? writePolicy !== 'deny' : typeof writableMember === 'string',
    pullsNeedLogin: forceBasicAuth !== false,
  }
}

function wayIn(values: Values): ImageWay | undefined {
  const { httpPort, httpsPort, subdomain, pathEnabled } = values
  if (typeof httpsPort === 'number') return { port: httpsPort, tls: true }
  if (typeof httpPort === 'number') return { port: httpPort, tls: false }
  if (typeof subdomain === 'string') return { subdomain }
  return pathEnabled === true ? {} : undefined
}

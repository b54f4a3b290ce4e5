import type { BackEnd, Edge, Site } from '../../edge/edge.ts'
import { listeningOf } from '../listening.ts'
import { entryPointOf } from './entry-points.ts'
import { orderOf, slug } from './order.ts'
import { ruleOf, type Syntax } from './rules.ts'

/** A rule of an edge as a router of Traefik. */
export interface Router {
  name: string
  purpose: string
  rule: string
  priority: number
  entryPoint: string
  middlewares: readonly string[]
  service: string
  tls?: { certResolver?: string }
}

/** What Traefik is told while it runs: by a file, or by labels of a container. */
export interface Dynamic {
  routers: readonly Router[]
  middlewares: Readonly<Record<string, Middleware>>
  /** By the name of the service. */
  ports: ReadonlyMap<string, BackEnd>
}

export type Middleware =
  | { headers: { customRequestHeaders: Record<string, string> } }
  | { redirectRegex: { regex: string; replacement: string; permanent: true } }

/** Resolver of certificates in the static configuration. */
export const certResolver = 'letsencrypt'

const headersName = 'nexus-docker-headers'

export function dynamicOf(edge: Edge, syntax: Syntax): Dynamic {
  const middlewares: Record<string, Middleware> = { [headersName]: headersFor(edge) }
  const ports = new Map<string, BackEnd>()
  const routers = edge.sites.flatMap((site) =>
    site.rules.flatMap((rule, index): Router[] => {
      const { action } = rule
      // What no router fits Traefik answers with 404 by itself.
      if ('refuse' in action) return []
      const common = {
        ...orderOf(site, index),
        purpose: rule.purpose,
        rule: ruleOf(site, rule, syntax),
        ...placeOf(site, edge),
      }
      if ('redirect' in action) {
        const name = `nexus-docker-to-${slug(action.redirect)}`
        middlewares[name] = redirectTo(action.redirect)
        return [{ ...common, middlewares: [name], service: 'noop@internal' }]
      }
      const backEnd = edge.backEnds.find(({ name }) => name === action.to) as BackEnd
      // Without prefixes, two back ends on one port are the same.
      const service = `nexus-docker-${backEnd.port}`
      ports.set(service, backEnd)
      return [{ ...common, middlewares: [headersName], service }]
    }),
  )
  return { routers, middlewares, ports }
}

function placeOf(site: Site, edge: Edge): Pick<Router, 'entryPoint' | 'tls'> {
  const { port, tls } = listeningOf(edge, site)
  const entryPoint = entryPointOf(port)
  if (!tls) return { entryPoint }
  return { entryPoint, tls: 'acme' in edge.tls ? { certResolver } : {} }
}

/** Nexus builds `Location` and the token realm from these; Host stays as it is, with its port. An empty value drops a header. */
function headersFor({ tls }: Edge): Middleware {
  return {
    headers: {
      customRequestHeaders: {
        'X-Forwarded-Host': '',
        'X-Forwarded-Port': '',
        ...(tls.ends === 'further-out' && { 'X-Forwarded-Proto': 'https' }),
      },
    },
  }
}

/** To a path of the same origin, whatever the client calls that. Traefik answers GET with 301, other methods with 308. */
function redirectTo(path: string): Middleware {
  return { redirectRegex: { regex: '.*', replacement: path.replaceAll('$', () => '$$'), permanent: true } }
}

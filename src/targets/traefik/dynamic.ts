import type { BackEnd, Edge, Site } from '../../edge/edge.ts'
import { droppedHeaders, listeningOf, ownName, placeName, slug } from '../listening.ts'
import { climbingRule, ruleOf, type Syntax } from './rules.ts'
import { certResolver, entryPointOf } from './static.ts'

interface Router extends Way {
  rule: string
  priority: number
  entryPoints: string[]
  tls?: object
}

interface Way {
  middlewares?: string[]
  service: string
}

/** What Traefik is told while it runs, by a file or by labels. */
export interface Dynamic {
  routers: Record<string, Router>
  middlewares: Record<string, { headers?: object; redirectRegex?: object }>
  /** The ports of Nexus, by the names of their services. */
  ports: Record<string, BackEnd>
  /** What each router is for. */
  purposes: readonly (readonly [router: string, purpose: string])[]
}

/** A router for each rule. What no router fits Traefik answers with 404 by itself. */
export function dynamicOf(edge: Edge, syntax: Syntax): Dynamic {
  const dynamic: Dynamic = {
    routers: {},
    middlewares: { [headersName(edge)]: headersFor(edge) },
    ports: {},
    purposes: [],
  }
  const purposes: [string, string][] = []
  const add = (name: string, purpose: string, router: Router) => {
    purposes.push([name, purpose])
    dynamic.routers[name] = router
    // Docker asks an insecure registry by https first, and Traefik answers: without a router for it, with 404, and that is final.
    if (edge.tls.ends === 'plain') dynamic.routers[`${name}-tls`] = { ...router, tls: {} }
  }
  for (const site of edge.sites) {
    if (syntax !== 'v1')
      add(`${slug(placeName(site))}-0`, 'Nexus may resolve these to another place: 418', {
        rule: climbingRule(site, syntax),
        priority: 2000,
        ...placeOf(site, edge),
        service: nobody,
      })
    for (const [index, rule] of site.rules.entries()) {
      const { action } = rule
      if ('refuse' in action) continue
      const { name, priority } = orderOf(site, index)
      add(name, rule.purpose, {
        rule: ruleOf(site, rule, syntax),
        priority,
        ...placeOf(site, edge),
        ...('redirect' in action
          ? redirect(action.redirect, edge, dynamic)
          : forward(edge.backEnds.find((one) => one.name === action.to) as BackEnd, edge, dynamic)),
      })
    }
  }
  return { ...dynamic, purposes }
}

/**
 * The router with the highest priority is asked first. Other people's catch-alls, whose priority is the length of their rule, come after all
 * of ours.
 */
function orderOf(site: Site, index: number): { name: string; priority: number } {
  const priority = 1000 + 10 * (site.rules.length - 1 - index)
  return { name: `${slug(placeName(site))}-${index + 1}`, priority }
}

function placeOf(site: Site, edge: Edge): Pick<Router, 'entryPoints' | 'tls'> {
  const { port, tls } = listeningOf(edge, site)
  return {
    entryPoints: [entryPointOf(port)],
    ...(tls && { tls: 'acme' in edge.tls ? { certResolver } : {} }),
  }
}

function headersName(edge: Edge): string {
  return `nexus-${ownName(edge)}-headers`
}

/** Nexus builds `Location` and the realm of tokens from Host. An empty value drops a header. */
function headersFor({ tls }: Edge): Dynamic['middlewares'][string] {
  const behind = tls.ends === 'further-out' ? { 'X-Forwarded-Proto': 'https' } : {}
  const dropped = Object.fromEntries(droppedHeaders.map((name) => [name, '']))
  const customRequestHeaders = { ...dropped, ...behind }
  return { headers: { customRequestHeaders } }
}

function forward(backEnd: BackEnd, edge: Edge, { ports }: Dynamic): Way {
  // Two back ends on one port differ by their prefix alone, and there is none here.
  const service = `nexus-${ownName(edge)}-${backEnd.port}`
  ports[service] = backEnd
  return { middlewares: [headersName(edge)], service }
}

/** Traefik's own: for a router whose middleware answers; without one it says 418. */
const nobody = 'noop@internal'

/** To a path of the same origin, whatever the client calls that. Traefik answers GET with 301, other methods with 308. */
function redirect(path: string, edge: Edge, { middlewares }: Dynamic): Way {
  const name = `nexus-${ownName(edge)}-to-${slug(path)}`
  const replacement = path.replaceAll('$', () => '$$')
  middlewares[name] = { redirectRegex: { regex: '.*', replacement, permanent: true } }
  return { middlewares: [name], service: nobody }
}

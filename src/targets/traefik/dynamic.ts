import type { BackEnd, Edge, Site } from '../../edge/edge.ts'
import { droppedHeaders, listeningOf } from '../listening.ts'
import { ruleOf, type Syntax } from './rules.ts'
import { certResolver, entryPointOf } from './static.ts'

interface Router extends Way {
  rule: string
  priority: number
  entryPoints: string[]
  tls?: object
}

interface Way {
  middlewares: string[]
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
  const dynamic: Dynamic = { routers: {}, middlewares: headersFor(edge), ports: {}, purposes: [] }
  const purposes: [string, string][] = []
  for (const site of edge.sites)
    for (const [index, rule] of site.rules.entries()) {
      const { action } = rule
      if ('refuse' in action) continue
      const { name, priority } = orderOf(site, index)
      purposes.push([name, rule.purpose])
      const router: Router = {
        rule: ruleOf(site, rule, syntax),
        priority,
        ...placeOf(site, edge),
        ...('redirect' in action
          ? redirect(action.redirect, dynamic)
          : forward(edge.backEnds.find((one) => one.name === action.to) as BackEnd, dynamic)),
      }
      dynamic.routers[name] = router
      // Docker asks an insecure registry by https first, and Traefik answers: without a router for it, with 404, and that is final.
      if (edge.tls.ends === 'plain') dynamic.routers[`${name}-tls`] = { ...router, tls: {} }
    }
  return { ...dynamic, purposes }
}

/**
 * The router with the highest priority is asked first. Other people's catch-alls, whose priority is the length of their rule, come after all
 * of ours.
 */
function orderOf({ host, port, rules }: Site, index: number): { name: string; priority: number } {
  const place = [443, 80].includes(port) ? host : `${host}:${port}`
  return { name: `${slug(place)}-${index + 1}`, priority: 1000 + 10 * (rules.length - 1 - index) }
}

function placeOf(site: Site, edge: Edge): Pick<Router, 'entryPoints' | 'tls'> {
  const { port, tls } = listeningOf(edge, site)
  return {
    entryPoints: [entryPointOf(port)],
    ...(tls && { tls: 'acme' in edge.tls ? { certResolver } : {} }),
  }
}

/** Nexus builds `Location` and the realm of tokens from Host. An empty value drops a header. */
function headersFor({ tls }: Edge): Dynamic['middlewares'] {
  const behind = tls.ends === 'further-out' ? { 'X-Forwarded-Proto': 'https' } : {}
  const dropped = Object.fromEntries(droppedHeaders.map((name) => [name, '']))
  const customRequestHeaders = { ...dropped, ...behind }
  return { 'nexus-docker-headers': { headers: { customRequestHeaders } } }
}

function forward(backEnd: BackEnd, { ports }: Dynamic): Way {
  // Two back ends on one port differ by their prefix alone, and there is none here.
  const service = `nexus-docker-${backEnd.port}`
  ports[service] = backEnd
  return { middlewares: ['nexus-docker-headers'], service }
}

/** To a path of the same origin, whatever the client calls that. Traefik answers GET with 301, other methods with 308. */
function redirect(path: string, { middlewares }: Dynamic): Way {
  const name = `nexus-docker-to-${slug(path)}`
  const replacement = path.replaceAll('$', () => '$$')
  middlewares[name] = { redirectRegex: { regex: '.*', replacement, permanent: true } }
  return { middlewares: [name], service: 'noop@internal' }
}

/** For a label, where dots part names. No two hosts become the same. */
function slug(text: string): string {
  const name = text
    .replaceAll('-', '--')
    .replaceAll(/[./]/g, '-')
    .replaceAll(/[^\w-]/g, '_')
  return name.replaceAll(/^-+|-+$/g, '')
}

import { imageAddress } from '../core/image-address.ts'
import { mainPort, parseUpstream } from '../edge/back-ends.ts'
import { leadsToItself } from '../edge/check-edge.ts'
import type { Tls } from '../edge/edge.ts'
import { authorityOf, isAddress, isSame, parseOrigin } from '../edge/origin.ts'
import { hostProblem, type TlsSection, tlsOf } from '../edge/section.ts'
import type { Answers, EdgeAnswer, TemplateNeeds } from './answers.ts'
import { hasCaches, hostedName } from './connectors.ts'

type Contents = Pick<Answers, 'privateImages' | 'upstreams' | 'others' | 'anonymousPull' | 'routing'>

/** Where TLS can end, by the words of the command line. The certificate is the usual answer, and lies where the examples have it. */
export const usualTls = {
  certificate: { certificate: '/etc/ssl/registry.crt', key: '/etc/ssl/registry.key' },
  acme: { acme: {} },
  'further-out': { endsFurtherOut: true },
} as const satisfies Record<string, TlsSection>

/** What the names of its images begin with: `nexus.corp:8082/`, or `nexus.corp/docker/` with paths; undefined when it is not reached directly. */
export function registryAddress(repository: string, answers: Answers): string | undefined {
  const { url, routing, ports, edge } = answers
  const port = routing === 'path' ? undefined : ports[repository]
  if (routing !== 'path' && port === undefined) return undefined
  if (!edge) return imageAddress(new URL(url), repository, port === undefined ? {} : { port })?.prefix
  const { pull, push = pull } = edge.hosts
  const origin = parseOrigin(repository === hostedName ? push : pull, tlsOf(edge))
  return origin && `${authorityOf(origin, tlsOf(edge))}/${isByPath(answers) ? `${repository}/` : ''}`
}

/** Whether names of images have their repository in them behind a public name: what `chooseRouting` makes of the wizard's file. */
export function isByPath(contents: Omit<Contents, 'privateImages'>): boolean {
  return contents.routing === 'path' && !(contents.anonymousPull && hasCaches(contents))
}

/** Whether pushes need a name of their own: one name leads to the group, which takes them on Pro alone. */
export function needsPushName(contents: Contents, template: TemplateNeeds | undefined): boolean {
  if (template) return template.edge?.hosts.push !== undefined
  return (
    contents.privateImages && hasCaches(contents) && contents.routing !== 'single-port' && !isByPath(contents)
  )
}

/** `push.registry.example.com`; nothing can stand before an address, which has another port instead. */
export function usualPushName(pull: string): string {
  const bare = pull.replace(/:\d+$/, '')
  if (!isAddress(bare)) return `push.${pull}`
  return `${bare}:${pull.endsWith(':5000') ? 5001 : 5000}`
}

/** A sentence for what is no public name; `none` is an answer of its own. */
export function nameProblem(text: string): string | undefined {
  const problem = hostProblem(text.trim().replace(/^none$/, ''))
  return problem && `${problem.message}; ${problem.hint}`
}

/** Why it cannot be the name for pushes beside that for pulls, wherever TLS ends. */
export function pushNameProblem(text: string, pull: string): string | undefined {
  const isPull = (tls: Tls) => {
    const [one, other] = [text.trim(), pull].map((name) => parseOrigin(name, tls))
    return one && other && isSame(one, other)
  }
  const isTaken = isPull({ ends: 'plain' }) || isPull({ ends: 'further-out' })
  return nameProblem(text) ?? (isTaken ? 'that is the name for pulls: pushes need another one' : undefined)
}

/**
 * Where the reverse proxy finds Nexus, if nexus.url does not say it: a name that leads to the reverse proxy itself, or nothing that it can
 * be configured with. A guess then: the usual port on the same machine.
 */
export function upstreamOf(
  { url, ports }: Pick<Answers, 'url' | 'ports'>,
  edge: EdgeAnswer,
): string | undefined {
  const known = parseUpstream(url)
  if (known && !isFront(url, ports, edge)) return undefined
  const candidates = ['localhost', 'nexus', '127.0.0.1'].map(
    (host) => `http://${host}:8081${known?.contextPath ?? ''}`,
  )
  return candidates.find((candidate) => !isFront(candidate, ports, edge))
}

/** Whether one of the names leads to a port of Nexus at that address. */
export function isFront(url: string, ports: Answers['ports'], edge: EdgeAnswer): boolean {
  const upstream = parseUpstream(url)
  if (!upstream) return false
  const main = mainPort(upstream)
  const backEnds = [main, ...Object.values(ports).map((port) => ({ ...main, port }))]
  const names = [edge.hosts.pull, edge.hosts.push ?? edge.hosts.pull]
  const sites = names
    .flatMap((name) => parseOrigin(name, tlsOf(edge)) ?? [])
    .map((origin) => ({ ...origin, rules: [] }))
  return leadsToItself({ backEnds, sites })
}

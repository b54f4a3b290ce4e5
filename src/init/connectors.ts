import { freePort, nexusPorts } from '../core/ports.ts'
import type { Answers, Connector, TemplateNeeds } from './answers.ts'

/** Names of the repositories that the wizard itself writes. */
export const hostedName = 'docker-hosted'
export const groupName = 'docker'

type Shape = Pick<Answers, 'privateImages' | 'upstreams' | 'others' | 'routing'>

/** Whether there is anything to pull from elsewhere. */
export function hasCaches({ upstreams, others }: Pick<Answers, 'upstreams' | 'others'>): boolean {
  return upstreams.length + others.length > 0
}

/** What the file will have ports for, in the order of the questions. */
export function connectorsOf(shape: Shape, template: TemplateNeeds | undefined): readonly Connector[] {
  if (template) return template.connectors
  if (shape.routing === 'path') return []
  const group: Connector[] = hasCaches(shape) ? [{ repository: groupName, port: 8082 }] : []
  const pushes = shape.privateImages && (shape.routing === 'ports' || group.length === 0)
  return pushes ? [...group, { repository: hostedName, port: group.length > 0 ? 8083 : 8082 }] : group
}

/** What a port is for, in a few words. */
export function purposeOf(repository: string, shape: Shape, template: TemplateNeeds | undefined): string {
  if (template) return `for ${repository}`
  const both = !hasCaches(shape) || shape.routing === 'single-port'
  if (both) return 'to pull and push'
  return repository === hostedName ? 'to push' : 'to pull'
}

/** Ports for the connectors: those that are given, else the usual ones or the next that is free. */
export function proposePorts(
  connectors: readonly Connector[],
  given: Readonly<Record<string, number>>,
  taken: ReadonlySet<number>,
): Record<string, number> {
  const used = new Set([...taken, ...connectors.flatMap(({ repository }) => given[repository] ?? [])])
  const ports: Record<string, number> = {}
  for (const { repository, port } of connectors) {
    ports[repository] = given[repository] ?? freePort(port, used)
    used.add(ports[repository])
  }
  return ports
}

/** A sentence for a port that cannot be used beside others; undefined for a good one. */
export function portProblem(
  port: number,
  others: Readonly<Record<string, number>>,
  url: string,
): string | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65535) return 'a port is a number from 1 to 65535'
  if (nexusPorts(url).has(port)) return `${port} is the port of Nexus itself`
  const owner = Object.keys(others).find((repository) => others[repository] === port)
  return owner === undefined ? undefined : `${port} is already the port of ${owner}`
}

import { explicitPort, freePort, nexusPorts, usualNexusPort } from '../../core/ports.ts'
import {
  type Finding,
  isTooOldFor,
  type Rule,
  type RuleContext,
  type RuleObject,
  refusedBy,
  thereFirst,
} from '../contract/rule.ts'
import type { dockerFields } from './fields.ts'
import { isDocker } from './repository.ts'

// How a repository is reached: by a port of its own, by its name in the path, or by a subdomain.

interface UsedPort {
  repository: RuleObject
  field: string
  port: number
}

/** Every connector needs a port of its own, http and https alike, among those of the format `oci` too (nexus-api 6). */
const distinctPorts: Rule = (context) => {
  const suggestion = suggestPorts(context)
  const owners = new Map<number, UsedPort>()
  for (const used of keptFirst(portsOf(context), context)) {
    const owner = owners.get(used.port)
    if (!owner) {
      owners.set(used.port, used)
      continue
    }
    const same = owner.repository === used.repository
    const finding =
      isWritten(owner, context) || same ? conflict(owner, used, suggestion) : taken(owner, used, suggestion)
    context.report(used.repository, used.field, { ...finding, refused: true })
  }
}

function conflict(owner: UsedPort, used: UsedPort, suggestion: (port: number) => number): Finding {
  const same = owner.repository === used.repository
  return {
    code: 'port-conflict',
    message: `${used.field} ${used.port} is already ${same ? `the ${owner.field} of this repository` : `used by "${owner.repository.id}"`}`,
    hint: `each connector needs its own port; ${suggestion(used.port)} is free in this file`,
  }
}

/** The server has it, and this run does not change that. */
function taken(
  { repository: owner, field }: UsedPort,
  used: UsedPort,
  suggestion: (port: number) => number,
): Finding {
  const another = `choose another port, e.g. ${suggestion(used.port)}`
  return {
    code: 'port-taken',
    message: `${used.field} ${used.port} is used by ${owner.kind.label} "${owner.id}" on the server`,
    hint: isDocker(owner.kind)
      ? `${another}, or add "${owner.id}" to the file with another ${field} (or null)`
      : `${another}, or change "${owner.id}" on the server first`,
  }
}

function isWritten(
  { repository, field }: Pick<UsedPort, 'repository' | 'field'>,
  context: RuleContext,
): boolean {
  return context.isWritten([...repository.object.path, field])
}

/** What stays as the server has it comes before what the file writes, which is told then. */
function keptFirst<Used extends Pick<UsedPort, 'repository' | 'field'>>(
  used: readonly Used[],
  context: RuleContext,
): Used[] {
  return used.toSorted((a, b) => Number(isWritten(a, context)) - Number(isWritten(b, context)))
}

/**
 * Where Nexus listens itself a connector never opens (nexus-api 6): 8081, unless it was configured otherwise. The port of its address may
 * be another one: that of a container's host or of a proxy, and then the server takes it.
 */
const notNexusPort: Rule = (context) => {
  const suggestion = suggestPorts(context)
  const address = explicitPort(addressOf(context))
  for (const used of portsOf(context)) {
    const { repository, field, port } = used
    const isUsual = port === usualNexusPort
    if (!isUsual && port !== address) continue
    const another = `choose another one, e.g. ${suggestion(port)}`
    if (isUsual && (address === undefined || address === usualNexusPort)) {
      const message = `${field} ${port} is the port of Nexus itself`
      context.report(repository, field, { code: 'nexus-port', message, hint: another })
      continue
    }
    context.report(repository, field, {
      severity: 'warning',
      untilAsked: true,
      code: 'nexus-port',
      message: isUsual
        ? `${field} ${port} is the port of Nexus itself, unless it was configured otherwise`
        : `${field} ${port} is the port of the server's own address`,
      hint: isUsual
        ? `in a container Nexus listens on ${port}, whatever port is published; ${another}`
        : `where Nexus itself listens on ${port}, the connector never opens; ${another}`,
    })
  }
}

/** The official image runs Nexus as an ordinary user: it answers success, and nothing listens there (nexus-api 6). */
const noPrivilegedPorts: Rule = (context) => {
  for (const { repository, field, port } of portsOf(context)) {
    if (port >= 1024) continue
    context.report(repository, field, {
      severity: 'warning',
      untilAsked: true,
      code: 'privileged-port',
      message: `${field} ${port} is below 1024, where an ordinary user cannot listen`,
      hint: `use a higher port and publish it as ${port}: unless Nexus may listen there, it reports success and opens nothing`,
    })
  }
}

/**
 * Without a key store for Jetty an https connector is stored and never opened (nexus-api 6). One sentence for all of them: it is one set-up
 * of the server, and where it has such a connector already nobody has to hear of it.
 */
const httpsNeedsKeyStore: Rule = (context) => {
  const connectors = portsOf(context).filter(({ field }) => field === 'httpsPort')
  const [first] = thereFirst(connectors, ({ repository }) => repository.part)
  if (!first) return
  context.report(first.repository, first.field, {
    severity: 'warning',
    untilAsked: true,
    code: 'https-connector',
    message: `${first.field} ${first.port} needs HTTPS set up in Nexus itself`,
    hint: 'add a key store in etc/jetty/jetty-https.xml (without it Nexus reports success and opens nothing), or use httpPort behind a proxy that has the certificate',
  })
}

/** Sonatype advises against more than 20 port connectors on a server. */
const notTooManyPorts: Rule = (context) => {
  const ports = portsOf(context)
  const last = ports[20]
  if (!last) return
  context.report(last.repository, last.field, {
    severity: 'warning',
    code: 'many-ports',
    message: `the file opens ${ports.length} connector ports`,
    hint: 'Sonatype recommends at most 20; put repositories into a group, or use pathEnabled',
  })
}

/** Path-based routing and connectors exclude each other: 3.96 refuses both together; of 3.90 to 3.95 that is said, and not seen (nexus-api 6). */
const pathOrPorts: Rule = ({ inNamespace, server, report }) => {
  // Where there is no path-based routing, that is what is wrong.
  if (isTooOldFor(server, 'pathEnabled')) return
  for (const repository of inNamespace<typeof dockerFields>('repository')) {
    const { values } = repository
    if (values.pathEnabled !== true) continue
    const ways = ['httpPort', 'httpsPort', 'subdomain'] as const
    const other = ways.find((field) => (values[field] ?? null) !== null)
    if (!other) continue
    report(repository, other, {
      ...refusedBy(server, 'pathEnabledExcludesPorts'),
      code: 'path-and-port',
      message: `${other} and pathEnabled: true exclude each other`,
      hint: 'keep one way to reach the repository; Nexus 3.96 and later refuse both, and some from 3.90 on may',
    })
  }
}

/** Subdomains are host name labels (nexus-api 6). */
const validSubdomains: Rule = (context) => {
  for (const repository of context.inNamespace<typeof dockerFields>('repository')) {
    const label = repository.values.subdomain
    if (typeof label !== 'string' || isHostLabel(label)) continue
    context.report(repository, 'subdomain', {
      code: 'invalid-subdomain',
      message: `"${label}" is not a host name label`,
      hint: 'use letters, digits and hyphens, beginning with a letter, at most 63 characters',
    })
  }
}

function isHostLabel(label: string): boolean {
  return /^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)
}

/** A subdomain leads to one repository (nexus-api 6). */
const distinctSubdomains: Rule = (context) => {
  const owners = new Map<string, string>()
  const repositories = context.inNamespace<typeof dockerFields>('repository')
  const used = repositories.map((repository) => ({ repository, field: 'subdomain' }))
  for (const { repository, field } of keptFirst(used, context)) {
    const label = repository.values.subdomain
    if (typeof label !== 'string' || !isHostLabel(label)) continue
    const owner = owners.get(label.toLowerCase())
    owners.set(label.toLowerCase(), repository.id)
    if (owner === undefined) continue
    context.report(repository, field, {
      refused: true,
      code: 'subdomain-conflict',
      message: `subdomain "${label}" is already used by "${owner}"`,
      hint: 'give each repository its own',
    })
  }
}

export const connectorRules: readonly Rule[] = [
  distinctPorts,
  notNexusPort,
  noPrivilegedPorts,
  httpsNeedsKeyStore,
  notTooManyPorts,
  pathOrPorts,
  validSubdomains,
  distinctSubdomains,
]

function portsOf({ inNamespace }: RuleContext): UsedPort[] {
  return inNamespace('repository').flatMap((repository) =>
    (repository.kind.exclusive ?? []).flatMap((field) => {
      const port = repository.values[field]
      return typeof port === 'number' ? [{ repository, field, port }] : []
    }),
  )
}

/** The URL that is really used. */
function addressOf({ server }: RuleContext): string | undefined {
  return server.usedUrl ?? server.url
}

/** For a port that cannot be used, the next one that the file and Nexus leave free. Looked at when the first is asked for. */
function suggestPorts(context: RuleContext): (port: number) => number {
  let used: Set<number> | undefined
  return (port) => {
    used ??= new Set([...nexusPorts(addressOf(context)), ...portsOf(context).map((entry) => entry.port)])
    return freePort(port + 1, used)
  }
}

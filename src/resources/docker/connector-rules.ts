import { explicitPort, freePort, nexusPort } from '../../core/ports.ts'
import { offers } from '../../nexus/capabilities.ts'
import type { Rule, RuleContext, RuleObject } from '../contract/rule.ts'
import type { dockerFields } from './fields.ts'

// How a repository is reached: by a port of its own, by its name in the path, or by a subdomain.

interface UsedPort {
  repository: RuleObject
  field: string
  port: number
}

/** Every connector needs a port of its own, http and https alike (nexus-api 6). */
const distinctPorts: Rule = (context) => {
  const suggestion = suggestPorts(context)
  const owners = new Map<number, UsedPort>()
  for (const used of portsOf(context)) {
    const owner = owners.get(used.port)
    if (!owner) owners.set(used.port, used)
    else {
      const same = owner.repository === used.repository
      context.report(used.repository, used.field, {
        refused: true,
        code: 'port-conflict',
        message: `${used.field} ${used.port} is already ${same ? `the ${owner.field} of this repository` : `used by "${owner.repository.id}"`}`,
        hint: `each connector needs its own port; ${suggestion(used.port)} is free in this file`,
      })
    }
  }
}

/** Nexus listens on its own port already; the connector would never open (nexus-api 6). */
const notNexusPort: Rule = (context) => {
  const suggestion = suggestPorts(context)
  const own = nexusPorts(context)
  for (const used of portsOf(context)) {
    if (!own.has(used.port)) continue
    context.report(used.repository, used.field, {
      code: 'nexus-port',
      message: `${used.field} ${used.port} is the port of Nexus itself`,
      hint: `choose another one, e.g. ${suggestion(used.port)}`,
    })
  }
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

/** Path-based routing and connectors exclude each other: 3.96 refuses both together, and servers from about 3.90 on are said to (nexus-api 6). */
const pathOrPorts: Rule = ({ inNamespace, server: { version }, report }) => {
  const older = version !== undefined && !offers({ version, edition: 'unknown' }, 'pathEnabledExcludesPorts')
  for (const repository of inNamespace<typeof dockerFields>('repository')) {
    const { values } = repository
    if (values.pathEnabled !== true) continue
    const ways = ['httpPort', 'httpsPort', 'subdomain'] as const
    const other = ways.find((field) => (values[field] ?? null) !== null)
    if (!other) continue
    report(repository, other, {
      severity: older ? 'warning' : 'error',
      refused: !older,
      code: 'path-and-port',
      message: `${other} and pathEnabled: true exclude each other`,
      hint: `keep one way to reach the repository; Nexus 3.90 and later refuse both${older ? '' : ' (for an older server set nexus.version)'}`,
    })
  }
}

/** Subdomains are host name labels (nexus-api 6). */
const validSubdomains: Rule = ({ inNamespace, report }) => {
  const owners = new Map<string, string>()
  for (const repository of inNamespace<typeof dockerFields>('repository')) {
    const label = repository.values.subdomain
    if (typeof label !== 'string') continue
    const owner = owners.get(label.toLowerCase())
    owners.set(label.toLowerCase(), repository.id)
    if (!/^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) {
      report(repository, 'subdomain', {
        code: 'invalid-subdomain',
        message: `"${label}" is not a host name label`,
        hint: 'letters, digits and hyphens, beginning with a letter, at most 63 characters',
      })
    } else if (owner !== undefined) {
      report(repository, 'subdomain', {
        refused: true,
        code: 'subdomain-conflict',
        message: `subdomain "${label}" is already used by "${owner}"`,
        hint: 'each repository needs its own',
      })
    }
  }
}

export const connectorRules: readonly Rule[] = [
  distinctPorts,
  notNexusPort,
  notTooManyPorts,
  pathOrPorts,
  validSubdomains,
]

function portsOf({ inNamespace }: RuleContext): UsedPort[] {
  return inNamespace('repository').flatMap((repository) =>
    (repository.kind.connectorPorts ?? []).flatMap((field) => {
      const port = repository.values[field]
      return typeof port === 'number' ? [{ repository, field, port }] : []
    }),
  )
}

/** 8081, unless the file's URL says otherwise, and the port of the URL that is really used. */
function nexusPorts({ server }: RuleContext): Set<number> {
  const used = explicitPort(server.usedUrl)
  return new Set([nexusPort(server.url), ...(used === undefined ? [] : [used])])
}

/** For a port that cannot be used, the next one that the file and Nexus leave free. Looked at when the first is asked for. */
function suggestPorts(context: RuleContext): (port: number) => number {
  let used: Set<number> | undefined
  return (port) => {
    used ??= new Set([...nexusPorts(context), ...portsOf(context).map((entry) => entry.port)])
    return freePort(port + 1, used)
  }
}

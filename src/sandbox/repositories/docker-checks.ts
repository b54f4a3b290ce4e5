// The Docker format's own rules. It could not be recorded: nexus-api section 6 and 2.4 to 2.7 decide, texts that they leave open are guesses.
import { type Check, type Draft, type Finding, nested, section, type Violation } from './findings.ts'

export const dockerChecks: readonly Check[] = [
  checkPorts,
  checkSubdomain,
  checkPathRouting,
  checkIndex,
  checkWritableMember,
]

const PORTS = ['httpPort', 'httpsPort'] as const

/** Text of the Pro-only gates, as the official UI shows it for `writableMember` (nexus-api section 6). */
const PRO_LINK = 'See https://links.sonatype.com/product-nexus-repository'

function violation(field: string, message: string): Violation {
  return { id: `HelperBean.attributes.docker.${field}`, message }
}

/** The name of another repository with such a docker section, if there is one. */
function ownerOf(draft: Draft, isSuch: (docker: Record<string, unknown>) => boolean): string | undefined {
  const others = draft.state.repositories.filter((other) => other !== draft.current)
  return others.find(({ attributes }) => isSuch(nested(attributes, 'docker')))?.name
}

/** Ports are 1..65535, not the server's own, and unique over all repositories, http and https together. */
function checkPorts(draft: Draft): Finding[] {
  const docker = section(draft, 'docker')
  return PORTS.flatMap((name): Finding[] => {
    const port = docker[name]
    if (typeof port !== 'number') return []
    if (port < 1) return [violation(name, 'must be greater than or equal to 1')]
    if (port > 65535) return [violation(name, 'must be less than or equal to 65535')]
    if (port === draft.serverPort)
      return [violation(name, 'Port must be unique (conflicts with the server itself)')]
    const owner = ownerOf(draft, (other) => PORTS.some((key) => other[key] === port))
    if (owner !== undefined)
      return [violation(name, `Port must be unique (conflicts with repository '${owner}')`)]
    const isRepeated = name === 'httpsPort' && docker['httpPort'] === port
    return isRepeated ? [violation(name, 'HTTP and HTTPS ports must be different')] : []
  })
}

function checkSubdomain(draft: Draft): Finding[] {
  const subdomain = section(draft, 'docker')['subdomain']
  if (typeof subdomain !== 'string' || subdomain === '') return []
  if (draft.profile.edition !== 'pro') {
    return [violation('subdomain', `Subdomain routing is a PRO-licensed feature. ${PRO_LINK}`)]
  }
  if (!/^[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(subdomain)) {
    return [violation('subdomain', 'Subdomain must be a valid DNS label that starts with a letter')]
  }
  const owner = ownerOf(draft, (other) => other['subdomain'] === subdomain)
  if (owner === undefined) return []
  return [violation('subdomain', `Subdomain must be unique (conflicts with repository '${owner}')`)]
}

/** From 3.90 path routing excludes the other two: seen on 3.96, a guess before it; older servers may hold both (nexus-api section 6). */
function checkPathRouting(draft: Draft): Finding[] {
  const docker = section(draft, 'docker')
  if (!draft.profile.refusesPathWithPort || docker['pathEnabled'] !== true) return []
  const others = [...PORTS, 'subdomain'].some((name) => docker[name] != null)
  return others
    ? [violation('pathEnabled', 'Path based routing cannot be combined with a port or subdomain')]
    : []
}

function checkIndex(draft: Draft): Finding[] {
  const index = section(draft, 'dockerProxy')
  if (index['indexType'] !== 'CUSTOM' || index['indexUrl']) return []
  return [{ id: 'HelperBean.attributes.dockerProxy.indexUrl', message: 'must not be empty' }]
}

/** nexus-api section 6, "Groups": Pro alone; a hosted repository that is a member of the group. */
function checkWritableMember(draft: Draft): Finding[] {
  const group = section(draft, 'group')
  const name = group['writableMember']
  if (typeof name !== 'string' || name === '') return []
  const refuse = (message: string): Finding[] => [{ id: 'HelperBean.writableMember', message }]
  if (draft.profile.edition !== 'pro')
    return refuse(`Deploying to groups is a PRO-licensed feature. ${PRO_LINK}`)
  const member = draft.state.repositories.find((repository) => repository.name === name)
  if (!member) return refuse('Writable member repository does not exist')
  if (member.type !== 'hosted') return refuse('Writable member repository must be a hosted repository')
  const members = group['memberNames'] as string[]
  return members.includes(name) ? [] : refuse('Writable member repository must be a member of the group')
}

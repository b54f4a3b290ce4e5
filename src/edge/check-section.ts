import { counted } from '../core/counted.ts'
import { similar } from '../core/similar.ts'
import type { FilePath } from '../resources/contract/rule.ts'
import { urlProblem } from '../resources/contract/urls.ts'
import { parseUpstream } from './back-ends.ts'
import { type EdgeInput, mixesTokens } from './choose.ts'
import type { Routing } from './edge.ts'
import { type EdgeFinding, risky, wrong } from './finding.ts'
import { isAddress, isLoopback } from './origin.ts'
import { domainOf, imagePath, membersOf, type Repository, takesPushes } from './repository.ts'

/** A section with what has been made of it. */
interface Chosen extends EdgeInput {
  routing: Routing
  /** Repositories that may be behind the names for pull and push. */
  behind: Readonly<Record<Role, readonly Repository[]>>
}

type Role = 'pull' | 'push'

/** What is wrong with the section and the repositories together. */
export function checkSection(chosen: Chosen): EdgeFinding[] {
  const { routing } = chosen
  return [
    ...whereTlsEnds(chosen),
    ...whereNexusIs(chosen),
    ...namedRepositories(chosen),
    ...(routing === 'ports' || routing === 'subdomain' ? eachByItself(routing, chosen) : []),
    ...(routing === 'path' ? namesInPath(chosen) : []),
    ...(routing === 'namespace' ? ownImages(chosen) : []),
    ...pushedAndPulled(chosen),
  ]
}

function whereTlsEnds({ section: { tls, hosts } }: Chosen): EdgeFinding[] {
  const write = 'certificate and key, "acme: {}", or "endsFurtherOut: true"'
  if (tls === undefined) {
    const words = ['logins and images travel without TLS', `add tls: with ${write}`] as const
    return isLoopback(hosts.pull.replace(/:\d+$/, ''))
      ? []
      : [risky([], 'edge-without-tls', words, { absent: ['tls'] })]
  }
  const keys = ['certificate', 'key', 'acme', 'endsFurtherOut'] as const
  const [first, second, third] = keys.filter((key) => tls[key] !== undefined)
  const of = (at: string[], ...words: [string, string]) => [
    wrong(['tls', ...at], 'edge-tls', words, { absent: ['tls'] }),
  ]
  if (first === undefined) return of([], 'tls does not say where TLS ends', `write ${write}`)
  const other = first === 'certificate' && second === 'key' ? third : second
  if (other) return of([other], `${other} and ${first} exclude each other`, 'keep one of them')
  if (first === 'key') return of([first], 'key is of no use without certificate', 'add "certificate: PATH"')
  if (first === 'certificate' && !second)
    return of([first], 'certificate is of no use without key', 'add "key: PATH"')
  const isPublic = tls.acme && tls.ca !== undefined
  return isPublic ? of(['ca'], 'acme has no private CA', 'remove ca, or write certificate and key') : []
}

function whereNexusIs({ section: { upstream } }: Chosen): EdgeFinding[] {
  const finding = urlProblem('upstream', upstream, {
    login: 'remove the login: clients bring their own',
    scheme: 'http',
  })
  if (finding) return [{ at: ['upstream'], ...finding }]
  const isGood = upstream === undefined || parseUpstream(upstream)
  const words = ['this is not the address of a Nexus', 'write it like http://nexus:8081/context'] as const
  return isGood ? [] : [wrong(['upstream'], 'edge-upstream', words)]
}

/** What the file names is there and takes what goes there. */
function namedRepositories(chosen: Chosen): EdgeFinding[] {
  const { section, repositories } = chosen
  const { pull, push } = section
  const own = Object.keys(section.hosts.repositories ?? {})
  const target = repositories.find(({ name }) => name === push)
  const words = [`"${push}" takes no pushes`, 'name a hosted repository'] as const
  return [
    ...own.flatMap((name) => notThere(name, ['hosts', 'repositories', name], repositories)),
    ...(pull === undefined ? onlyOne('pull', chosen) : notThere(pull, ['pull'], repositories)),
    ...(push === undefined ? onlyOne('push', chosen) : notThere(push, ['push'], repositories)),
    ...(target && !takesPushes(target) ? [wrong(['push'], 'edge-repository', words)] : []),
  ]
}

function notThere(name: string, at: FilePath, repositories: readonly Repository[]): EdgeFinding[] {
  const names = repositories.map((one) => one.name)
  if (names.includes(name)) return []
  const close = similar(name, names)
  const hint = close ? `did you mean "${close}"?` : 'describe it below repositories:, or name another'
  return [wrong(at, 'edge-repository', [`the file describes no Docker repository "${name}"`, hint])]
}

/** Where the file names none, only one repository can be behind a name. */
function onlyOne(role: Role, { section, routing, behind }: Chosen): EdgeFinding[] {
  const isOneName = routing === 'namespace' || routing === 'method'
  const isPushed = role === 'push' && section.hosts.push !== undefined
  const isNeeded = isOneName || (routing === 'two-hosts' && (role === 'pull' || isPushed))
  const [one, ...others] = behind[role]
  if (!isNeeded || (one && others.length === 0)) return []
  const code = 'edge-repository'
  if (!one) {
    const message = `the file has no repository to ${role === 'pull' ? 'pull from' : 'push to'}`
    return [wrong(isPushed ? ['hosts', 'push'] : [], code, [message, 'describe one below repositories:'])]
  }
  const names = behind[role].slice(0, 5).map(({ name }) => `"${name}"`)
  const count = counted(others.length + 1, 'repository', 'repositories')
  const message = `${count} may be behind the name for ${role === 'pull' ? 'pulls' : 'pushes'}: ${names.join(', ')}`
  const words = [
    `${message}${others.length < 5 ? '' : ', …'}`,
    `add the one: "${role}: ${one.name}"`,
  ] as const
  return [wrong([], code, words, { absent: [role] })]
}

function eachByItself(routing: 'ports' | 'subdomain', { section: { hosts } }: Chosen): EdgeFinding[] {
  const each = routing === 'ports' ? 'port' : 'subdomain'
  const why = `with routing: ${routing} each repository has its ${each}`
  const bare = hosts.pull.replace(/:\d+$/, '')
  const of = (role: Role, ...words: [string, string]) => wrong(['hosts', role], 'edge-host', words)
  return [
    ...(hosts.push === undefined ? [] : [of('push', `nothing is behind it: ${why}`, 'remove hosts.push')]),
    ...(routing === 'ports' && bare !== hosts.pull ? [of('pull', why, `write "${bare}"`)] : []),
    ...(routing === 'subdomain' && isAddress(bare)
      ? [of('pull', `"${bare}" has no subdomains`, 'write a host name: registry.example.com')]
      : []),
  ]
}

/** Whether each repository can be reached by its name in the path (nexus-api 2.4, edge.md 2). */
function namesInPath({ section, repositories, server }: Chosen): EdgeFinding[] {
  const own = section.hosts.repositories ?? {}
  const reached = repositories.filter(
    ({ name, values }) => values['pathEnabled'] !== false && !Object.hasOwn(own, name),
  )
  const findings = reached.flatMap(({ name: repository, values }): EdgeFinding[] => {
    const way = ['httpPort', 'httpsPort', 'subdomain'].find((field) => (values[field] ?? null) !== null)
    if (way === undefined && imagePath.test(repository)) return []
    const words =
      way === undefined
        ? ([
            `"${repository}" cannot stand in the names of images`,
            'with edge.routing: path use small letters, digits, and single dots or hyphens between them, or add "pathEnabled: false"',
          ] as const)
        : ([
            `${way} and edge.routing: path exclude each other`,
            `remove ${way}, or add "pathEnabled: false" to leave this repository out of the path`,
          ] as const)
    return [wrong(way === undefined ? [] : [way], 'edge-path', words, { repository })]
  })
  if (!mixesTokens({ repositories, server })) return findings
  const words = [
    'docker cannot pull without a login from several path-based repositories of Nexus 3.87 and later',
    'choose routing: two-hosts, or let all of them but one ask for a login; where only containerd and podman pull, add "x-accept: [edge-anonymous-path]"',
  ] as const
  return [...findings, risky(['routing'], 'edge-anonymous-path', words)]
}

function ownImages({ section: { namespaces = [] }, repositories }: Chosen): EdgeFinding[] {
  const words = ['no namespace says which images are your own', 'add "namespaces: [acme]"'] as const
  if (namespaces.length === 0)
    return [wrong(['routing'], 'edge-namespaces', words, { absent: ['namespaces'] })]
  const index = namespaces.findIndex((name) => /^library(?:\/|$)/.test(name))
  if (index === -1 || !repositories.some((one) => domainOf(one) === 'docker.io')) return []
  const message = 'the official images of Docker Hub begin with library/, and cannot be pulled then'
  return [risky(['namespaces', index], 'edge-library', [message, 'choose another namespace'])]
}

/** Whether what is pushed can be pulled, and what is not there is pushed (edge.md 0.3). */
function pushedAndPulled({ section: { hosts }, repositories, routing, behind }: Chosen): EdgeFinding[] {
  const [pull] = behind.pull
  const [push] = behind.push
  const isPushed = routing === 'method' || (routing === 'two-hosts' && hosts.push !== undefined)
  if (!isPushed || !pull || !push) return []
  const members = membersOf(pull, repositories)
  const findings: EdgeFinding[] = []
  // What everybody may pull need not show what asks for a login.
  const isKeptApart = pull.values['forceBasicAuth'] === false && push.values['forceBasicAuth'] !== false
  if (pull.type === 'group' && !members.includes(push.name) && !isKeptApart) {
    const message = `what is pushed to "${push.name}" cannot be pulled from "${pull.name}"`
    const more = { repository: pull.name, absent: ['members'] }
    findings.push(risky(['members'], 'edge-group', [message, `add "${push.name}" to members`], more))
  }
  const isProxied = [pull, ...repositories.filter(({ name }) => members.includes(name))]
  if (routing !== 'method' || hosts.push !== undefined || !isProxied.some(({ type }) => type === 'proxy'))
    return findings
  const words = [
    'crane, regctl and containerd report success and push nothing where a proxy has the same name and tag',
    'add "hosts: {push: …}" for them, a name that is always hosted, or choose routing: namespace',
  ] as const
  return [...findings, risky(['routing'], 'edge-method', words)]
}

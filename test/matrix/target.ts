// What the matrix is run against: where each kind of repository answers, by connector and by path.
import type { Access } from '../programs/clients/client.ts'
import { type RealRegistry, startDockerRegistry } from '../programs/docker-registry.ts'
import { type Image, type Place, seed } from '../programs/image.ts'
import { freePort, type Workshop } from '../programs/workshop.ts'

export const modes = ['connector', 'path', 'front'] as const
export type Mode = (typeof modes)[number]

/** hosted that allows everything, allow-once (with `latest` exempt), deny; a proxy's group with the first one in it. */
export type Role = 'ours' | 'once' | 'closed' | 'all'

export interface Address {
  /** `HOST:PORT`, what a client signs in to. */
  host: string
  /** What stands before an image's name in a reference: `` or `REPOSITORY/`. */
  prefix: string
  /** Where the repository itself answers on the server's own port; undefined where repositories have no paths. */
  repositoryUrl?: string
}

export interface Target {
  name: string
  modes: readonly Mode[]
  /** Pushes and pulls have the same name. */
  isOneName?: true
  /** What the names of images begin with, so that they come to the hosted repository: `acme/`. */
  namespace?: string
  /** Undefined: it has no such repository. */
  address: (role: Role, mode: Mode) => Address | undefined
  administrator: Access
  /** May read everything and change nothing; undefined: there is no such user. */
  reader?: Access
  /** Puts an image where the group's proxy finds it. */
  seedUpstream?: (name: string, tag: string, image: Image) => Promise<void>
  /** Where the group's proxy gets its images, and what it was asked. */
  upstream?: RealRegistry
  anonymous: boolean
}

/** A baseline: what the clients do with a registry that is not Nexus. It has one repository, which allows everything. */
export async function registryTarget(workshop: Workshop): Promise<Target> {
  const administrator = { username: 'admin', password: 'admin-password' }
  const { host } = await startDockerRegistry(workshop, { users: { admin: administrator.password } })
  return {
    name: 'docker-registry',
    modes: ['connector'],
    address: (role) => (role === 'ours' ? { host, prefix: '' } : undefined),
    administrator,
    anonymous: false,
  }
}

/** The program under test, as the script that starts it hands it over. */
export interface Program {
  /** Starts `nexus-docker sandbox` with these options. */
  startSandbox: (...options: string[]) => Promise<{
    url: string
    username: string
    password: string
    env: Record<string, string>
    stop(): Promise<unknown>
  }>
  /** Runs `nexus-docker` with these arguments. */
  cli: (
    args: string[],
    env: Record<string, string>,
  ) => Promise<{ code: number | null; stdout: string; stderr: string }>
}

const roles: readonly Role[] = ['ours', 'once', 'closed', 'all']
const nameOf = (role: Role, mode: Mode): string => (mode === 'path' ? `${role}-by-path` : role)

function fileOf(ports: Record<Role, number>, upstream: string, ways: readonly Mode[]): string {
  const both = (line: (mode: Mode, access: (role: Role) => string) => string) =>
    ways
      .map((mode) =>
        line(mode, (role) => (mode === 'path' ? 'pathEnabled: true' : `httpPort: ${ports[role]}`)),
      )
      .join('\n')
  return `version: 1
bootstrap: {acceptEula: true}
anonymousPull: true
repositories:
  up: {type: proxy, remoteUrl: "${upstream}"}
${both(
  (mode, access) => `  ${nameOf('ours', mode)}: {type: hosted, ${access('ours')}, writePolicy: allow}
  ${nameOf('once', mode)}: {type: hosted, ${access('once')}, writePolicy: allow-once, latestPolicy: true}
  ${nameOf('closed', mode)}: {type: hosted, ${access('closed')}, writePolicy: deny}
  ${nameOf('all', mode)}: {type: group, ${access('all')}, members: [${nameOf('ours', mode)}, up]}`,
)}
`
}

/** Path-based routing came with 3.83. */
const hasPaths = (version = '3.83'): boolean => Number(version.split('.')[1]) >= 83

/** The sandbox, set up by `apply`, with docker-registry behind its proxy. */
export async function sandboxTarget(
  workshop: Workshop,
  { startSandbox, cli }: Program,
  nexusVersion?: string,
): Promise<Target> {
  const ways: Mode[] = hasPaths(nexusVersion) ? ['connector', 'path'] : ['connector']
  const upstream = await startDockerRegistry(workshop)
  const sandbox = await startSandbox(...(nexusVersion === undefined ? [] : ['--nexus-version', nexusVersion]))
  workshop.onClose(async () => {
    await sandbox.stop()
  })
  const ports = Object.fromEntries(
    await Promise.all(roles.map(async (role) => [role, await freePort()] as const)),
  ) as Record<Role, number>
  const file = workshop.file('repos.yml', fileOf(ports, upstream.url, ways))
  const applied = await cli(['apply', '-f', file, '--yes'], sandbox.env)
  if (applied.code !== 0)
    throw new Error(`apply ended with ${applied.code}\n${applied.stdout}${applied.stderr}`)
  const { username, password, url } = sandbox
  const administrator = { username, password }
  const reader = await makeReader(url, administrator)
  return {
    name: 'sandbox',
    modes: ways,
    address(role, mode) {
      const repositoryUrl = `${url}/repository/${nameOf(role, mode)}`
      if (mode === 'connector') return { host: `127.0.0.1:${ports[role]}`, prefix: '', repositoryUrl }
      return { host: new URL(url).host, prefix: `${nameOf(role, mode)}/`, repositoryUrl }
    },
    administrator,
    ...(reader !== undefined && { reader }),
    upstream,
    seedUpstream: (name, tag, image) => seed({ base: upstream.url, name, tag }, image),
    anonymous: true,
  }
}

/** A role that may read all docker repositories, and a user who has it; undefined where the server has no users to make. */
export async function makeReader(url: string, { username, password }: Access): Promise<Access | undefined> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}/service/rest/v1/security/${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await answer.arrayBuffer()
    return answer.ok
  }
  const reader = { username: 'reader', password: 'reader-password' }
  const privileges = ['read', 'browse'].map((action) => `nx-repository-view-docker-*-${action}`)
  const role = {
    id: 'docker-readers',
    name: 'docker-readers',
    description: 'reads images',
    privileges,
    roles: [],
  }
  const user = {
    ...{ userId: reader.username, password: reader.password, status: 'active', roles: [role.id] },
    ...{ firstName: 'R', lastName: 'Eader', emailAddress: 'reader@example.com' },
  }
  return (await post('roles', role)) && (await post('users', user)) ? reader : undefined
}

/** Where an image is, for requests past the clients. */
export const placeOf = ({ host, prefix }: Address, name: string, tag: string, access: Access): Place => ({
  base: `http://${host}`,
  name: `${prefix}${name}`,
  tag,
  access,
})

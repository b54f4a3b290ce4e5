import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { folderWith } from './run-cli.ts'

/** Servers as they are after their first start (nexus-api section 5). */
export const newServers: Record<string, SandboxOptions> = {
  '3.28 with admin123': { version: '3.28.0', properties: { 'nexus.security.randompassword': 'false' } },
  '3.62 with admin.password': { version: '3.62.0' },
  '3.77 Community': { version: '3.77.1', edition: 'community' },
  '3.89 Community': { version: '3.89.0', edition: 'community' },
  '3.96 Community': { version: '3.96.0', edition: 'community' },
  '3.96 Pro': { version: '3.96.0', edition: 'pro' },
}

/** The password that the file wants. */
export const WANTED = 'wanted-canary-1'

export interface NewServer {
  sandbox: Sandbox
  /** Path of a file that holds the first password, as the server has it or as somebody has copied it. */
  passwordFile: string
  /** Failed sign-ins so far, and answers of a locked user name. */
  failed: () => { refused: number; locked: number }
}

/** A new server that ends with the test. `edit` gets hooks of the test's own. */
export async function newServer(options: SandboxOptions = {}): Promise<NewServer> {
  const counts = { refused: 0, locked: 0 }
  const { hooks, ...others } = options
  const sandbox = await startSandbox({
    state: 'fresh',
    ...others,
    hooks: {
      ...hooks,
      afterResponse(request, status) {
        if (status === 401 && request.user !== undefined) counts.refused += 1
        if (status === 429) counts.locked += 1
        return hooks?.afterResponse?.(request, status)
      },
    },
  })
  onTestFinished(() => sandbox.close())
  return { sandbox, passwordFile: passwordFileOf(sandbox), failed: () => ({ ...counts }) }
}

function passwordFileOf({ initialPasswordFile, password }: Sandbox): string {
  if (initialPasswordFile !== undefined) return initialPasswordFile
  const file = join(folderWith({}), 'first-password')
  writeFileSync(file, password)
  return file
}

/** The environment of a run that wants the password. */
export function wanting(
  sandbox: Pick<Sandbox, 'url'>,
  password: string | undefined = WANTED,
): Record<string, string> {
  return { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: password }
}

/** A registry of three objects, with everything that a new server needs. */
export function bootstrapFile(initialPassword: string, bootstrap = 'acceptEula: true'): string {
  return `version: 1
bootstrap:
  initialPassword: ${initialPassword}
  ${bootstrap}
realms: {ensure: [DockerToken]}
blobStores:
  images: {type: file}
repositories:
  apps: {type: hosted, blobStore: images, httpPort: 8083}
  docker: {type: group, blobStore: images, httpPort: 8082, members: [apps]}
`
}

/** What a new server has come to; the same after every way there. */
export function outcomeOf({ state }: Sandbox) {
  const { users, eulaAccepted, anonymous, realms, blobStores, repositories } = state
  return {
    users: users.map(({ userId, password, status }) => ({ userId, password, status })),
    eulaAccepted,
    anonymous: { ...anonymous },
    realms: [...realms],
    blobStores: blobStores.map(({ name }) => name),
    repositories: repositories
      .filter(({ format }) => format === 'docker')
      .map(({ name, attributes }) => ({ name, attributes: structuredClone(attributes) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  }
}

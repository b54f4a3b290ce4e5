import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Without the program (Debian: docker-registry) its tests are skipped, visibly; on CI they fail instead. */
export const withDockerRegistry = has('docker-registry') || Boolean(process.env['CI'])

export interface DockerRegistry {
  url: string
  port: number
  /** Where it keeps what it has. */
  folder: string
  /** What it has logged. */
  log(): string
  close(): Promise<void>
}

/** Distribution's registry as Debian has it, on a free port of 127.0.0.1 with an empty folder. `auth` and `http` as its configuration has them. */
export async function startDockerRegistry(
  settings: { users?: string; token?: Record<string, string> } = {},
): Promise<DockerRegistry> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-docker-registry-'))
  const port = await freePort()
  const file = (name: string): string => path.join(folder, name)
  if (settings.users !== undefined) writeFileSync(file('htpasswd'), settings.users)
  const auth = {
    ...(settings.users !== undefined && { htpasswd: { realm: 'test', path: file('htpasswd') } }),
    ...(settings.token && { token: settings.token }),
  }
  const configuration = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: file('storage') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret: 'for-tests-only' },
    ...(Object.keys(auth).length > 0 && { auth }),
  }
  writeFileSync(file('configuration.yml'), JSON.stringify(configuration))
  let log = ''
  const child = spawn('docker-registry', ['serve', file('configuration.yml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.on('data', (chunk) => (log += String(chunk)))
  child.stderr.on('data', (chunk) => (log += String(chunk)))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; ; waited += 50) {
    if (child.exitCode !== null || waited > 20_000) throw new Error(`docker-registry does not start: ${log}`)
    if (
      await fetch(`${url}/v2/`).then(
        () => true,
        () => false,
      )
    )
      break
    await sleep(50)
  }
  return {
    url,
    port,
    folder,
    log: () => log,
    close: async () => {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A line of an htpasswd file, with the only hash that the registry takes. */
export function htpasswd(user: string, password: string): string {
  return execFileSync('htpasswd', ['-Bbn', '-C', '4', user, password], { encoding: 'utf8' })
}

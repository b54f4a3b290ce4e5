import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { UserError } from '../../core/errors.ts'
import { parseObject } from '../../core/json.ts'
import type { Credentials } from '../options.ts'
import { credentialsIn, type DockerConfig, helperFor, readHelper } from './docker-config.ts'

export interface StoreOptions {
  environment: Readonly<Record<string, string | undefined>>
  /** Default: the user's. */
  home?: string
}

/**
 * The credentials of a former `docker login` or `podman login` to `host[:port]`: DOCKER_AUTH_CONFIG (the text itself), REGISTRY_AUTH_FILE,
 * Docker's config.json (DOCKER_CONFIG names its folder), podman's auth.json, in this order; a credential helper that is named for the
 * registry, or for all, is asked first. Undefined where nothing is known. Throws `invalid-credentials` for a file that cannot be read and
 * for a helper that fails, with exit code 3.
 */
export async function findCredentials(host: string, options: StoreOptions): Promise<Credentials | undefined> {
  for await (const { config, from } of configs(options)) {
    const asked = helperFor(config, host)
    const found = (asked && (await ask(asked, from, options))) ?? credentialsIn(config, host)
    if (found) return found
  }
  return undefined
}

async function* configs({
  environment,
  home = homedir(),
}: StoreOptions): AsyncGenerator<{ config: DockerConfig; from: string }> {
  const { DOCKER_AUTH_CONFIG: text, REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR } = environment
  if (text) yield { config: parsed(text, 'DOCKER_AUTH_CONFIG'), from: 'DOCKER_AUTH_CONFIG' }
  const files = [
    REGISTRY_AUTH_FILE,
    path.join(DOCKER_CONFIG || path.join(home, '.docker'), 'config.json'),
    XDG_RUNTIME_DIR && path.join(XDG_RUNTIME_DIR, 'containers', 'auth.json'),
  ]
  for (const file of files) {
    if (!file) continue
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw invalid(`${file} cannot be read (${code})`)
    })
    if (content !== undefined) yield { config: parsed(content, file), from: file }
  }
}

function parsed(text: string, from: string): DockerConfig {
  const config = parseObject(text)
  if (config) return config
  throw invalid(`${from} is not JSON as docker login writes it`)
}

/** The helpers' protocol: the name of the registry goes in, JSON comes out (docker/docker-credential-helpers). */
function ask(
  { helper, name }: { helper: string; name: string },
  from: string,
  { environment }: StoreOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`
  const limits = { env: environment, timeout: 30_000, maxBuffer: 1024 ** 2 }
  return new Promise((resolve, reject) => {
    const child = execFile(program, ['get'], limits, (error, stdout) => {
      const why = error?.code === 'ENOENT' ? 'is not installed' : `fails for ${name}`
      try {
        if (error && /credentials not found/i.test(stdout)) resolve(undefined)
        else if (error) reject(invalid(`${program}, which ${from} names, ${why}`))
        else resolve(readHelper(stdout))
      } catch {
        reject(invalid(`${program} does not answer as credential helpers do`))
      }
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(name)
  })
}

function invalid(message: string): UserError {
  return new UserError('invalid-credentials', message, {
    hint: 'Log in again, or give the user name and password directly.',
    exitCode: 3,
  })
}

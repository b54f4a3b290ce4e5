import type { Credentials } from '../options.ts'

/** What Docker's config.json says of logins; podman's auth.json is a part of it. */
export interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>
  /** Program `docker-credential-<value>` by registry. */
  credHelpers?: Record<string, string>
  credsStore?: string
}

/** Docker Hub's login has another name than its registry: moby/registry `IndexServer`. */
const HUB = 'https://index.docker.io/v1/'

/** What `host:port` may be called there, the likeliest first. */
function namesOf(host: string): string[] {
  const isHub = /^((index|registry-1)\.)?docker\.io$/.test(host)
  return [
    ...(isHub ? [HUB, 'docker.io'] : []),
    host,
    `https://${host}`,
    `http://${host}`,
    `https://${host}/v2/`,
    `https://${host}/v1/`,
  ]
}

/** The program to ask about a registry, and the name to ask it for. */
export function helperFor(config: DockerConfig, host: string): { helper: string; name: string } | undefined {
  const [name = host] = namesOf(host)
  const own = namesOf(host).find((one) => config.credHelpers?.[one] !== undefined)
  const helper = (own !== undefined && config.credHelpers?.[own]) || config.credsStore
  // It becomes the name of a program: no path.
  return helper && /^[\w][\w.-]*$/.test(helper) ? { helper, name } : undefined
}

export function credentialsIn(config: DockerConfig, host: string): Credentials | undefined {
  for (const name of namesOf(host)) {
    const entry = config.auths?.[name]
    if (!entry) continue
    if (entry.identitytoken) return { identityToken: entry.identitytoken }
    const [, username = '', password = ''] =
      /^([^:]*):(.*?)\0*$/s.exec(Buffer.from(entry.auth ?? '', 'base64').toString()) ?? []
    if (username !== '') return { username, password }
    if (entry.username) return { username: entry.username, password: entry.password ?? '' }
  }
  return undefined
}

/** What a helper answers to `get`; `<token>` for a user says that the secret is the token of a former login. */
export function readHelper(output: string): Credentials | undefined {
  const { Username: username, Secret: secret } = JSON.parse(output) as {
    Username?: unknown
    Secret?: unknown
  }
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined
  return username === '<token>' ? { identityToken: secret } : { username, password: secret }
}

import { answers, freePort, type Workshop } from './workshop.ts'

export interface RegistryOptions {
  /** Who may sign in, by htpasswd; default: everybody may do everything. */
  users?: Record<string, string>
  /** A pull-through cache of this registry. */
  remoteUrl?: string
}

export interface RealRegistry {
  /** `127.0.0.1:PORT`, as clients name it. */
  host: string
  url: string
  /** Requests as its access log has them, in order: `GET /v2/…`. */
  requests: () => string[]
  stop: () => Promise<void>
}

/** Debian's docker-registry (distribution 2.8) with storage of its own. */
export async function startDockerRegistry(
  workshop: Workshop,
  { users, remoteUrl }: RegistryOptions = {},
): Promise<RealRegistry> {
  const folder = workshop.place('reg')
  const port = await freePort()
  const lines = [
    'version: 0.1',
    'log: {level: warn, accesslog: {disabled: false}}',
    `storage: {filesystem: {rootdirectory: ${folder}}, delete: {enabled: true}}`,
    // The secret would be made at each start, and a warning with it.
    `http: {addr: "127.0.0.1:${port}", secret: matrix}`,
  ]
  if (users !== undefined)
    lines.push(`auth: {htpasswd: {realm: r, path: ${await htpasswd(workshop, users)}}}`)
  if (remoteUrl !== undefined) lines.push(`proxy: {remoteurl: ${remoteUrl}}`)
  const file = workshop.file('conf.yml', `${lines.join('\n')}\n`)
  const host = `127.0.0.1:${port}`
  const daemon = await workshop.daemon(['docker-registry', 'serve', file], () =>
    answers(`http://${host}/v2/`),
  )
  return {
    host,
    url: `http://${host}`,
    requests: () =>
      [...daemon.log().matchAll(/"((?:GET|HEAD|POST|PUT|PATCH|DELETE) \S+) HTTP/g)].map(
        ([, line = '']) => line,
      ),
    stop: () => daemon.stop(),
  }
}

async function htpasswd(workshop: Workshop, users: Record<string, string>): Promise<string> {
  const lines: string[] = []
  for (const [user, password] of Object.entries(users)) {
    // The password comes by standard input: the arguments of a program can be read by others.
    const { stdout, ok, text } = await workshop.run(['htpasswd', '-niB', user], { input: password })
    if (!ok) throw new Error(`htpasswd: ${text}`)
    lines.push(stdout.trim())
  }
  return workshop.file('htpasswd', `${lines.join('\n')}\n`)
}

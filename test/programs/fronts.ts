// Every front that a target renders for, as a running program: without root, on the ports that the rendered files name.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { RenderedFile } from '../../src/targets/contract.ts'
import { type Daemon, freePort, type Outcome, type RunOptions, type Workshop } from './workshop.ts'

export interface Front {
  /** Without these it cannot be tried. */
  programs: readonly string[]
  /** Lines of its checker that say nothing against the files. */
  harmless?: RegExp
  /** Puts what is needed around the rendered files, which are in `folder` under their own names. */
  prepare(place: { folder: string; files: readonly RenderedFile[] }): Prepared | Promise<Prepared>
}

interface Prepared {
  /** Its own checker. */
  check?: readonly string[]
  /** In the foreground. */
  start: readonly string[]
  options?: RunOptions
  /** Where it listens before it knows its rules. Throws for what is wrong. */
  ready?: () => Promise<boolean>
}

export const fronts = {
  caddy: {
    programs: ['caddy'],
    harmless: /stapling OCSP|redirects are disabled/,
    prepare({ folder, files }) {
      const text = files.map((file) => file.text).join('\n')
      // Several run at a time, and there is one port for changes.
      const options = text.includes('\n{\n') ? text : text.replace('\n\n', '\n{\n}\n\n')
      const config = write(folder, 'main', options.replace('\n{\n', '\n{\n\tadmin off\n'))
      const from = ['--adapter', 'caddyfile', '--config', config]
      return { check: ['caddy', 'validate', ...from], start: ['caddy', 'run', ...from] }
    },
  },
  haproxy: {
    programs: ['haproxy'],
    prepare({ folder, files }) {
      const text = files.map((file) => file.text).join('\n')
      // Only root can become somebody else.
      const own = process.getuid?.() === 0 ? text : text.replaceAll(/^ {2}(?:user|group) haproxy\n/gm, '')
      const config = write(folder, 'main.cfg', own)
      return { check: ['haproxy', '-c', '-f', config], start: ['haproxy', '-db', '-f', config] }
    },
  },
  nginx: {
    programs: ['nginx'],
    prepare({ folder, files }) {
      const config = write(folder, 'main.conf', nginxAround(folder, files))
      // Without -e it complains of a log of the machine's own before it reads the file.
      const nginx = ['nginx', '-e', join(folder, 'error.log'), '-c', config]
      return { check: [...nginx, '-t'], start: nginx }
    },
  },
  traefik: { programs: ['traefik'], prepare: ({ folder }) => traefikIn(folder) },
  // The rules of version 2 in version 3, which reads both: no package brings version 2.
  'traefik-v2': {
    programs: ['traefik'],
    prepare: ({ folder }) => traefikIn(folder, { core: { defaultRuleSyntax: 'v2' } }),
  },
} satisfies Record<string, Front>

export type FrontName = keyof typeof fronts

/** What `/etc/nginx/nginx.conf` has around the files of `conf.d`, compression included. */
function nginxAround(folder: string, files: readonly RenderedFile[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  )
  const includes = files.map(({ name }) => `include ${join(folder, name)};`)
  return `daemon off; pid ${join(folder, 'pid')}; worker_processes 1;
events { worker_connections 512; }
http {
${temporary.join('\n')}
access_log off;
gzip on;
gzip_proxied any;
${includes.join('\n')}
}
`
}

/** The rendered static configuration with the rules where they are here, and an API to ask for what became of them. */
async function traefikIn(folder: string, more: object = {}): Promise<Prepared> {
  const rendered = parse(readFileSync(join(folder, 'traefik.yml'), 'utf8')) as { entryPoints: object }
  const port = await freePort()
  const config = {
    ...rendered,
    ...more,
    entryPoints: { ...rendered.entryPoints, traefik: { address: `127.0.0.1:${port}` } },
    api: { insecure: true },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    providers: { file: { directory: join(folder, 'dynamic') } },
  }
  const start = ['traefik', `--configFile=${write(folder, 'static.yml', stringify(config))}`]
  return { start, ready: () => routersAreEnabled(`http://127.0.0.1:${port}`) }
}

/** It has no checker: it says of each router whether it takes it. */
async function routersAreEnabled(api: string): Promise<boolean> {
  const response = await fetch(`${api}/api/http/routers?per_page=1000`).catch(() => undefined)
  if (!response?.ok) return false
  const all = (await response.json()) as { name: string; status: string }[]
  const routers = all.filter(({ name }) => name.endsWith('@file'))
  const wrong = routers.filter(({ status }) => status !== 'enabled')
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
  return routers.length > 0
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

export interface RunningFront extends Daemon {
  /** What its checker said; undefined where it has none. */
  checked: Outcome | undefined
}

/** Checks the files, starts the program, and waits until it listens on each of the ports. */
export async function startFront(
  name: FrontName,
  files: readonly RenderedFile[],
  ports: readonly number[],
  workshop: Workshop,
): Promise<RunningFront> {
  const { checked, start, options, ready } = await checkFront(name, files, workshop)
  if (checked?.ok === false) throw new Error(`${checked.command}\n${checked.text}`)
  const listen = async () =>
    (await Promise.all(ports.map(listens))).every(Boolean) && ((await ready?.()) ?? true)
  return { ...(await workshop.daemon(start, listen, options)), checked }
}

/** Lays the files out and has them checked by the front's own checker. */
export async function checkFront(name: FrontName, files: readonly RenderedFile[], workshop: Workshop) {
  const front: Front = fronts[name]
  const folder = workshop.place(name)
  for (const file of files) write(folder, file.name, file.text)
  const { check, start, options, ready } = await front.prepare({ folder, files })
  const said = check && (await workshop.run(check, options))
  const isOf = (line: string) => front.harmless === undefined || !front.harmless.test(line)
  const checked = said && { ...said, text: said.text.split('\n').filter(isOf).join('\n') }
  return { checked, start, options, ready }
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}

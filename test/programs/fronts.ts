// Every front that a target renders for, as a running program: without root, on the ports that the rendered files name.
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { Rendered, RenderedFile } from '../../src/targets/contract.ts'
import { systemCertificates } from '../../src/targets/text/upstream-tls.ts'
import { certificateForExample } from '../targets/fronts/certificate.ts'
import { traefikIn } from './traefik.ts'

import { type Daemon, find, type Outcome, type RunOptions, textOf, type Workshop } from './workshop.ts'

export interface Front {
  /** Without these it cannot be tried. */
  programs: readonly string[]
  /** Lines of its checker that say nothing against the files. */
  harmless?: RegExp
  /** Puts what is needed around the rendered files, which are in `folder` under their own names. */
  prepare(place: { folder: string } & Rendered): Prepared | Promise<Prepared>
}

interface Prepared {
  /** Its own checker. */
  check?: readonly string[]
  /** In the foreground. */
  start: readonly string[]
  options?: RunOptions
  /** Where it listens before it knows its rules. Throws for what is wrong. */
  ready?: () => Promise<boolean>
  /** A file where it tells its troubles; default: it prints them. */
  log?: string
}

export const fronts = {
  caddy: {
    programs: ['caddy'],
    harmless: /stapling OCSP|redirects are disabled|Unnecessary header_up Host/,
    prepare({ folder, files }) {
      const text = files.map((file) => file.text).join('\n')
      // Several run at a time, and there is one port for changes.
      const global = text.includes('\n{\n') ? text : text.replace('\n\n', '\n{\n}\n\n')
      const config = write(folder, 'main', global.replace('\n{\n', '\n{\n\tadmin off\n'))
      const from = ['--adapter', 'caddyfile', '--config', config]
      const options = { env: { SSL_CERT_FILE: write(folder, 'ca.pem', certificateForExample().ca) } }
      return { check: ['caddy', 'validate', ...from], start: ['caddy', 'run', ...from], options }
    },
  },
  haproxy: {
    programs: ['haproxy'],
    prepare({ folder, files }) {
      const text = files.map((file) => file.text).join('\n')
      // Only root can become somebody else.
      const own = process.getuid?.() === 0 ? text : text.replaceAll(/^ {2}(?:user|group) haproxy\n/gm, '')
      // There is no way to tell it of another folder than the system's.
      const ca = write(folder, 'ca.pem', certificateForExample().ca)
      const config = write(folder, 'main.cfg', own.replaceAll('@system-ca', ca))
      return { check: ['haproxy', '-c', '-f', config], start: ['haproxy', '-db', '-f', config] }
    },
  },
  nginx: {
    programs: ['nginx'],
    prepare({ folder, files }) {
      const config = write(folder, 'main.conf', nginxAround(folder, files))
      trustExample(folder, files)
      // Without -e it complains of a log of the machine's own before it reads the file.
      const nginx = ['nginx', '-e', join(folder, 'error.log'), '-c', config]
      return { check: [...nginx, '-t'], start: nginx, log: join(folder, 'error.log') }
    },
  },
  apache: {
    programs: ['apache2'],
    prepare({ folder, files, notes }) {
      const config = write(folder, 'main.conf', apacheAround(folder, files, notes))
      trustExample(folder, files)
      const apache = ['apache2', '-f', config]
      return { check: [...apache, '-t'], start: [...apache, '-DFOREGROUND'], log: join(folder, 'error.log') }
    },
  },
  traefik: { programs: ['traefik'], prepare: ({ folder }) => traefikIn(folder) },
  // No package brings version 2: where nobody has built it as traefik-v2, its rules in version 3, which reads both.
  'traefik-v2': {
    programs: ['traefik'],
    prepare: ({ folder }) =>
      find('traefik-v2') === undefined
        ? traefikIn(folder, 'traefik', { core: { defaultRuleSyntax: 'v2' } })
        : traefikIn(folder, 'traefik-v2'),
  },
} satisfies Record<string, Front>

export type FrontName = keyof typeof fronts

/** In place of what the system trusts, the authority of the tests. */
function trustExample(folder: string, files: readonly RenderedFile[]): void {
  const ca = write(folder, 'ca.pem', certificateForExample().ca)
  for (const { name, text } of files)
    if (text.includes(systemCertificates)) write(folder, name, text.replaceAll(systemCertificates, ca))
}

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

/** What Debian's `apache2.conf` has around the files of `sites-enabled`; of the modules that it does not enable those that the notes name. */
function apacheAround(folder: string, files: readonly RenderedFile[], notes: readonly string[]): string {
  const enabled = 'mpm_event authz_core alias deflate dir env filter reqtimeout setenvif socache_shmcb'
  const named = /a2enmod (.*)/.exec(notes.join('\n'))?.[1] ?? ''
  const modules = `${enabled} ${named}`.split(' ')
  const user = process.getuid?.() === 0 ? 'User www-data\nGroup www-data\n' : ''
  return `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile pid
ErrorLog error.log
LogLevel warn
ServerName localhost
${user}${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
AddOutputFilterByType DEFLATE text/html text/plain application/json
RequestReadTimeout header=20-40,minrate=500 body=10,minrate=500
<Directory />
AllowOverride None
Require all denied
</Directory>
${files.map(({ name }) => `Include ${join(folder, name)}`).join('\n')}
`
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
  rendered: Rendered,
  ports: readonly number[],
  workshop: Workshop,
): Promise<RunningFront> {
  const { checked, start, options, log, ready } = await checkFront(name, rendered, workshop)
  if (checked?.ok === false) throw new Error(`${checked.command}\n${checked.text}`)
  const said = () => (log === undefined ? '' : textOf(log))
  const listen = async () =>
    (await Promise.all(ports.map(listens))).every(Boolean) && ((await ready?.()) ?? true)
  const daemon = await workshop.daemon(start, listen, options).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}\n${said()}`, { cause: error })
  })
  return { ...daemon, checked, log: () => `${daemon.log()}${said()}` }
}

/** Lays the files out and has them checked by the front's own checker. */
export async function checkFront(name: FrontName, rendered: Rendered, workshop: Workshop) {
  const front: Front = fronts[name]
  const folder = workshop.place(name)
  for (const file of rendered.files) write(folder, file.name, file.text)
  const prepared = await front.prepare({ folder, ...rendered })
  const { check, options } = prepared
  const said = check && (await workshop.run(check, options))
  const isOf = (line: string) => front.harmless === undefined || !front.harmless.test(line)
  const checked = said && { ...said, text: said.text.split('\n').filter(isOf).join('\n') }
  return { ...prepared, checked }
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}

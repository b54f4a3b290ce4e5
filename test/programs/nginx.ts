import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ProxyRule, type ProxyRuleName, proxyRules } from './reverse-proxies.ts'
import { answers, freePort, openWorkshop, textOf, type Workshop } from './workshop.ts'

export interface NginxOptions {
  rule: ProxyRuleName
  /** The hosted repository: `http://127.0.0.1:PORT`, with `/repository/NAME` for the rules with a prefix. */
  push: string
  /** The group; default: as `push`. */
  pull?: string
  /** The server's own port; default: as `push`. */
  ui?: string
  /** PEM texts; TLS ends in the proxy. */
  tls?: { key: string; cert: string }
  /** Default: one of its own, closed with the proxy. */
  workshop?: Workshop
}

export interface Nginx {
  /** `127.0.0.1:PORT`, as clients name it. */
  host: string
  url: string
  config: string
  /** Requests as the access log has them, in order: `GET /v2/ 401 hosted`, the last word where it went. */
  requests(): string[]
  close: () => Promise<void>
}

/** Starts nginx with one of the rules in front of a registry, on a free port of the loopback address. */
export async function startNginx({
  rule,
  push,
  pull = push,
  ui = push,
  ...others
}: NginxOptions): Promise<Nginx> {
  const { tls } = others
  const workshop = others.workshop ?? openWorkshop()
  const folder = workshop.place('nginx')
  const port = await freePort()
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const targets = { push: new URL(push), pull: new URL(pull), ui: new URL(ui) }
  const proxyRule: ProxyRule = proxyRules[rule]
  const log = join(folder, 'access.log')
  const listen =
    tls === undefined
      ? [`listen 127.0.0.1:${port};`]
      : [
          `listen 127.0.0.1:${port} ssl;`,
          `ssl_certificate ${file('cert.pem', tls.cert)};`,
          `ssl_certificate_key ${file('key.pem', tls.key)};`,
        ]
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
    mkdirSync(join(folder, name))
    return `${name}_temp_path ${join(folder, name)};`
  })
  const config = `daemon off;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'error.log')} warn;
worker_processes 1;
events { worker_connections 512; }
http {
${temporary.join('\n')}
log_format short '$request_method $request_uri $status $proxy_host';
access_log ${log} short;
${proxyRule.http?.(targets) ?? ''}
server {
${listen.join('\n')}
${proxyRule.server(targets)}
}
}
`
  const daemon = await workshop.daemon(
    // Without -e it complains of a log of the machine's own before it reads the file.
    ['nginx', '-e', join(folder, 'error.log'), '-c', file('nginx.conf', config)],
    () => listening(port),
  )
  const host = `127.0.0.1:${port}`
  return {
    host,
    url: `${tls === undefined ? 'http' : 'https'}://${host}`,
    config,
    requests: () => textOf(log).trimEnd().split('\n'),
    close: () => (others.workshop === undefined ? workshop.close() : daemon.stop()),
  }
}

/** nginx answers a plain request on a port with TLS, too. */
const listening = (port: number): Promise<boolean> => answers(`http://127.0.0.1:${port}/nginx-is-there`)

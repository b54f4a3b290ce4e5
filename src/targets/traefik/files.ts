import type { RenderInput } from '../contract.ts'
import { header } from '../header.ts'
import { ownName } from '../listening.ts'
import { type YamlPath, yamlFile } from '../stack/yaml-file.ts'
import { dynamicOf } from './dynamic.ts'
import type { Syntax } from './rules.ts'
import { readTimeoutComment, staticOf } from './static.ts'

/** What the file provider reads. It takes `{{` for the begin of a template. */
export function dynamicFile(input: RenderInput, target: string, syntax: Syntax): string {
  const { tls, limits } = input.edge
  const { routers, middlewares, ports, purposes } = dynamicOf(input.edge, syntax)
  const transportName = `nexus-${ownName(input.edge)}`
  const services = Object.entries(ports).map(([name, { host, port, tls: secure }]) => {
    const servers = [{ url: `${secure ? 'https' : 'http'}://${host}:${port}` }]
    return [name, { loadBalancer: { servers, serversTransport: transportName } }] as const
  })
  const transport = {
    forwardingTimeouts: { responseHeaderTimeout: `${limits.timeoutSeconds}s` },
    ...(Object.values(ports).some((port) => port.tls) && { disableHTTP2: true }),
  }
  const text = yamlFile(template, {
    set: [
      [['http', 'routers'], routers],
      [['http', 'middlewares'], middlewares],
      [['http', 'services'], Object.fromEntries(services)],
      [['http', 'serversTransports'], { [transportName]: transport }],
      [
        ['tls'],
        'certificate' in tls
          ? { certificates: [{ certFile: tls.certificate, keyFile: tls.key }] }
          : undefined,
      ],
    ],
    comments: purposes.map(([name, purpose]) => [['http', 'routers', name], purpose]),
  })
  return `${header(input, target)}${text}`.replaceAll('{{', '{{ "{{" }}')
}

const template = `http:
  # The router with the highest priority is asked first. What none fits is answered with 404.
  routers: {}
  # Nexus 3.78 to 3.80 doubles a port in these headers in the realm of tokens (nexus-public 611, 651). Host has it, too.
  middlewares: {}
  services: {}
  # How long Nexus may take to begin an answer. By TLS: the authority of its certificate goes here, too (rootCAs), and the name in it (serverName).
  serversTransports: {}
`

export function staticFile(input: RenderInput, target: string): string {
  const document = staticOf(input.edge, { directory: '/etc/traefik/dynamic' }, '/etc/traefik/acme.json')
  const place = (name: string): YamlPath => ['entryPoints', name, 'transport']
  const text = yamlFile('', {
    set: Object.entries(document).map(([key, value]) => [[key], value]),
    comments: Object.keys(document.entryPoints).map((name) => [place(name), readTimeoutComment]),
  })
  return header(input, target) + text
}

import type { Edge } from '../../edge/edge.ts'
import type { Rendered, RenderInput, Target } from '../contract.ts'
import { header } from '../header.ts'
import { type Comments, yamlDocument } from '../stack/yaml-document.ts'
import { certResolver, type Dynamic, dynamicOf } from './dynamic.ts'
import { entryPointsOf } from './entry-points.ts'
import { refuseBeyondTraefik } from './refuse.ts'
import type { Syntax } from './rules.ts'

export const readTimeoutComment =
  'Since 2.11.2 a request with its body may last 60 s: a larger layer is cut off, and the push fails (traefik 10741).'

/** The file provider's file, and a static configuration to start with. */
export function traefikTarget(name: string, syntax: Syntax, about: string): Target {
  return {
    name,
    group: 'front',
    about,
    render(input): Rendered {
      refuseBeyondTraefik(input.edge, name)
      return {
        files: [
          { name: 'dynamic/nexus-docker.yml', text: dynamicFile(input, name, syntax) },
          { name: 'traefik.yml', text: staticFile(input, name) },
        ],
        notes: notesFor(input.edge),
      }
    },
  }
}

/** Traefik takes `{{` in it for the begin of a template. */
export function dynamicFile(input: RenderInput, target: string, syntax: Syntax): string {
  const dynamic = dynamicOf(input.edge, syntax)
  const text = yamlDocument(dynamicDocument(input.edge, dynamic), commentsOf(dynamic))
  return `${header(input, target)}${text}`.replaceAll('{{', '{{ "{{" }}')
}

function dynamicDocument({ tls: ending, limits }: Edge, { routers, middlewares, ports }: Dynamic): object {
  const services = [...ports].map(([name, { host, port, tls: secure }]) => {
    const servers = [{ url: `${secure ? 'https' : 'http'}://${host}:${port}` }]
    return [name, { loadBalancer: { servers, serversTransport: transportName } }]
  })
  const responseHeaderTimeout = `${limits.timeoutSeconds}s`
  return {
    http: {
      routers: Object.fromEntries(
        routers.map(({ name, rule, priority, entryPoint, middlewares, service, tls }) => [
          name,
          { rule, priority, entryPoints: [entryPoint], middlewares, service, ...(tls && { tls }) },
        ]),
      ),
      middlewares,
      services: Object.fromEntries(services),
      serversTransports: {
        [transportName]: {
          forwardingTimeouts: { responseHeaderTimeout },
          ...([...ports.values()].some((port) => port.tls) && {
            insecureSkipVerify: true,
            disableHTTP2: true,
          }),
        },
      },
    },
    ...('certificate' in ending && {
      tls: { certificates: [{ certFile: ending.certificate, keyFile: ending.key }] },
    }),
  }
}

const transportName = 'nexus-docker'

function commentsOf({ routers }: Dynamic): Comments {
  const middlewares = ['http', 'middlewares', 'nexus-docker-headers']
  const transport = ['http', 'serversTransports', transportName]
  return [
    [
      ['http', 'routers'],
      'The router with the highest priority is asked first. What none fits is answered with 404.',
    ],
    ...routers.map(({ name, purpose }): Comments[number] => [['http', 'routers', name], purpose]),
    [
      middlewares,
      'Nexus 3.78 to 3.80 doubles the port of these two in the token realm; Host has it, too (nexus-public 611, 651).',
    ],
    [[...transport, 'forwardingTimeouts'], 'How long Nexus may take to begin an answer.'],
    [
      [...transport, 'insecureSkipVerify'],
      'Nexus shows a certificate of its own; name its authority under rootCAs to have it checked.',
    ],
  ]
}

function staticFile(input: RenderInput, target: string): string {
  const { edge } = input
  const document = {
    entryPoints: entryPointsOf(edge),
    providers: { file: { directory: '/etc/traefik/dynamic' } },
    ...('acme' in edge.tls && {
      certificatesResolvers: {
        [certResolver]: {
          acme: { ...edge.tls.acme, storage: '/etc/traefik/acme.json', httpChallenge: { entryPoint: 'web' } },
        },
      },
    }),
  }
  const comments = Object.keys(document.entryPoints).map((name): Comments[number] => [
    ['entryPoints', name, 'transport'],
    readTimeoutComment,
  ])
  return header(input, target) + yamlDocument(document, comments)
}

function notesFor({ tls }: Edge): string[] {
  return [
    'A Traefik that runs already keeps its traefik.yml: it needs dynamic/nexus-docker.yml in the directory of its file provider, and on its entry points transport.respondingTimeouts.readTimeout: 0s and the names that traefik.yml gives them.',
    ...(tls.ends === 'further-out'
      ? [
          'To see the addresses of clients, name the load balancer under forwardedHeaders.trustedIPs of the entry point.',
        ]
      : []),
    'No middleware buffering or compress may stand on these entry points: layers would be stored on disk first, and ranges of blobs lost.',
  ]
}

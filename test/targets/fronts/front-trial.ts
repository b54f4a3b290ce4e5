// Each routing as a way in whose ports are free ones of this machine, with echo servers in the place of Nexus.
import { writeFileSync } from 'node:fs'
import type { Edge } from '../../../src/edge/edge.ts'
import type { Workshop } from '../../programs/workshop.ts'
import { edgeFor } from '../edges.ts'
import { certificateForExample } from './certificate.ts'
import { type Echo, startEcho } from './echo.ts'

/** A port of Nexus, and what stands before the path there. */
export interface Place {
  port: number
  prefix: string
}

/** What a public name leads to. */
export interface Home {
  pull: Place
  push: Place
  /** How the two are told apart. */
  by?: 'method' | 'namespace'
  /** Paths that go to the main port as they are. */
  addresses: readonly string[]
  web?: boolean
}

export interface Way {
  wanted: Parameters<typeof edgeFor>[0]
  /** By host and port as the file has them. Thought of, not made by the product. */
  homes: Readonly<Record<string, Home>>
}

const place = (port: number, prefix = ''): Place => ({ port, prefix })
const home = (pull: Place, push = pull, more: Partial<Home> = {}): Home => ({
  pull,
  push,
  addresses: [],
  ...more,
})
const web = { 'nexus.example.com:443': home(place(8081), undefined, { web: true }) }
const mirrors = ['k8s', 'quay', 'ghcr', 'gcr', 'docker-hub'].map((name) => `/repository/${name}/v2/`)
const own = ['/repository/docker/v2/', '/repository/docker-hosted/v2/']
/** Since 3.84 the realm of tokens is there, whatever way led to the repository. */
const everyAddress = (contextPath = '') => [...own, ...mirrors].map((path) => `${contextPath}${path}`)
const group = place(8081, '/repository/docker')
const hosted = place(8081, '/repository/docker-hosted')

/** Every routing, with and without connectors. */
export const ways = {
  path: {
    wanted: { routing: 'path' },
    homes: {
      'registry.example.com:443': home(place(8081), undefined, { addresses: everyAddress() }),
      ...web,
    },
  },
  'path below a context path': {
    wanted: { routing: 'path', upstream: 'http://nexus:8081/nexus' },
    homes: {
      'registry.example.com:443': home(place(8081, '/nexus'), undefined, {
        addresses: everyAddress('/nexus'),
      }),
      ...web,
    },
  },
  'path by TLS to Nexus': {
    wanted: { routing: 'path', upstream: 'https://nexus:8081' },
    homes: { 'registry.example.com:443': home(place(8081)), ...web },
  },
  'two-hosts': {
    wanted: { routing: 'two-hosts' },
    homes: {
      'registry.example.com:443': home(place(8082), undefined, { addresses: mirrors }),
      'push.example.com:443': home(place(8083)),
      ...web,
    },
  },
  'two-hosts without connectors': {
    wanted: { routing: 'two-hosts', connectors: false },
    homes: {
      'registry.example.com:443': home(group, undefined, {
        addresses: [...mirrors, '/repository/docker/v2/'],
      }),
      'push.example.com:443': home(hosted, undefined, { addresses: ['/repository/docker-hosted/v2/'] }),
      ...web,
    },
  },
  namespace: {
    wanted: { routing: 'namespace' },
    homes: {
      'registry.example.com:443': home(place(8082), place(8083), { by: 'namespace', addresses: mirrors }),
      ...web,
    },
  },
  'namespace without connectors': {
    wanted: { routing: 'namespace', connectors: false },
    homes: {
      'registry.example.com:443': home(group, hosted, { by: 'namespace', addresses: [...mirrors, ...own] }),
      ...web,
    },
  },
  method: {
    wanted: { routing: 'method' },
    homes: {
      'registry.example.com:443': home(place(8082), place(8083), { by: 'method', addresses: mirrors }),
      ...web,
    },
  },
  'method without connectors': {
    wanted: { routing: 'method', connectors: false },
    homes: {
      'registry.example.com:443': home(group, hosted, { by: 'method', addresses: [...mirrors, ...own] }),
      ...web,
    },
  },
  ports: {
    wanted: { routing: 'ports' },
    homes: {
      'registry.example.com:8082': home(place(8082)),
      'registry.example.com:8083': home(place(8083)),
      ...web,
    },
  },
  subdomain: {
    wanted: { routing: 'subdomain' },
    homes: {
      'docker.registry.example.com:443': home(place(8081), undefined, {
        addresses: ['/repository/docker/v2/'],
      }),
      'push.registry.example.com:443': home(place(8081), undefined, {
        addresses: ['/repository/docker-hosted/v2/'],
      }),
      ...web,
    },
  },
} satisfies Record<string, Way>

/** Where TLS ends. */
export type Ends = Edge['tls']['ends']

export interface Trial {
  /** What to render for: public ports and back ends are ports of this machine. */
  edge: Edge
  ends: Ends
  /** Of the authority that certificates come from, where TLS ends in the front. */
  ca: string | undefined
  /** What to ask: where it listens, under which name, and what that leads to. */
  sites: readonly { host: string; port: number; home: Home }[]
  /** By the port as the file has it. */
  echoes: ReadonlyMap<number, Echo>
  /** Context path of the web interface. */
  contextPath: string
  ports: readonly number[]
}

/** Ends with the workshop. `freePort` gives a port that nobody listens on. */
export async function openTrial(
  { wanted, homes }: Way,
  workshop: Workshop,
  freePort: () => Promise<number>,
  ends: Ends = 'here',
): Promise<Trial> {
  const { ca, certificate, key } = certificateForExample()
  const file = workshop.file('registry.crt', certificate)
  // HAProxy finds it beside the certificate alone.
  const keyFile = file.replace(/crt$/, 'key')
  writeFileSync(keyFile, key, { mode: 0o600 })
  const files = { certificate: file, key: keyFile, ca: 'ca.crt' }
  const tls = { plain: undefined, 'further-out': { endsFurtherOut: true as const }, here: files }[ends]
  const edge = edgeFor({ ...wanted, tls })
  const echoes = new Map<number, Echo>()
  for (const { port, tls: isEncrypted } of edge.backEnds)
    if (!echoes.has(port))
      echoes.set(port, await startEcho(String(port), isEncrypted ? { key, cert: certificate } : undefined))
  workshop.onClose(() => {
    for (const echo of echoes.values()) echo.close()
  })
  const free = new Map<number, number>()
  for (const { port } of edge.sites) if (!free.has(port)) free.set(port, await freePort())
  const portFor = (port: number) => free.get(port) ?? port
  return {
    edge: {
      ...edge,
      sites: edge.sites.map((site) => ({ ...site, port: portFor(site.port) })),
      backEnds: edge.backEnds.map((one) => ({
        ...one,
        // By TLS it is the name in the certificate.
        host: one.tls ? 'localhost' : '127.0.0.1',
        port: echoes.get(one.port)?.port ?? one.port,
      })),
    },
    ends,
    ca: ends === 'here' ? ca : undefined,
    sites: edge.sites.map(({ host, port }) => ({
      host,
      port: portFor(port),
      home: homeOf(homes, `${host}:${port === 80 && ends === 'plain' ? 443 : port}`),
    })),
    echoes,
    contextPath: new URL(wanted.upstream ?? 'http://nexus').pathname.replace(/\/$/, ''),
    ports: [...free.values()],
  }
}

function homeOf(homes: Readonly<Record<string, Home>>, name: string): Home {
  const found = homes[name]
  if (!found) throw new Error(`nobody said where ${name} leads`)
  return found
}

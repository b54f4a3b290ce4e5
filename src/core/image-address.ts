import { isImageName } from './oci/reference.ts'

/** A way to a repository: the port of a connector, a label before the server's name, or else its name in the path. */
export interface ImageWay {
  port?: number
  /** What the port speaks. */
  tls?: boolean
  subdomain?: string
}

export interface ImageAddress {
  /** What `docker login` takes. */
  host: string
  /** What the names of images begin with. */
  prefix: string
  plainHttp: boolean
}

// The grammar of image names: github.com/distribution/reference, reference.go.
const hostName = /^(?:\[[\da-f:]+\]|[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*)$/
const ipv4 = /^\d+(?:\.\d+){3}$/

/**
 * Where clients reach a repository of a server; undefined where no name of an image leads there: a host with an underscore, a label before
 * an IP address, or a server below a context path, because clients ask at `/v2/` of a host, never below another path (help.sonatype.com,
 * Docker Registry; nexus-api 2.4). Connectors have no context path.
 */
export function imageAddress(
  server: URL,
  repository: string,
  { port, tls, subdomain }: ImageWay,
): ImageAddress | undefined {
  if (port === undefined && server.pathname !== '/') return undefined
  if (subdomain !== undefined && ipv4.test(server.hostname)) return undefined
  const name = subdomain === undefined ? server.hostname : `${subdomain}.${server.hostname}`
  if (!hostName.test(name)) return undefined
  const isInPath = port === undefined && subdomain === undefined
  if (isInPath && !isImageName(repository)) return undefined
  const host = withPort(name, port ?? server.port, server.protocol)
  const plainHttp = !(tls ?? server.protocol === 'https:')
  return { host, prefix: isInPath ? `${host}/${repository}/` : `${host}/`, plainHttp }
}

/** `nexus/hub/alpine` is an image of Docker Hub: what stands first is a host only with a dot, a colon or as `localhost`. */
function withPort(name: string, port: number | string, protocol: string): string {
  if (port !== '') return `${name}:${port}`
  if (/[.:]|^localhost$/.test(name)) return name
  return `${name}:${protocol === 'https:' ? 443 : 80}`
}

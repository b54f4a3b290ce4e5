import { isIP } from 'node:net'
import type { Desired } from '../config/config.ts'
import type { ClientAccess } from '../resources/contract/description.ts'
import type { Values } from '../resources/contract/fields.ts'
import { type DesiredObject, objectKey } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'

export type RegistryDocument = ReturnType<typeof registryDocument>

interface Landscape {
  kinds: KindTable
  /** What the server has of an object, whatever of it the file writes. */
  valuesOf: (object: DesiredObject) => Values
}

/**
 * The addresses that clients use, of what the file describes and the server has, in the order of the file. `missing` could not be made.
 */
export function registriesOf(
  { objects }: Pick<Desired, 'objects'>,
  about: Landscape & { url: string; missing: readonly { kind: string; id: string }[] },
): RegistryDocument[] {
  const { kinds, valuesOf, url, missing } = about
  const left = new Set(missing.map(objectKey))
  return objects.flatMap((object) => {
    const access = left.has(objectKey(object))
      ? undefined
      : kinds.named(object.kind).clientAccess?.(valuesOf(object))
    const address = access && addressOf(object.id, access, new URL(url))
    return address ? [registryDocument(object, access, address, sampleOf(object, objects, about))] : []
  })
}

/** `host` is what `docker login` takes, `prefix` what the names of images begin with. `sample` is an image that can be pulled there. */
function registryDocument(
  { kind, id }: DesiredObject,
  { gathers, takesPushes, pullsNeedLogin }: ClientAccess,
  address: Address,
  sample: string | undefined,
) {
  return {
    kind,
    id,
    ...address,
    gathers,
    takesPushes,
    pullsNeedLogin,
    ...(sample !== undefined && { sample }),
  }
}

interface Address {
  host: string
  prefix: string
  plainHttp: boolean
}

// The grammar of image names: github.com/distribution/reference, reference.go.
const hostName = /^(?:\[[\da-f:]+\]|[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*)$/
const pathPart = /^[a-z\d]+(?:(?:\.|_|__|-+)[a-z\d]+)*$/

/**
 * Where clients reach a repository; undefined where no name of an image leads there: a host with an underscore, a label before an IP
 * address, or a server below a context path, because clients ask at `/v2/` of a host, never below another path (help.sonatype.com, Docker
 * Registry; nexus-api 2.4). Connectors have no context path.
 */
function addressOf(id: string, { port, tls, subdomain }: ClientAccess, server: URL): Address | undefined {
  const name = subdomain === undefined ? server.hostname : `${subdomain}.${server.hostname}`
  if (!hostName.test(name)) return undefined
  if (subdomain !== undefined && isIP(server.hostname)) return undefined
  if (port === undefined && server.pathname !== '/') return undefined
  const isInPath = port === undefined && subdomain === undefined
  if (isInPath && !pathPart.test(id)) return undefined
  const isHttps = server.protocol === 'https:'
  // `nexus/hub/alpine` is an image of Docker Hub: what stands first is a host only with a dot, a colon or as `localhost`.
  const isHost = /[.:]|^localhost$/.test(name)
  const ownPort = port ?? (server.port || (isHost ? '' : isHttps ? 443 : 80))
  const host = ownPort === '' ? name : `${name}:${ownPort}`
  return { host, prefix: isInPath ? `${host}/${id}/` : `${host}/`, plainHttp: !(tls ?? isHttps) }
}

/** An image that an object has, perhaps through others of its namespace. */
function sampleOf(
  object: DesiredObject,
  objects: readonly DesiredObject[],
  { kinds, valuesOf }: Landscape,
  through: readonly DesiredObject[] = [],
): string | undefined {
  const kind = kinds.named(object.kind)
  const way = [...through, object]
  return kind.sampleImage?.(valuesOf(object), (id) => {
    const other = objects.find(
      (one) => one.id === id && kinds.named(one.kind).namespace === kind.namespace && !way.includes(one),
    )
    return other && sampleOf(other, objects, { kinds, valuesOf }, way)
  })
}

import type { Desired } from '../config/config.ts'
import { type ImageAddress, imageAddress } from '../core/image-address.ts'
import type { Edge } from '../edge/edge.ts'
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
 * The addresses that clients use, of what the file describes and the server has, in the order of the file: its public names where it has
 * some, and then no others. `missing` could not be made.
 */
export function registriesOf(
  { objects }: Pick<Desired, 'objects'>,
  about: Landscape & {
    url: string
    edge?: Edge | undefined
    missing: readonly { kind: string; id: string }[]
  },
): RegistryDocument[] {
  const { kinds, valuesOf, url, edge, missing } = about
  const left = new Set(missing.map(objectKey))
  return objects.flatMap((object) => {
    const access = left.has(objectKey(object))
      ? undefined
      : kinds.named(object.kind).clientAccess?.(valuesOf(object))
    const { way } = access ?? {}
    const address = edge ? publicAddress(edge, object.id) : way && imageAddress(new URL(url), object.id, way)
    return access && address
      ? [registryDocument(object, access, address, sampleOf(object, objects, about))]
      : []
  })
}

function publicAddress(edge: Edge, repository: string): ImageAddress | undefined {
  const one = edge.registries.find(({ named, repository: name }) => named && name === repository)
  if (!one) return undefined
  const { host, prefix, scheme, type } = one
  const [namespace] = edge.routing === 'namespace' && type === 'hosted' ? edge.namespaces : []
  const inner = namespace === undefined ? prefix : `${prefix}${namespace}/`
  return { host, prefix: `${host}/${inner}`, plainHttp: scheme === 'http' }
}

/** `host` is what `docker login` takes, `prefix` what the names of images begin with. `sample` is an image that can be pulled there. */
function registryDocument(
  { kind, id }: DesiredObject,
  { gathers, takesPushes, pullsNeedLogin }: ClientAccess,
  address: ImageAddress,
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

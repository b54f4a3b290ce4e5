import type { Desired } from '../config/config.ts'
import type { ClientAccess } from '../resources/contract/description.ts'
import { type DesiredObject, objectKey } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { valuesOfObject } from '../resources/contract/written.ts'

export type RegistryDocument = ReturnType<typeof registryAt>

/**
 * The addresses that clients use, of what the file describes and the server has, in the order of the file. `missing` could not be made.
 */
export function registriesOf(
  { objects }: Pick<Desired, 'objects'>,
  {
    kinds,
    url,
    missing,
  }: { kinds: KindTable; url: string; missing: readonly { kind: string; id: string }[] },
): RegistryDocument[] {
  const left = new Set(missing.map(objectKey))
  return objects.flatMap((object) => {
    const kind = kinds.named(object.kind)
    const access = left.has(objectKey(object)) ? undefined : kind.clientAccess?.(valuesOfObject(kind, object))
    return access ? [registryAt(object, access, new URL(url), sampleOf(object, objects, kinds))] : []
  })
}

/** `host` is what `docker login` takes, `prefix` what the names of images begin with. `sample` is an image that can be pulled there. */
function registryAt(
  { kind, id }: DesiredObject,
  access: ClientAccess,
  server: URL,
  sample: string | undefined,
) {
  const { port, tls, subdomain, gathers, takesPushes, pullsNeedLogin } = access
  const name = subdomain === undefined ? server.hostname : `${subdomain}.${server.hostname}`
  const ownPort = port ?? server.port
  const host = ownPort === '' ? name : `${name}:${ownPort}`
  const isInPath = port === undefined && subdomain === undefined
  return {
    kind,
    id,
    host,
    prefix: isInPath ? `${host}/${id}/` : `${host}/`,
    plainHttp: !(tls ?? server.protocol === 'https:'),
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
  kinds: KindTable,
  through: readonly DesiredObject[] = [],
): string | undefined {
  const kind = kinds.named(object.kind)
  const way = [...through, object]
  return kind.sampleImage?.(valuesOfObject(kind, object), (id) => {
    const other = objects.find(
      (one) => one.id === id && kinds.named(one.kind).namespace === kind.namespace && !way.includes(one),
    )
    return other && sampleOf(other, objects, kinds, way)
  })
}

import type { JsonObject } from '../core/json.ts'
import { layOver } from '../plan/diff.ts'
import type { Change } from '../plan/types.ts'
import type { Values } from '../resources/contract/fields.ts'
import type { Write } from '../resources/contract/kind.ts'
import { objectKey } from '../resources/contract/object.ts'
import type { WriteContext } from './types.ts'

/** The request for a change: written values laid over a wire object, with each secret in its place. */
export function writeOf(change: Change, base: JsonObject, context: WriteContext): Write {
  const { id, values, fields } = change
  const kind = context.kinds.named(change.kind)
  const secrets = secretsOf(change, context)
  return {
    id,
    body: layOver(kind, base, { ...values, ...secrets }),
    changed: fields.map(({ path }) => path),
    secrets,
  }
}

/** The secrets that a change writes. The word that stands in their place is never sent. */
export function secretsOf(change: Change, { kinds, secrets }: WriteContext): Record<string, string> {
  const known = secrets.get(objectKey(change)) ?? {}
  const { fields } = kinds.named(change.kind)
  const paths = Object.keys(change.values).filter(
    (path) => fields[path]?.options.secret && change.values[path] !== null,
  )
  return Object.fromEntries(
    paths.map((path) => {
      const secret = known[path]
      if (secret === undefined) throw new Error(`the secret ${path} of ${change.title} is missing`)
      return [path, secret]
    }),
  )
}

/** Creation sends nothing for what is to be absent. */
export function withoutNulls(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

import type { FieldTable } from '../../resources/contract/fields.ts'
import type { Advice } from './problems.ts'

/**
 * What to say of a key that is Nexus's own name of a field (`memberNames`, `blobStoreName`) or of a section that the file does
 * without (`storage:`). `parent` is the dotted path of the section that holds the key, '' for the object.
 */
export function nexusName(fields: FieldTable, key: string, parent: string): Advice | undefined {
  const prefix = parent === '' ? '' : `${parent}.`
  const named = Object.entries(fields)
    .filter(([path, field]) => path.startsWith(prefix) && field.wire.split('.').includes(key))
    .map(([path, field]) => ({
      path: path.slice(prefix.length),
      isField: field.wire.split('.').at(-1) === key,
    }))
  const exact = named.filter(({ isField }) => isField).map(({ path }) => path)
  const [only] = exact
  if (exact.length === 1 && only !== undefined)
    return { hint: `Nexus's "${key}" is "${only}" here`, meant: prefix + only }
  if (exact.length > 1) return { hint: `write ${exact.join(' or ')}` }
  if (named.length === 0) return undefined
  return { hint: `Nexus's "${key}" is flat here: ${named.map(({ path }) => path).join(', ')}` }
}

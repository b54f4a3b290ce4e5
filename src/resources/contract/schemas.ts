import * as z from 'zod'
import { parseSize } from '../../core/size.ts'

/** A TCP port; null closes the connector. */
export const port = z.int({ error: 'expected a port number' }).min(1).max(65535).nullable()

/** Minutes; -1 is "never expires" (nexus-api 2.5). */
export const ageInMinutes = z.int().min(-1)

export const nonEmptyText = z.string().min(1)

export const nameList = z.array(nonEmptyText)

/**
 * An enum whose words the file spells one way (`allow-once`) and servers another (`ALLOW_ONCE`): both are read, the file's
 * is what plans show. `read` leaves a word alone that is none of them.
 */
export function words<const Words extends readonly [string, ...string[]]>(...spellings: Words) {
  const bare = (word: string) => word.toLowerCase().replaceAll(/[-_]/g, '')
  const read = (value: unknown) =>
    typeof value === 'string' ? (spellings.find((word) => bare(word) === bare(value)) ?? value) : value
  return {
    schema: z.preprocess(read, z.enum(spellings)) as z.ZodType<Words[number]>,
    fromWire: (value: unknown) => String(read(value)),
  }
}

/** A size in bytes, written as a number or as text with a unit. */
export const size = z
  .preprocess(
    (value) => (typeof value === 'string' ? (parseSize(value) ?? value) : value),
    z.int({ error: 'expected a size such as 10 GiB, 500 MB or a number of bytes' }).min(1),
  )
  .meta({ format: 'size' }) as z.ZodType<number>

import * as z from 'zod'
import { isObject } from '../core/json.ts'
import type { Path } from '../yaml/located.ts'

// Looking into zod schemas: which keys there are, what is said of them, and which parts of a wrong value are right.

/** The keys that an object schema knows below a path. */
export function keysOf(schema: z.ZodType, path: Path): string[] {
  const found = schemaAt(schema, path)
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}

const outlines = new WeakMap<z.ZodType, Path[]>()

/** Every key path that an object schema knows, sections before what is in them. */
export function pathsOf(schema: z.ZodType): readonly Path[] {
  const known = outlines.get(schema)
  if (known) return known
  const paths: Path[] = keysOf(schema, []).flatMap((key) => {
    const inner = fieldOf(schema, key)
    return [[key], ...(inner ? pathsOf(inner).map((path) => [key, ...path]) : [])]
  })
  outlines.set(schema, paths)
  return paths
}

/** Whether the schema takes the value at a path below it. */
export function accepts(schema: z.ZodType, path: Path, value: unknown): boolean {
  return fieldAt(schema, path)?.safeParse(value).success ?? false
}

/** What the schema's author said of the field at a path, or of the closest section around it, as the end of a hint: without its full stop. */
export function descriptionOf(schema: z.ZodType, path: Path): string | undefined {
  let description: string | undefined
  let current: z.ZodType | undefined = schema
  for (const step of [undefined, ...path]) {
    if (typeof step === 'number') continue
    if (step !== undefined) current = fieldOf(current, step)
    for (let layer = current; layer; layer = inside(layer)) {
      if (layer.description !== undefined) description = layer.description
    }
  }
  return description?.replace(/\.$/, '')
}

/** Of a value that a schema refuses, what it would take: fields, and fields of sections, that are right by themselves. */
export function partsThatFit(schema: z.ZodType, value: unknown): unknown {
  const object = unwrap(schema)
  if (!(object instanceof z.ZodObject) || !isObject(value)) return undefined
  const parts: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(object.shape)) {
    if (!Object.hasOwn(value, key)) continue
    const result = (field as z.ZodType).safeParse(value[key])
    const part = result.success ? result.data : partsThatFit(field as z.ZodType, value[key])
    if (part !== undefined) parts[key] = part
  }
  return parts
}

/** Sets of keys for which there is a narrowed schema: people use a few. */
const maximumNarrowed = 100

const narrowed = new WeakMap<z.ZodObject, Map<string, z.ZodObject>>()

/**
 * The schema without the optional keys that a value does not have. It says the same of the value, and of a large file in a tenth of the
 * time: repositories have forty optional keys, and use four.
 */
export function narrowedTo(schema: z.ZodType, value: unknown): z.ZodType {
  if (!(schema instanceof z.ZodObject) || schema.def.checks?.length || !isObject(value)) return schema
  const known = narrowed.get(schema) ?? new Map<string, z.ZodObject>()
  narrowed.set(schema, known)
  const keys = Object.keys(value).join()
  const found = known.get(keys)
  if (found) return found
  if (known.size >= maximumNarrowed) return schema
  const fields = Object.entries(schema.shape)
  const needed = fields.filter(
    ([key, field]) => Object.hasOwn(value, key) || !(field instanceof z.ZodOptional),
  )
  const narrow = z.strictObject(Object.fromEntries(needed))
  known.set(keys, narrow)
  return narrow
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return unwrap(fieldAt(schema, path))
}

/** The schema at a path, with what makes it optional or nullable; items of a list count as what the list holds. */
export function fieldAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema
  for (const step of path) current = fieldOf(current, step)
  return current
}

function fieldOf(schema: z.ZodType | undefined, step: string | number): z.ZodType | undefined {
  const object = unwrap(schema)
  if (object instanceof z.ZodArray && typeof step === 'number') return object.element as z.ZodType
  if (!(object instanceof z.ZodObject) || !Object.hasOwn(object.shape, step)) return undefined
  return object.shape[String(step)] as z.ZodType
}

function inside(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return schema.unwrap() as z.ZodType
  return undefined
}

/** The schema without what makes it optional or nullable. */
export function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let current = schema
  for (let layer = current; layer; layer = inside(layer)) current = layer
  return current
}

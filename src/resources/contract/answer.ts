import * as z from 'zod'
import { isObject, type JsonObject } from '../../core/json.ts'
import type { FieldTable } from './fields.ts'

/** Keys that make an answer the object that was asked for: `{name: 'string'}`. A text among them is never empty. */
type Identity = Record<string, 'string' | 'boolean'>

type Identified<Keys extends Identity> = JsonObject & {
  [Key in keyof Keys]: Keys[Key] extends 'string' ? string : boolean
}

/**
 * The schema of an object that the server answers, from the kind's own fields: what a field holds in the file says what its place on the
 * wire holds. A key may be missing or null (versions differ, and Nexus writes null for what is unset; nexus-api sections 1.1 and 2.7),
 * but never of another type. `always` are the sections that the object has in every version. One walk instead of a schema for each
 * section: a server has a thousand such objects, and zod would take longer for them than for everything else of a plan.
 */
export function answerOf<Keys extends Identity>(
  fields: FieldTable,
  identity: Keys,
  always: readonly string[] = [],
): z.ZodType<Identified<Keys>> {
  let root: Section | undefined
  const schema = z.unknown().check(({ value, issues }) => {
    root ??= sectionsOf(fields, identity, always)
    const fault = faultIn(root, value)
    if (fault) issues.push({ code: 'invalid_type', input: value, ...fault })
  })
  // Everything that is parsed comes from JSON.parse.
  return schema as unknown as z.ZodType<Identified<Keys>>
}

/** The same, of one object: asked for by its name, another one is no answer. Servers look names up ignoring case (nexus-api 2.3). */
export function named<Found extends { name: string }>(
  schema: z.ZodType<Found>,
  name: string,
): z.ZodType<Found> {
  return schema.refine((found) => found.name.toLowerCase() === name.toLowerCase(), {
    path: ['name'],
    error: 'it is a different one',
  })
}

/** What JSON has for a field; `array` is a list of texts, `objects` one of objects. */
type Leaf = 'string' | 'number' | 'boolean' | 'array' | 'objects' | 'object'

interface Place {
  key: string
  required: boolean
  /** Of a section. */
  places?: Place[]
  /** Of a field. */
  leaf?: Leaf
}

type Section = Place & { places: Place[] }

function sectionsOf(fields: FieldTable, identity: Identity, always: readonly string[]): Section {
  const root: Section = { key: '', required: true, places: [] }
  for (const [key, leaf] of Object.entries(identity)) root.places.push({ key, required: true, leaf })
  for (const { wire, section, schema, options } of Object.values(fields)) {
    if (options.intent || wire in identity) continue
    const keys = wire.split('.')
    const last = keys.pop() ?? wire
    const parent = keys.reduce(sectionIn, root)
    if (section) sectionIn(parent, last)
    else parent.places.push({ key: last, required: false, leaf: leafOf(schema) })
  }
  for (const key of always) sectionIn(root, key).required = true
  return root
}

function sectionIn({ places }: Section, key: string): Section {
  const there = places.find((place): place is Section => place.key === key && place.places !== undefined)
  if (there) return there
  const section: Section = { key, required: false, places: [] }
  places.push(section)
  return section
}

/** What JSON has for a field, whichever words or range the file allows for it. */
function leafOf(schema: z.ZodType): Leaf {
  if (schema instanceof z.ZodNullable) return leafOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodPipe) return leafOf(schema.out as z.ZodType)
  // A secret: the text itself, or where it stands.
  if (schema instanceof z.ZodUnion) return leafOf(schema.options[0] as z.ZodType)
  if (schema instanceof z.ZodEnum) return 'string'
  const { type } = schema.def
  if (schema instanceof z.ZodArray)
    return leafOf(schema.element as z.ZodType) === 'object' ? 'objects' : 'array'
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return 'object'
  if (type === 'string' || type === 'number' || type === 'boolean') return type
  throw new Error(`what a server answers for a field of type ${type} is not known`)
}

interface Fault {
  path: string[]
  expected: Leaf
}

/** The first thing that is wrong. The path is put together on the way back: nearly always there is nothing to tell. */
function faultIn({ places }: Section, value: unknown): Fault | undefined {
  if (!isObject(value)) return { path: [], expected: 'object' }
  for (const place of places) {
    const found = value[place.key]
    if (!place.required && (found === undefined || found === null)) continue
    const fault = place.places ? faultIn(place as Section, found) : leafFault(place, found)
    if (fault) return { ...fault, path: [place.key, ...fault.path] }
  }
  return undefined
}

function leafFault({ leaf = 'string', required }: Place, value: unknown): Fault | undefined {
  return fits(leaf, value) && !(required && value === '') ? undefined : { path: [], expected: leaf }
}

function fits(leaf: Leaf, value: unknown): boolean {
  if (leaf === 'array') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (leaf === 'objects') return Array.isArray(value) && value.every(isObject)
  return leaf === 'object' ? isObject(value) : typeof value === leaf
}

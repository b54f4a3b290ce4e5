import * as z from 'zod'
import { getPath, isObject, type JsonObject, sectionOf } from '../../core/json.ts'
import type { Capability } from '../../nexus/capabilities.ts'
import type { WirePath, WireValue } from './wire-path.ts'

// Every schema is used once in a run: compiling it to a function first would cost more than it saves.
z.config({ jitless: true })

/** A value as the file and the plan show it: plain JSON. A section with fields of its own is none, it has its fields' values. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

/** Values by dotted path of the file (`negativeCache.enabled`); a path that is missing is not written and not touched. */
export type Values = Record<string, Value>

/** The values of one kind: a field name that its table does not have is a compile error. */
export type ValuesOf<Fields extends FieldTable> = {
  [Path in keyof Fields]?: Fields[Path] extends Field<infer Output> ? Output : never
}

/** Whether a server has a secret, as far as it tells. */
export type Presence = 'there' | 'none' | 'unknown'

/** How a secret is kept by a server that never shows it. */
export interface Secrecy {
  /**
   * What tells that the server has one: the section that it stands in (`section`; for a secret at the top of a model, the object), the
   * rest of that section as on the wire, or nothing (`unknown`).
   */
  presentWhen: 'section' | 'unknown' | ((section: JsonObject) => Presence)
  /** The server shows something in its place, and giving that back keeps it. */
  placeholder?: true
}

export interface FieldOptions<Wire> {
  /** One line for the reference documentation and the editor. */
  describe: string
  /** Sent when the object is created and the file does not write the field; never compared, never sent in an update. */
  default?: Value | ((values: Values) => Value | undefined)
  /** The file must write it. */
  required?: boolean
  /**
   * Nexus never returns it: not compared, sent with every create and update of the object, masked everywhere. An update without it
   * drops it, so one is refused where the server has one (see `plan/lost-secrets`).
   */
  secret?: Secrecy
  /** Not written in the file: what an intent of another section asks for. */
  intent?: true
  /** The server keeps a set: order and repetition mean nothing. */
  set?: boolean
  /** What a key that is missing from the server's answer means; without it "unknown", which is never a difference. */
  absent?: Value
  /** What null in the server's answer (and in the file) is the same as. */
  whenNull?: Value
  /** One form for spellings that mean the same to the server (`https://quay.io/`, `https://quay.io`). */
  canonical?: (value: Exclude<Value, null>) => Value
  toWire?: (value: Exclude<Value, null>) => Wire
  fromWire?: (value: unknown) => Value
  /** Version or edition that a written value needs. */
  needs?: Capability
  /** Which values need it; all but null and false without it. */
  needsWhen?: (value: Value) => boolean
  /** How plans and the reference show a number. */
  unit?: 'bytes' | 'minutes' | 'seconds'
  /** Why the server cannot change it later. */
  immutable?: string
}

/** One field of a kind: where it stands in the file is its key in the table, where it stands on the wire is `wire`. */
export interface Field<Output = Value> {
  wire: string
  schema: z.ZodType<Output>
  /** A section that null removes as a whole (`authentication: null`); its own fields stand beside it in the table. */
  section: boolean
  options: FieldOptions<never>
}

export type FieldTable = Record<string, Field>

/**
 * Makes fields of one of Sonatype's request models. The compiler refuses a path that the model does not have and a schema
 * whose output is not what the model holds there (unless `toWire` converts it).
 */
export function fieldsOf<Model>() {
  function field<Path extends WirePath<Model>, Output extends Value>(
    wire: Path,
    schema: z.ZodType<Output>,
    options: Output extends WireValue<Model, Path> | null
      ? FieldOptions<WireValue<Model, Path>>
      : FieldOptions<WireValue<Model, Path>> & {
          toWire: (value: Exclude<Value, null>) => WireValue<Model, Path>
        },
  ): Field<Output> {
    return { wire, schema, section: false, options: options as FieldOptions<never> }
  }
  function removableSection(wire: WirePath<Model>, describe: string): Field<null> {
    return { wire, schema: z.null(), section: true, options: { describe } }
  }
  return { field, removableSection }
}

/** A text that may be given as a reference: `{env: NAME}` or `{file: path}`; `secretReferences` of the config resolves it. */
export const secretText = z.union(
  [
    z.string().min(1),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ env: z.string().min(1) }),
  ],
  { error: 'expected text, {env: NAME} or {file: path}' },
) as z.ZodType<string>

interface Shape {
  [key: string]: z.ZodType
}

/** The strict schema of one object in the file, from its fields' dotted paths. `extra` adds keys that are not sent to Nexus. */
export function schemaOf(fields: FieldTable, extra: Shape = {}): z.ZodType<Record<string, unknown>> {
  return z.strictObject({ ...shapeOf(fields, ''), ...extra })
}

function shapeOf(fields: FieldTable, prefix: string): Shape {
  const shape: Shape = {}
  for (const [path, field] of Object.entries(fields)) {
    if (!path.startsWith(prefix) || field.options.intent) continue
    const [key = path, ...rest] = path.slice(prefix.length).split('.')
    if (key in shape) continue
    const section = rest.length > 0 || field.section
    const schema = section ? sectionSchema(fields, `${prefix}${key}`) : field.schema
    // A section that is not in the table (`negativeCache`) is neither what its first field is, nor required because that is.
    const own = fields[`${prefix}${key}`]?.options
    const described = own ? schema.describe(own.describe) : schema
    shape[key] = own?.required ? described : described.optional()
  }
  return shape
}

function sectionSchema(fields: FieldTable, path: string): z.ZodType {
  const schema = z.strictObject(shapeOf(fields, `${path}.`))
  return fields[path]?.section ? schema.nullable() : schema
}

/** The values that a parsed object writes, by dotted path, in the order of the table. */
export function valuesOf(fields: FieldTable, spec: unknown): Values {
  const values: Values = {}
  if (!isObject(spec)) return values
  const byKey = fieldsByKey(fields)
  // An object writes few of its kind's many fields.
  const written = Object.keys(spec).flatMap((key) => byKey.get(key) ?? [])
  for (const { path, field } of written.sort((a, b) => a.position - b.position)) {
    const value = getPath(spec, path)
    if (value === undefined || (value === null && isUnderRemoved(fields, path, spec))) continue
    if (!field.section || value === null) values[path] = value as Value
  }
  return values
}

interface Placed {
  path: string
  field: Field
  position: number
}

const groups = new WeakMap<FieldTable, Map<string, Placed[]>>()

/** The table by first key. */
function fieldsByKey(fields: FieldTable): Map<string, Placed[]> {
  const known = groups.get(fields)
  if (known) return known
  const byKey = new Map<string, Placed[]>()
  for (const [position, [path, field]] of Object.entries(fields).entries()) {
    const [key = path] = path.split('.')
    byKey.set(key, [...(byKey.get(key) ?? []), { path, field, position }])
  }
  groups.set(fields, byKey)
  return byKey
}

/** `authentication: null` reads as null for `authentication.username` too; only the section itself is what was written. */
function isUnderRemoved(fields: FieldTable, path: string, spec: unknown): boolean {
  const parent = sectionOf(path)
  return parent !== '' && fields[parent]?.section === true && getPath(spec, parent) === null
}

/** What creation sends for the fields that the file does not write. */
export function defaultsFor(fields: FieldTable, values: Values): Values {
  const defaults: Values = {}
  for (const [path, field] of Object.entries(fields)) {
    if (path in values) continue
    const given = field.options.default
    const value = typeof given === 'function' ? given(values) : given
    if (value !== undefined) defaults[path] = value
  }
  return defaults
}

/** The server's value of a field in the file's terms; undefined where the server does not tell. */
export function actualValue(field: Field, wire: JsonObject): Value | undefined {
  const raw = getPath(wire, field.wire)
  const value = raw === undefined ? field.options.absent : raw
  if (value === undefined) return undefined
  if (value === null) return null
  return field.options.fromWire ? field.options.fromWire(value) : (value as Value)
}

/** A field's value as it goes over the wire. */
export function wireValue(field: Field, value: Value): unknown {
  if (value === null || !field.options.toWire) return value
  return field.options.toWire(value)
}

// Request bodies as Nexus reads them: JSON with Jackson's coercions (nexus-api 1.1), type mismatches as E8, bean validation as E1.
import type { Profile } from './profile.ts'
import { malformedInput, type Violation, violations } from './replies.ts'
import type { Reply } from './types.ts'

/** A check of one value beyond its type; runs only on values that are there. */
export interface Rule {
  holds(value: unknown): boolean
  message(profile: Profile): string
}

/** One field of a request bean. */
export interface Field {
  type: 'string' | 'boolean' | 'integer' | 'object' | 'strings'
  /** Fields of a nested object; without them any object is taken as it is. */
  fields?: Bean
  /** Enum constants, compared ignoring case and answered in this spelling. */
  values?: readonly string[]
  /** Java type named in the E8 text. */
  javaType?: string
  /** `null`: must not be null; `empty`: nor empty; `blank`: nor blank. */
  required?: 'null' | 'empty' | 'blank'
  /** Says why an object can't be built from its fields, an E8 of the object itself. */
  construct?(value: Readonly<Record<string, unknown>>): string | undefined
  rules?: readonly Rule[]
}

/** A request bean by field name. Fields that it does not name are ignored, as Nexus does. */
export type Bean = Readonly<Record<string, Field>>

/** A decoded body: its value or the answer that refuses it. */
export type Decoded<T> = { value: T; refused?: undefined } | { refused: Reply; value?: undefined }

/** A value of the wrong type; `path` names the field from the outside in. */
export class MismatchError extends Error {
  readonly path: readonly string[]

  constructor(path: readonly string[], text: string) {
    super(text)
    this.path = path
  }
}

const javaTypes: Record<Field['type'], string> = {
  string: 'java.lang.String',
  boolean: 'java.lang.Boolean',
  integer: 'java.lang.Integer',
  strings: 'java.util.ArrayList',
  object: 'java.lang.Object',
}

function refusalReason(field: Field): string {
  if (field.values) return `: not one of the values accepted for Enum class: [${field.values.join(', ')}]`
  if (field.type !== 'boolean') return ''
  return field.javaType === 'boolean'
    ? ': only "true"/"True"/"TRUE" or "false"/"False"/"FALSE" recognized'
    : ': only "true" or "false" recognized'
}

function mismatch(path: string[], field: Field, value: unknown): MismatchError {
  const from = Array.isArray(value)
    ? 'Array value'
    : typeof value === 'string'
      ? `String "${value}"`
      : typeof value
  const why = refusalReason(field)
  const type = field.javaType ?? javaTypes[field.type]
  return new MismatchError(path, `Cannot deserialize value of type \`${type}\` from ${from}${why}`)
}

function decodeBoolean(value: unknown): boolean | null | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isInteger(value)) return value !== 0
  if (typeof value !== 'string') return undefined
  if (value.trim() === '') return null
  if (/^(true|True|TRUE)$/.test(value)) return true
  return /^(false|False|FALSE)$/.test(value) ? false : undefined
}

function decodeInteger(value: unknown): number | null | undefined {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value !== 'string') return undefined
  if (value.trim() === '') return null
  return /^\s*-?\d+\s*$/.test(value) ? Number(value) : undefined
}

function decodeString(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined
  const text = String(value)
  if (!field.values) return text
  return field.values.find((constant) => constant.toLowerCase() === text.toLowerCase())
}

function decodeScalar(field: Field, value: unknown, path: string[]): unknown {
  const decoded =
    field.type === 'boolean'
      ? decodeBoolean(value)
      : field.type === 'integer'
        ? decodeInteger(value)
        : decodeString(field, value)
  if (decoded === undefined) throw mismatch(path, field, value)
  return decoded
}

/** Converts a JSON value to what a field holds, with Jackson's coercions; throws a MismatchError. */
export function convertField(field: Field, value: unknown, path: string[] = []): unknown {
  if (value === null) return value
  if (field.type === 'strings') {
    if (!Array.isArray(value)) throw mismatch(path, field, value)
    const item: Field = { ...field, type: 'string' }
    return value.map((entry: unknown) => (entry === null ? null : decodeScalar(item, entry, [...path, '*'])))
  }
  if (field.type !== 'object') return decodeScalar(field, value, path)
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(path, field, value)
  if (!field.fields) return value
  const object = convertObject(field.fields, value as Record<string, unknown>, path)
  const problem = field.construct?.(object)
  if (problem !== undefined) throw new MismatchError(path, problem)
  return object
}

function convertObject(bean: Bean, source: Record<string, unknown>, path: string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(source)) {
    const field = Object.hasOwn(bean, name) ? bean[name] : undefined
    if (field) result[name] = convertField(field, value, [...path, name])
  }
  return result
}

/**
 * Parses and converts a whole body; `field` is what the endpoint reads.
 * `absent` is what comes of an empty body and of `null`, which differs by endpoint (E1 on `arg0`, or a 500).
 */
export function decodeBody<T>(text: string, field: Field, absent: Decoded<T>): Decoded<T> {
  let json: unknown
  if (text.trim() === '') return absent
  try {
    json = JSON.parse(text)
  } catch {
    const word = /^\s*([A-Za-z_]\w*)/.exec(text)?.[1]
    const problem = word === undefined ? 'Unexpected end-of-input' : `Unrecognized token '${word}'`
    return { refused: malformedInput(problem) }
  }
  if (json === null) return absent
  try {
    return { value: convertField(field, json) as T }
  } catch (error) {
    if (!(error instanceof MismatchError)) throw error
    return { refused: violations(error.path.map((id) => ({ id, message: error.message }))) }
  }
}

/** Decodes a JSON object body by its bean. */
export function decodeBean<T = Record<string, unknown>>(
  text: string,
  bean: Bean,
  absent: Decoded<T>,
): Decoded<T> {
  return decodeBody(text, { type: 'object', fields: bean }, absent)
}

function isMissing(value: unknown, required: Field['required']): boolean {
  if (value === null || value === undefined) return true
  if (required === 'null') return false
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'string' && (required === 'blank' ? value.trim() : value) === ''
}

function requiredMessage({ required, type }: Field, profile: Profile): string {
  // Hibernate's own constraints of 3.28 read "may not be empty" for strings
  if (required === 'empty' && type === 'string' && !profile.since('3.41')) return 'may not be empty'
  return `must not be ${required}`
}

/** Bean validation (E1) of a decoded object, nested objects included; ids are `PARAMETER <leaf>`. */
export function validateBean(value: Record<string, unknown>, bean: Bean, profile: Profile): Violation[] {
  const found: Violation[] = []
  for (const [name, field] of Object.entries(bean)) {
    const entry = value[name]
    const report = (message: string) => found.push({ id: `PARAMETER ${name}`, message })
    if (field.required && isMissing(entry, field.required)) report(requiredMessage(field, profile))
    if (entry === null || entry === undefined) continue
    for (const rule of field.rules ?? []) if (!rule.holds(entry)) report(rule.message(profile))
    if (field.fields) found.push(...validateBean(entry as Record<string, unknown>, field.fields, profile))
  }
  return found
}

function constraint(key: string, text: string, holds: (value: unknown) => boolean): Rule {
  // by 3.89 Nexus's own constraints answer their uninterpolated message key (nexus-api 1.3)
  return {
    holds,
    message: (profile) =>
      profile.since('3.89') ? `{org.sonatype.nexus.validation.constraint.${key}}` : text,
  }
}

/** Names of repositories and blob stores (nexus-api section 6). */
export const nameRule = constraint(
  'name',
  'Only letters, digits, underscores(_), hyphens(-), and dots(.) are allowed and may not start with underscore or dot.',
  (value) => /^[a-zA-Z0-9-][a-zA-Z0-9_\-.]*$/.test(String(value)),
)

/** Host names of HTTP settings: no URL, no underscore, IPv6 in brackets only; empty is fine (nexus-api section 4). */
export const hostnameRule = constraint('hostname', 'Hostname must be valid', (value) => {
  const host = String(value)
  return (
    host === '' || /^\[[0-9a-fA-F:.]+\]$/.test(host) || /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(host)
  )
})

/** Port numbers 1..65535. */
export const portRule = constraint('portnumber', 'Port-number must be >= 1 AND <= 65535.', (value) => {
  return typeof value === 'number' && value >= 1 && value <= 65535
})

/** Whole numbers in a range, with Hibernate's own texts. */
export function rangeRules(low: number, high: number): Rule[] {
  return [
    { holds: (value) => Number(value) >= low, message: () => `must be greater than or equal to ${low}` },
    { holds: (value) => Number(value) <= high, message: () => `must be less than or equal to ${high}` },
  ]
}

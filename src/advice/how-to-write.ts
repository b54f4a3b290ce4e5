import * as z from 'zod'
import { type Located, toPlain } from '../yaml/located.ts'
import { accepts, keysOf, unwrap } from './shape.ts'

/** What to write below a key where a schema is: `write a whole number from 1 to 65535`. Undefined where the schema does not tell. */
export function howToWrite(schema: z.ZodType, node: Located, name: string): string | undefined {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) return objectAdvice(inner, node, name)
  const what = inner && describe(inner)
  if (what === undefined) return undefined
  return isRemovable(schema) ? `write ${what}, or null for none` : `write ${what}`
}

function describe(schema: z.ZodType): string | undefined {
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodNumber) return numberWords(schema)
  if (schema instanceof z.ZodEnum) return oneOf(schema.options.map(String))
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values].map(String))
  if (schema instanceof z.ZodArray) return 'a non-empty list: [a, b]'
  if (schema instanceof z.ZodString) return hasForm(schema) ? undefined : 'text'
  // Words that servers spell another way; what else is converted has a sentence of its own.
  const out = schema instanceof z.ZodPipe ? schema.out : undefined
  return out instanceof z.ZodEnum || out instanceof z.ZodLiteral ? describe(out) : undefined
}

/** Whether not every text will do: what a pattern wants, its own message says. */
function hasForm(schema: z.ZodString): boolean {
  return schema.def.checks?.some((check) => check._zod.def.check === 'string_format') ?? false
}

function numberWords(schema: z.ZodNumber): string {
  const { minValue, maxValue } = schema
  const [low, high] = [minValue ?? Number.MIN_SAFE_INTEGER, maxValue ?? Number.MAX_SAFE_INTEGER]
  const isOpen = { below: low <= Number.MIN_SAFE_INTEGER, above: high >= Number.MAX_SAFE_INTEGER }
  if (isOpen.below && isOpen.above) return 'a whole number'
  if (isOpen.above) return `a whole number, ${low} or more`
  return `a whole number from ${low} to ${high}`
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`
}

function isRemovable(schema: z.ZodType): boolean {
  return schema.safeParse(null).success
}

/** Keys that a hint names at most. */
const mostNamed = 8

/** A section is a map of keys: which of them the value was meant for, where that can be told. */
function objectAdvice(schema: z.ZodObject, node: Located, name: string): string {
  const keys = keysOf(schema, [])
  const value = toPlain(node)
  const fitting = keys.filter((key) => accepts(schema, [key], value))
  const required = fitting.filter((key) => !accepts(schema, [key], undefined))
  // Nearly everything is a text.
  const meant =
    typeof value === 'string' && required.length !== 1 ? [] : required.length > 0 ? required : fitting
  const shown = typeof value === 'boolean' ? String(value) : Array.isArray(value) ? '[…]' : '…'
  const isEmpty = value === null || meant.length > 2
  const needed = keys.filter((key) => !accepts(schema, [key], undefined))
  const others = (key: string) => needed.flatMap((other) => (other === key ? [] : [`, ${other}: …`])).join('')
  if (meant.length > 0 && !isEmpty)
    return `write ${meant.map((key) => `"${name}: {${key}: ${shown}${others(key)}}"`).join(' or ')}`
  const isOfMaps = node.kind === 'list' && node.items.some(({ kind }) => kind === 'map')
  if (isOfMaps) return 'write "key: value" lines without dashes'
  const named = keys.slice(0, mostNamed)
  return `write "key: value" lines below it; keys are ${named.join(', ')}${named.length < keys.length ? ', …' : ''}`
}

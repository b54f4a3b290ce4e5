import type { z } from 'zod'
import { isVariableName } from '../core/names.ts'
import { similar } from '../core/similar.ts'
import type { Located, Path } from '../yaml/located.ts'
import { howToWrite } from './how-to-write.ts'
import { keysOf } from './shape.ts'

/** What is wrong with a value, and what to do. The value itself is never repeated: it may be a secret. */
interface Words {
  message: string
  hint: string
  /** Where inside of the value it is wrong. */
  at?: Path
}

/** What stands in the schema where something is wrong. */
interface Field {
  name: string
  schema: z.ZodType | undefined
  /** What it is for. */
  description: string | undefined
}

/** Words for one complaint of the schema about a node; what the field is for is said last. */
export function wordingOf(
  issue: z.core.$ZodIssue,
  node: Located,
  { name, schema, description }: Field,
): Words {
  const { message, hint, ...rest } = wordsFor(issue, node)
  const advice =
    (hint === inQuotes && !fitsInQuotes(node, schema) ? undefined : hint) ?? referenceAdvice(node)
  if (advice !== undefined) return { message, hint: advice, ...rest }
  const order = instruction(message, node, { name, schema })
  const isSection = schema && keysOf(schema, []).length > 0
  return {
    message,
    hint: isSection || description === undefined ? order : `${order}: ${description}`,
    ...rest,
  }
}

/** What a sentence such as `expected a version such as 3.90.0` asks for, else what the schema takes. */
function instruction(
  message: string,
  node: Located,
  { name, schema }: Pick<Field, 'name' | 'schema'>,
): string {
  const own = /^(?:expected|must be) (.+?)(, got .*)?$/.exec(message)
  return (schema && howToWrite(schema, node, name)) ?? `write ${own?.[1] ?? 'another value'}`
}

type SomeWords = Omit<Words, 'hint'> & Partial<Pick<Words, 'hint'>>

function wordsFor(issue: z.core.$ZodIssue, node: Located): SomeWords {
  if (issue.code === 'invalid_value') return wordChoice(issue, node)
  if (issue.code === 'too_small' || issue.code === 'too_big') return range(issue)
  if (issue.code === 'invalid_type') return wrongType(issue, node)
  if (issue.code === 'custom') return { message: issue.message, ...hintOf(issue.params) }
  if (issue.code === 'invalid_union' && isWrittenBare(node)) return { message: issue.message, hint: inQuotes }
  if (issue.code === 'invalid_union') return { message: issue.message, ...misnamedReference(node) }
  return { message: issue.message }
}

/** A schema may bring its own advice: `params: {hint}`. */
function hintOf(params: Record<string, unknown> | undefined): Pick<SomeWords, 'hint'> {
  const hint = params?.['hint']
  return typeof hint === 'string' ? { hint } : {}
}

const inQuotes = 'put it in quotes to make it text'

/** A number, true or false where a text belongs: `password: 123456`. */
function isWrittenBare(node: Located): boolean {
  return node.kind === 'scalar' && (typeof node.value === 'number' || typeof node.value === 'boolean')
}

/** Whether quotes are all that is missing: `version: 1` of a server is none in quotes either. */
function fitsInQuotes(node: Located, schema: z.ZodType | undefined): boolean {
  return node.kind === 'scalar' && (schema === undefined || schema.safeParse(String(node.value)).success)
}

/** The keys of a reference to a secret. */
export const placesOfSecrets = ['env', 'file']

/** `{evn: NAME}` for a secret. */
function misnamedReference(node: Located): Pick<SomeWords, 'hint' | 'at'> {
  const [key, ...others] = node.kind === 'map' ? [...node.entries.keys()] : []
  const meant = key === undefined || others.length > 0 ? undefined : similar(key, placesOfSecrets)
  return key === undefined || meant === undefined ? {} : { hint: `did you mean "${meant}"?`, at: [key] }
}

/** `{env: NAME}` is for secrets; everything else has `${NAME}`. */
function referenceAdvice(node: Located): string | undefined {
  if (node.kind !== 'map' || node.entries.size !== 1) return undefined
  const name = node.entries.get('env')?.value
  // What is no name of a variable is perhaps the secret itself.
  if (name?.kind === 'scalar' && typeof name.value === 'string' && isVariableName(name.value))
    return `write "\${${name.value}}": only secrets are written {env: NAME}`
  return node.entries.has('file')
    ? 'write the value itself: only secrets are written {file: path}'
    : undefined
}

function wordChoice(issue: z.core.$ZodIssueInvalidValue, node: Located): SomeWords {
  const own = issue.message.startsWith('Invalid') ? undefined : issue.message
  const choices = issue.values.map(String)
  const written = node.kind === 'scalar' ? String(node.value) : ''
  const close = similar(written, choices)
  return {
    message: own ?? `expected ${choices.length === 1 ? '' : 'one of '}${choices.join(', ')}`,
    ...(close && { hint: `did you mean "${close}"?` }),
  }
}

function range(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): SomeWords {
  if (issue.origin === 'string' || issue.origin === 'array') {
    const own = issue.message.startsWith('Too ') ? undefined : issue.message
    return { message: own ?? 'must not be empty' }
  }
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  return { message: `must be ${bound}` }
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  null: 'null',
}

function wrongType(issue: z.core.$ZodIssueInvalidType, node: Located): SomeWords {
  const own = issue.message.startsWith('expected') ? issue.message : undefined
  const expected = own ?? `expected ${typeNames[issue.expected] ?? issue.expected}`
  const hint = typeAdvice(issue.expected, node)
  return { message: `${expected}, got ${whatIs(node)}`, ...(hint !== undefined && { hint }) }
}

function typeAdvice(expected: string, node: Located): string | undefined {
  if (expected === 'string' && isWrittenBare(node)) return inQuotes
  if (expected === 'array' && node.kind === 'scalar') return 'write it as a list: [a, b]'
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined
  if (expected === 'boolean') return booleanAdvice(node.value)
  const isNumber = (expected === 'int' || expected === 'number') && /^\s*\d{1,15}\s*$/.test(node.value)
  return isNumber && !node.interpolated ? 'remove the quotes to make it a number' : undefined
}

/** YAML 1.1 read yes, no, on and off as booleans; 1.2 reads texts. */
function booleanAdvice(written: string): string | undefined {
  if (/^(true|false)$/.test(written)) return 'remove the quotes'
  if (/^(y|yes|on|true)$/i.test(written)) return 'write true'
  if (/^(n|no|off|false)$/i.test(written)) return 'write false'
  return undefined
}

function whatIs(node: Located): string {
  if (node.kind === 'map') return 'a map of keys'
  if (node.kind === 'list') return 'a list'
  if (node.value === null) return 'nothing (null)'
  if (typeof node.value === 'string') return isLargeNumber(node.value) ? 'a number that is too large' : 'text'
  if (typeof node.value === 'boolean') return 'true or false'
  // `.nan`, `.inf`, and what is too large for any number, as 1e400.
  if (!Number.isFinite(node.value)) return 'a number that is not finite'
  return Number.isInteger(node.value) ? 'a number' : 'a number with a fraction'
}

/** The parser keeps the digits of a whole number that JavaScript cannot hold. */
function isLargeNumber(text: string): boolean {
  return /^[-+]?(\d{16,}|[\d.]+e\+?\d+)$/i.test(text)
}

import * as z from 'zod'
import { topLevelSchemas } from '../../../src/config/schema/read-config.ts'
import { schemaWith } from '../../../src/intents/contract.ts'
import { intents } from '../../../src/intents/index.ts'
import { gateOf } from '../../../src/nexus/capabilities.ts'
import type { FieldOptions } from '../../../src/resources/contract/fields.ts'
import type { Kind } from '../../../src/resources/contract/kind.ts'
import { kinds } from '../../../src/resources/index.ts'

interface Row {
  path: string
  value: string
  preset: string
  needs: string
  describe: string
  required: boolean
}

interface Shape {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Shape[]
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  format?: string
  additionalProperties?: unknown
  minimum?: number
  maximum?: number
  description?: string
}

/** The tables of docs/reference/configuration.md by the name of their place, in Markdown. */
export function referenceTables(): Record<string, string> {
  const { nexus, version } = topLevelSchemas
  const sections = intents.flatMap(({ name, section, secrets }) =>
    section ? [{ name, section, secrets }] : [],
  )
  const maps = sections.filter(({ section }) => section instanceof z.ZodObject)
  const words = sections
    .filter((intent) => !maps.includes(intent))
    .map(({ name, section }) => [name, section])
  const tables: Record<string, string> = {
    top: tableOf(rowsOf(shapeOf(z.object({ version, ...Object.fromEntries(words) }).partial()))),
    nexus: tableOf(rowsOf(shapeOf(nexus), (path) => (path === 'password' ? secret : undefined))),
  }
  for (const { name, section, secrets } of maps) {
    const isSecret: Options = (path) => (secrets?.includes(path) ? secret : undefined)
    tables[name] = tableOf(rowsOf(shapeOf(section), isSecret))
  }
  const written = kinds.all.filter(({ section }) => section.form !== 'intent')
  for (const kind of written)
    tables[kind.kind] = tableOf(rowsOf(shapeOf(schemaWith(intents, kind)), optionsOf(kind)))
  return tables
}

const secret: FieldOptions<never> = { describe: '', secret: { presentWhen: 'unknown' } }

type Options = (path: string) => FieldOptions<never> | undefined

function optionsOf(kind: Kind): Options {
  return (path) => kind.fields[path]?.options
}

function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Shape
}

function rowsOf(shape: Shape, options: Options = () => undefined, prefix = ''): Row[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, inner]) => {
    const path = prefix + key
    const known = options(path)
    const section = known?.secret
      ? undefined
      : [inner, ...(inner.anyOf ?? [])].find(({ properties }) => properties)
    const row: Row = {
      path,
      value: known?.secret ? 'secret' : section ? sectionWords(inner) : valueWords(inner, known),
      preset: presetOf(known),
      needs: needsOf(known),
      describe: inner.description ?? section?.description ?? '',
      required: shape.required?.includes(key) ?? false,
    }
    return [row, ...(section ? rowsOf(section, options, `${path}.`) : [])]
  })
}

function sectionWords({ anyOf }: Shape): string {
  return anyOf?.some(({ type }) => type === 'null') ? 'map, `null`' : 'map'
}

function valueWords(shape: Shape, options: FieldOptions<never> | undefined): string {
  if (options?.unit === 'bytes' || shape.format === 'size') return 'size'
  if (typeof shape.additionalProperties === 'object') return 'map of texts by name'
  if (Array.isArray(shape.type))
    return shape.type.map((type) => valueWords({ ...shape, type }, options)).join(', ')
  if (shape.anyOf) return [...new Set(shape.anyOf.map((one) => valueWords(one, options)))].join(', ')
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``
  if (shape.enum) return shape.enum.map((word) => `\`${String(word)}\``).join(', ')
  if (shape.type === 'integer' || shape.type === 'number') return numberWords(shape)
  if (shape.type === 'array') return `list of ${valueWords(shape.items ?? {}, options)}s`
  const words: Record<string, string> = { boolean: '`true`, `false`', string: 'text', null: '`null`' }
  return words[String(shape.type)] ?? 'text'
}

function numberWords({ minimum, maximum = Number.MAX_SAFE_INTEGER }: Shape): string {
  const open = maximum >= Number.MAX_SAFE_INTEGER
  return open ? `number from ${minimum ?? 0}` : `${minimum ?? 0} to ${maximum}`
}

function presetOf(options: FieldOptions<never> | undefined): string {
  const preset = options?.default
  if (preset === undefined) return ''
  return typeof preset === 'function' ? '(see text)' : `\`${JSON.stringify(preset).replaceAll('"', '')}\``
}

function needsOf(options: FieldOptions<never> | undefined): string {
  if (!options?.needs) return ''
  const { since, edition } = gateOf(options.needs)
  const version = Number(since.split('.')[1]) > 26 ? since.replace(/\.0$/, '') : ''
  return [version, edition === 'pro' ? 'Pro' : ''].filter(Boolean).join(' ')
}

/** Columns in which no row has anything are left out. */
function tableOf(rows: readonly Row[]): string {
  const columns = [
    { title: 'field', cell: ({ path, required }: Row) => `\`${path}\`${required ? ' (required)' : ''}` },
    { title: 'value', cell: ({ value }: Row) => value },
    { title: 'when created', cell: ({ preset }: Row) => preset },
    { title: 'needs', cell: ({ needs }: Row) => needs },
    { title: 'what it is', cell: ({ describe }: Row) => describe },
  ].filter(({ cell }) => rows.some((row) => cell(row) !== ''))
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(({ cell }) => cell(row)))),
  ].join('\n')
}

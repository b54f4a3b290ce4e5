import { counted } from '../core/counted.ts'
import { foldTo, padTo } from '../core/display-width.ts'
import type { Paint } from '../core/paint.ts'
import type { FieldChange } from '../plan/types.ts'
import { type Action, type ChangeDocument, isOnlyOne, type PlanDocument } from './document.ts'
import { formatChange } from './value.ts'

const symbols: Record<Action, string> = { create: '+', update: '~', replace: '-/+', delete: '-' }

const widest = 108
const indent = ' '.repeat(6)
const heading = 'defaults: '

/** A plan for people, in the manner of Terraform: what changes, from what to what, and a closing line. `columns`: of the terminal. */
export function renderPlanText(document: PlanDocument, paint: Paint, columns?: number): string {
  const width = Math.min(columns ?? widest, widest)
  const text = [
    renderHead(document, paint),
    ...document.changes.map((change) => renderChange(change, paint, width)),
    ...renderNotes(document, paint),
    renderSummary(document, paint),
  ].join('\n\n')
  return columns === undefined ? text : foldTo(text, columns)
}

function renderHead({ server, files }: PlanDocument, paint: Paint): string {
  return `${paint.bold(server.url)}  Nexus ${server.version} ${server.edition}  ${files.join(', ')}`
}

function renderChange(change: ChangeDocument, paint: Paint, columns: number): string {
  const colour = colourOf(change, paint)
  const symbol = change.refused ? '!' : symbols[change.action]
  const name = isOnlyOne(change) ? change.label : `${change.label}  ${change.id}`
  const place = change.place ? paint.dim(`  ${change.place}`) : ''
  const written = change.fields.filter((field) => !field.default)
  const width = Math.max(
    ...written.map((field) => field.path.length),
    ...change.resentSecrets.map((path) => path.length),
    0,
  )
  const lines = [
    ...written.map((field) => renderField(field, width, change, paint)),
    ...change.resentSecrets.map(
      (path) =>
        `${padTo(path, width)}  ${paint.dim('(sensitive, sent again; Nexus never shows it, so it may be the same)')}`,
    ),
    ...renderDefaults(change.fields, paint, columns),
    ...(change.refused ? [paint.red(`refused: ${change.refused.message}`)] : []),
  ]
  return [`  ${colour(symbol)} ${paint.bold(name)}${place}`, ...lines.map((line) => `${indent}${line}`)].join(
    '\n',
  )
}

function renderField(field: FieldChange, width: number, change: ChangeDocument, paint: Paint): string {
  const value = formatChange(field, change.action === 'create')
  return `${padTo(field.path, width)}  ${value}${field.because ? paint.dim(`  (${field.because})`) : ''}`
}

/** What creation adds, in as few lines as possible: it is the same for most objects. */
function renderDefaults(fields: readonly FieldChange[], paint: Paint, columns: number): string[] {
  const room = columns - indent.length - heading.length
  const texts = fields
    .filter((field) => field.default)
    .map((field) => `${field.path} ${formatChange(field, true)}`)
  const lines: string[] = []
  for (const text of texts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + text.length + 3 <= room)
      lines[lines.length - 1] = `${last}, ${text}`
    else {
      if (last !== undefined) lines[lines.length - 1] = `${last},`
      lines.push(text)
    }
  }
  const below = ' '.repeat(lines.every((line) => line.length <= room) ? heading.length : 2)
  return lines.map(
    (line, index) => `${index === 0 ? '' : below}${paint.dim(index === 0 ? heading + line : line)}`,
  )
}

function colourOf(change: ChangeDocument, paint: Paint): (text: string) => string {
  if (change.refused || change.action === 'replace' || change.action === 'delete') return paint.red
  return change.action === 'create' ? paint.green : paint.yellow
}

function renderNotes({ unmanaged }: PlanDocument, paint: Paint): string[] {
  if (unmanaged.length === 0) return []
  const shown = unmanaged.slice(0, 10).map(({ id }) => id)
  const more = unmanaged.length > shown.length ? `, and ${unmanaged.length - shown.length} more` : ''
  return [paint.dim(`Not in the file and left alone: ${shown.join(', ')}${more}`)]
}

function renderSummary(document: PlanDocument, paint: Paint): string {
  const { summary, requests, changes, files } = document
  const asked = paint.dim(`(${counted(requests.total, 'request')})`)
  const checked = summary.unchanged + changes.length
  if (changes.length === 0) {
    return `${paint.bold('No changes.')} Nexus matches ${files.join(', ')}: ${counted(checked, 'object')} checked. ${asked}`
  }
  const counts = [
    `${summary.create} to create`,
    `${summary.update} to update`,
    `${summary.delete} to delete`,
    ...(summary.refused > 0 ? [`${summary.refused} refused`] : []),
    `${summary.unchanged} unchanged`,
  ]
  return `${paint.bold('Plan:')} ${counts.join(', ')}. ${asked}`
}

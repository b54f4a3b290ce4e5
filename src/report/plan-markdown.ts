import { counted } from '../core/counted.ts'
import type { FieldChange } from '../plan/types.ts'
import { foremost } from '../yaml/code-frame.ts'
import { type ChangeDocument, isOnlyOne, type PlanDocument } from './document.ts'
import { code, escapeMarkup, withHint } from './markdown.ts'
import { formatChange } from './value.ts'

/** A plan for a pull request's comment. */
export function renderPlanMarkdown(document: PlanDocument): string {
  const { server, summary, changes, problems, unmanaged } = document
  const head = `### nexus-docker plan for ${code(server.url)} (Nexus ${server.version} ${server.edition})`
  const counts =
    changes.length === 0
      ? `No changes. ${counted(summary.unchanged, 'object')} checked, nothing differs.`
      : `**${summary.create}** to create, **${summary.update}** to update, **${summary.delete}** to delete, ${summary.unchanged} unchanged` +
        `${summary.refused > 0 ? `, **${summary.refused} refused**` : ''}.`
  const table = changes.length === 0 ? [] : [renderTable(changes)]
  const shown = foremost(problems)
  const wrong = shown.map(
    ({ file, line, ...problem }) =>
      `- **${problem.severity}** ${code(problem.code)} ${file ? code(`${file}:${line ?? 1}`) : ''} ${withHint(problem)}`,
  )
  if (shown.length < problems.length) wrong.push(`- and ${problems.length - shown.length} more problems`)
  const left =
    unmanaged.length === 0
      ? []
      : [`Not in the file and left alone: ${unmanaged.map(({ id }) => code(id)).join(', ')}`]
  return [head, counts, ...table, ...(wrong.length > 0 ? [wrong.join('\n')] : []), ...left].join('\n\n')
}

function renderTable(changes: readonly ChangeDocument[]): string {
  const rows = changes.map((change) => {
    const written = change.fields.filter((field) => !field.default)
    const fields = written.map((field) => renderField(field, change.action === 'create'))
    const defaults = change.fields.length - written.length
    const resent = change.resentSecrets.map((path) => `${code(path)}: (sensitive, sent again)`)
    const refused = change.refused ? [`**refused:** ${escapeMarkup(change.refused.message)}`] : []
    const name = isOnlyOne(change)
      ? escapeMarkup(change.label)
      : `${escapeMarkup(change.label)} ${code(change.id)}`
    return `| ${change.action} | ${name} | ${[...fields, ...resent, ...(defaults > 0 ? [`and ${defaults} defaults`] : []), ...refused].join('<br>')} |`
  })
  return ['| action | object | fields |', '| --- | --- | --- |', ...rows].join('\n')
}

function renderField(field: FieldChange, creating: boolean): string {
  const because = field.because === undefined ? '' : ` (${escapeMarkup(field.because)})`
  return `${code(field.path)}: ${escapeMarkup(formatChange(field, creating))}${because}`
}

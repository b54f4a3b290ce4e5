import { code, escapeMarkup } from '../markdown.ts'
import { placeText, type VerifyDocument } from './document.ts'

const signs = { passed: '✓', failed: '✗', skipped: '–' } as const

/** A table of all checks, to go into a comment or a job summary. */
export function renderVerifyMarkdown({ checks, summary, interrupted }: VerifyDocument): string {
  const { passed, failed, skipped } = summary
  const state = interrupted ? 'Interrupted' : failed > 0 ? 'The registry does not work' : 'The registry works'
  const rows = checks.map(({ repository, title, status, note, cause }) => {
    const said = cause
      ? `${code(cause.code)} ${escapeMarkup(cause.message)} → ${code(placeText(cause.where))} ${escapeMarkup(cause.hint)}`
      : escapeMarkup(note ?? '')
    return `| ${signs[status]} | ${code(repository)} | ${escapeMarkup(title)} | ${said} |`
  })
  return [
    `**${state}:** ${passed} passed, ${failed} failed, ${skipped} skipped.`,
    '',
    '| | repository | check | |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

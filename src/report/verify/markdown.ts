import { code, escapeMarkup } from '../markdown.ts'
import { placeText, type VerifyDocument } from './document.ts'
import { type Finding, repositoriesOf, sharedFindings } from './findings.ts'

const signs = { passed: '✓', failed: '✗', skipped: '–' } as const

/** A table of all checks, and below it the causes that several have, to go into a comment or a job summary. */
export function renderVerifyMarkdown({ checks, summary, interrupted }: VerifyDocument): string {
  const { passed, failed, skipped } = summary
  const state = interrupted ? 'Interrupted' : failed > 0 ? 'The registry does not work' : 'The registry works'
  const shared = sharedFindings(checks)
  const toldBelow = new Set(shared.flatMap((finding) => finding.checks))
  const rows = checks.map((check) => {
    const { repository, title, status, note, cause } = check
    const told = cause && (toldBelow.has(check) ? `${code(cause.code)}, told below` : causeText(cause))
    const said = told ?? escapeMarkup(note ?? '')
    return `| ${signs[status]} | ${code(repository)} | ${escapeMarkup(title)} | ${said} |`
  })
  return [
    `**${state}:** ${passed} passed, ${failed} failed, ${skipped} skipped.`,
    '',
    '| | repository | check | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(shared.length > 0 ? ['', ...shared.map(sharedItem)] : []),
  ].join('\n')
}

function causeText({ code: name, message, where, hint }: Finding['cause']): string {
  return `${code(name)} ${escapeMarkup(message)} → ${code(placeText(where))} ${escapeMarkup(hint)}`
}

function sharedItem({ cause, checks }: Finding): string {
  return `- ${repositoriesOf({ checks }).map(code).join(', ')}: ${causeText(cause)}`
}

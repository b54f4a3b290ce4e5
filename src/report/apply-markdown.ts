import { counted } from '../core/counted.ts'
import type { ApplyDocument } from './apply-document.ts'
import { code, escapeMarkup, withHint } from './markdown.ts'

/** How an apply ended, to go below its plan in a comment or a job summary. */
export function renderApplyMarkdown(document: ApplyDocument): string {
  const { done, failed, skipped, interrupted, notVerified, requests } = document
  const state = interrupted
    ? 'Interrupted'
    : failed.length + skipped.length === 0
      ? notVerified
        ? 'Applied, but not verified'
        : 'Applied'
      : 'Not everything was applied'
  const head = `**${state}:** ${done.length} done, ${failed.length} failed, ${skipped.length} skipped (${counted(requests.total, 'request')}, ${counted(requests.writes, 'write')}).`
  const lines = [
    ...failed.map(({ id, error }) => `- **failed** ${code(id)}: ${withHint(error)}`),
    ...(notVerified ? [`- **not verified**: ${withHint(notVerified)}`] : []),
    ...skipped.map(({ id, reason }) => `- skipped ${code(id)}: ${escapeMarkup(reason)}`),
  ]
  return lines.length === 0 ? head : `${head}\n\n${lines.join('\n')}`
}

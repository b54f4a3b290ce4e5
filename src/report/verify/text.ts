import type { Paint } from '../../core/paint.ts'
import { type CheckDocument, placeText, type VerifyDocument } from './document.ts'

/** The checks of each repository, what failed with its cause, and a closing line. */
export function renderVerifyText(document: VerifyDocument, paint: Paint): string {
  const { server, files, checks } = document
  const { version = '', edition = '' } = server
  const named = version === '' ? '' : `Nexus ${version} ${edition}`.trim()
  const head = [server.url, named, files.join(' ')].filter((part) => part !== '').join('  ')
  const repositories = [...new Set(checks.map(({ repository }) => repository))]
  const sections = repositories.map((name) =>
    [
      paint.bold(name),
      ...checks.filter(({ repository }) => repository === name).flatMap((check) => checkLines(check, paint)),
    ].join('\n'),
  )
  return [paint.dim(head), ...sections, renderVerifySummary(document, paint)].join('\n\n')
}

function checkLines({ status, title, note, milliseconds, cause }: CheckDocument, paint: Paint): string[] {
  if (status === 'skipped') return [`  ${paint.dim(`- ${title} (skipped: ${note ?? ''})`)}`]
  const beside = note === undefined ? '' : `: ${note}`
  if (!cause) return [`  ${paint.green('✓')} ${title}${beside} ${paint.dim(`(${milliseconds} ms)`)}`]
  return [
    `  ${paint.red('✗')} ${title}`,
    `    ${paint.red(cause.code)}: ${cause.message}`,
    `    ${paint.cyan('change:')} ${placeText(cause.where)}`,
    `    ${paint.cyan('hint:')} ${cause.hint}`,
  ]
}

function renderVerifySummary({ summary, interrupted }: VerifyDocument, paint: Paint): string {
  const { passed, failed, skipped, milliseconds } = summary
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ')
  const spent = paint.dim(`(${(milliseconds / 1000).toFixed(1)} s)`)
  if (interrupted) return `${paint.yellow('Interrupted:')} ${counts}. ${spent}`
  const head = failed > 0 ? paint.red('It does not work:') : paint.bold('It works:')
  return `${head} ${counts}. ${spent}`
}

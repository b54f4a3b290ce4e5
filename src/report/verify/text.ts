import type { Paint } from '../../core/paint.ts'
import { type CheckDocument, placeText, type VerifyDocument } from './document.ts'
import { type Finding, repositoriesOf, sharedFindings } from './findings.ts'

/** The checks of each repository, what failed with its cause, the causes that several have, and a closing line. */
export function renderVerifyText(document: VerifyDocument, paint: Paint): string {
  const { server, files, checks } = document
  const { version = '', edition = '' } = server
  const named = version === '' ? '' : `Nexus ${version} ${edition}`.trim()
  const head = [server.url, named, files.join(' ')].filter((part) => part !== '').join('  ')
  const shared = sharedFindings(checks)
  const toldBelow = new Set(shared.flatMap((finding) => finding.checks))
  const sections = repositoriesOf(document).map((name) =>
    [
      paint.bold(name),
      ...repositoryLines(
        checks.filter(({ repository }) => repository === name),
        toldBelow,
        paint,
      ),
    ].join('\n'),
  )
  return [
    paint.dim(head),
    ...sections,
    ...shared.map((finding) => renderShared(finding, paint)),
    renderVerifySummary(document, paint),
  ].join('\n\n')
}

/** What was skipped for one and the same reason is one line: below the check that failed, where that is the reason. */
function repositoryLines(
  checks: readonly CheckDocument[],
  toldBelow: ReadonlySet<CheckDocument>,
  paint: Paint,
): string[] {
  const skippedFor = (reason: string) =>
    checks.filter((check) => check.status === 'skipped' && reasonOf(check, checks) === reason)
  return checks.flatMap((check) => {
    if (check.status === 'passed') return [passedLine(check, paint)]
    if (check.cause) {
      const { title, cause } = check
      const failed = `  ${paint.red('✗')} ${title}`
      const told = toldBelow.has(check)
        ? [`${failed}: ${paint.red(cause.code)}, told below`]
        : [failed, ...causeLines(cause, paint).map((line) => `    ${line}`)]
      return [...told, ...neededIt(skippedFor(check.id), paint)]
    }
    const note = reasonOf(check, checks)
    const group = skippedFor(note)
    return check === group[0] && note === check.note ? skippedLines(group, note, paint) : []
  })
}

/** The id of the failed check that it needs, directly or by way of others; else what is told of why it was skipped. */
function reasonOf(check: CheckDocument, checks: readonly CheckDocument[]): string {
  let root: CheckDocument | undefined = check
  while (root?.needs !== undefined) {
    const { needs }: CheckDocument = root
    root = checks.find(({ id }) => id === needs)
  }
  return root?.status === 'failed' ? root.id : (check.note ?? '')
}

function neededIt(group: readonly CheckDocument[], paint: Paint): string[] {
  return skippedLines(group, group.length === 1 ? 'it needs the one above' : 'they need the one above', paint)
}

function skippedLines(group: readonly CheckDocument[], reason: string, paint: Paint): string[] {
  const [first] = group
  if (!first) return []
  const text =
    group.length === 1 ? `${first.title} (skipped: ${reason})` : `${group.length} checks skipped: ${reason}`
  return [`  ${paint.dim(`- ${text}`)}`]
}

function passedLine({ title, note, milliseconds }: CheckDocument, paint: Paint): string {
  const beside = note === undefined ? '' : `: ${note}`
  return `  ${paint.green('✓')} ${title}${beside} ${paint.dim(`(${milliseconds} ms)`)}`
}

function causeLines(cause: Finding['cause'], paint: Paint): [said: string, ...whatToDo: string[]] {
  return [
    `${paint.red(cause.code)}: ${cause.message}`,
    `${paint.cyan('change:')} ${placeText(cause.where)}`,
    `${paint.cyan('hint:')} ${cause.hint}`,
  ]
}

function renderShared({ cause, checks }: Finding, paint: Paint): string {
  const [said, ...whatToDo] = causeLines(cause, paint)
  const concerned = `${paint.cyan('concerns:')} ${repositoriesOf({ checks }).join(', ')}`
  return [said, ...[concerned, ...whatToDo].map((line) => `  ${line}`)].join('\n')
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

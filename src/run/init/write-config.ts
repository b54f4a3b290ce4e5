import { resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import { UserError } from '../../core/errors.ts'
import type { Problem } from '../../core/problem.ts'
import type { Given, Situation } from '../../init/answers.ts'
import type { Asker } from '../../init/asker.ts'
import { fillTemplate } from '../../init/fill-template.ts'
import { wrongFlags } from '../../init/flags.ts'
import { runInit } from '../../init/flow.ts'
import { previewDiff, previewFile } from '../../init/preview.ts'
import { guessedPorts } from '../../init/questions/access.ts'
import { renderFile } from '../../init/render-file.ts'
import { review } from '../../init/review.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { InitFlags } from '../options.ts'
import { readIfThere, writeWhole } from '../write-whole.ts'
import { factsOf, readExample } from './facts.ts'
import { loadText } from './load-text.ts'
import { startingPoint } from './starting-point.ts'

/** What has been decided and stands in the file now. */
export interface Written {
  situation: Situation
  text: string
  config: Config
  /** The file said exactly that already. */
  unchanged: boolean
}

/** Asks, shows and writes. Undefined when the person wants nothing written; rejects with Interrupted. */
export async function writeConfig(
  given: Given,
  flags: InitFlags,
  terminal: Terminal,
  asker: Asker | undefined,
): Promise<Written | undefined> {
  const template = flags.template === undefined ? undefined : readExample(flags.template)
  const path = resolve(terminal.cwd, flags.out)
  const before = flags.out === '-' ? undefined : readIfThere(path)
  const textOf = (situation: Situation) =>
    template === undefined ? renderFile(situation) : fillTemplate(template, situation)
  const preview = (situation: Situation) => {
    const [text, paint] = [textOf(situation), terminal.errPaint]
    return before === undefined ? previewFile(text, paint) : previewDiff(before, text, paint)
  }
  asker?.show('Enter accepts the proposed answer, Ctrl-C stops. Nothing is written before the end.\n')
  const present = await startingPoint(flags, before, terminal, asker)
  const facts = factsOf(flags, terminal, { template, before, present })
  const { situation, problems } = await runInit(asker, facts, given)
  if (problems.length > 0) throw wrongFlags(problems)
  const exists = before !== undefined && !flags.force
  if (!asker) sayWhatWasFound(situation, terminal)
  const decided = asker ? await review(asker, situation, { preview, out: flags.out, exists }) : situation
  if (!decided) return undefined
  const text = textOf(decided)
  const { config, warnings } = await checkOwnWork(text)
  if (!asker && exists && before !== text) throw notOverwritten(flags.out, preview(decided), terminal)
  if (flags.out === '-') terminal.out(text.trimEnd())
  else keep(path, text, before, flags.out)
  for (const warning of warnings) sayWarning(warning, terminal)
  return { situation: decided, text, config, unchanged: before === text }
}

/** What a person would have been told between the questions. */
function sayWhatWasFound(situation: Situation, terminal: Terminal): void {
  const sentences = [situation.look.sentence, ...guessedPorts(situation)]
  for (const sentence of sentences) if (sentence !== '') terminal.err(sentence)
}

/** The file that is written is valid, whatever was answered: anything else is a mistake of this program. What it warns of was wanted. */
async function checkOwnWork(text: string): Promise<{ config: Config; warnings: Problem[] }> {
  const { config, problems } = await loadText(text)
  const wrong = problems.find(({ severity }) => severity === 'error')
  if (!config || wrong) throw new Error(`the answers lead to a wrong file: ${wrong?.path}: ${wrong?.message}`)
  return { config, warnings: problems }
}

/** As `validate` would, but for the place: the file has just been made. */
function sayWarning({ code, path, message, hint }: Problem, terminal: Terminal): void {
  const { yellow, bold, cyan } = terminal.errPaint
  const advice = hint === undefined ? '' : `\n  ${cyan('hint:')} ${hint}`
  terminal.err(`${yellow(bold(`warning[${code}]`))}: ${path}: ${message}${advice}`)
}

function notOverwritten(out: string, difference: string, terminal: Terminal): UserError {
  terminal.err(`${difference}\n`, { whole: true })
  return new UserError('file-exists', `${out} already exists with other contents`, {
    hint: 'Use --force to replace it, or --out FILE to write another one.',
  })
}

function keep(path: string, text: string, before: string | undefined, out: string): void {
  if (readIfThere(path) !== before)
    throw new UserError('file-changed', `${out} was changed by somebody else in the meantime`)
  if (before !== text) writeWhole(path, text)
}

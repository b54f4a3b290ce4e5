import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type ExitCode, UserError } from '../core/errors.ts'
import { plain } from '../core/paint.ts'
import type { Facts, Given, Situation } from '../init/answers.ts'
import { type Asker, Interrupted } from '../init/asker.ts'
import { connectorsOf } from '../init/connectors.ts'
import { fillTemplate, readTemplate } from '../init/fill-template.ts'
import { type AnswerFlags, answerFlags, readFlags, wrongFlags } from '../init/flags.ts'
import { runInit } from '../init/flow.ts'
import { neededVariables, nextSteps, renderSteps } from '../init/next-steps.ts'
import { previewDiff, previewFile } from '../init/preview.ts'
import { offeredProxy } from '../init/proxy-offer.ts'
import { usualRegistries } from '../init/registries.ts'
import { renderFile } from '../init/render-file.ts'
import { review } from '../init/review.ts'
import { templateList, templates } from '../init/templates.ts'
import { parseAddress } from '../nexus/address.ts'
import { formatVersion } from '../report/document.ts'
import { loadText } from '../run/init/load-text.ts'
import { readIfThere, whyNotWritable, writeWhole } from '../run/init/write-whole.ts'
import { defaultNames } from '../run/input/sources.ts'
import { lookAtServer } from '../run/server/look-at-server.ts'
import type { Terminal } from '../ui/terminal.ts'

export interface InitFlags extends AnswerFlags {
  template?: string
  yes?: boolean
  out: string
  force?: boolean
  offline?: boolean
  output: 'text' | 'json'
}

/** Between questions, and from outside; at a question Ctrl-C is a key. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SHOW_CURSOR = '\u001B[?25h'

/** Asks a handful of questions and writes the file. */
export async function init(flags: InitFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.template === 'list') {
    terminal.out(templateList())
    return 0
  }
  const { given, problems } = readFlags(flags, flags.template)
  const wrong = [...problems, ...wrongPlaces(flags, terminal)]
  if (wrong.length > 0) throw wrongFlags(wrong)
  const stop = () => {
    // A list hides the cursor, and nobody else would bring it back.
    if (terminal.interactive) process.stderr.write(SHOW_CURSOR)
    terminal.err('\nNothing was written.')
    process.exit(130)
  }
  for (const signal of SIGNALS) process.once(signal, stop)
  try {
    return await converse(given, flags, terminal, await askerFor(flags, terminal))
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    terminal.err('Nothing was written.')
    return 130
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}

/** What is wrong with the flags that are no answers. */
function wrongPlaces({ template, out, output }: InitFlags, terminal: Terminal): string[] {
  const problems: string[] = []
  if (template !== undefined && !(template in templates))
    problems.push(
      `--template: "${template}" is none of ${Object.keys(templates).join(', ')}; list shows them`,
    )
  if (out === '-' && output === 'json')
    problems.push('--out: the file and the JSON would both go to standard output')
  if (out === '') problems.push('--out: the name of the file is empty')
  const reason = ['', '-'].includes(out) ? undefined : whyNotWritable(resolve(terminal.cwd, out))
  if (reason !== undefined) problems.push(`--out: cannot write ${out}: ${reason}`)
  return problems
}

async function askerFor({ yes }: InitFlags, terminal: Terminal): Promise<Asker | undefined> {
  if (yes) return undefined
  if (!terminal.interactive)
    throw new UserError('no-terminal', 'init asks questions, and there is no terminal to ask at', {
      hint: `--yes takes the usual answers; these flags give others: ${[...answerFlags, '--template', '--out'].join(' ')}`,
      exitCode: 3,
    })
  const { createPromptAsker } = await import('../ui/ask-prompts.ts')
  return createPromptAsker({ colours: terminal.errPaint !== plain, show: (text) => terminal.err(text) })
}

async function converse(
  given: Given,
  flags: InitFlags,
  terminal: Terminal,
  asker: Asker | undefined,
): Promise<ExitCode> {
  const template = flags.template === undefined ? undefined : readExample(flags.template)
  const path = resolve(terminal.cwd, flags.out)
  const before = flags.out === '-' ? undefined : readIfThere(path)
  const facts = factsOf(flags, terminal, { template, before })
  const textOf = (situation: Situation) =>
    template === undefined ? renderFile(situation) : fillTemplate(template, situation)
  asker?.show('Enter takes what is proposed, Ctrl-C stops. Nothing is written before the end.\n')
  const { situation, problems } = await runInit(asker, facts, given)
  if (problems.length > 0) throw wrongFlags(problems)
  const paint = terminal.errPaint
  const preview = (current: Situation) =>
    before === undefined ? previewFile(textOf(current), paint) : previewDiff(before, textOf(current), paint)
  const exists = before !== undefined && !flags.force
  if (!asker && situation.look.sentence !== '') terminal.err(situation.look.sentence)
  const decided = asker ? await review(asker, situation, { preview, out: flags.out, exists }) : situation
  if (!decided) {
    terminal.err('Nothing was written.')
    return 1
  }
  const text = textOf(decided)
  await checkOwnWork(text)
  if (!asker && exists && before !== text) throw notOverwritten(flags.out, preview(decided), terminal)
  if (flags.out === '-') terminal.out(text.trimEnd())
  else keep(path, text, before, flags.out)
  report(decided, text, { flags, terminal, unchanged: before === text })
  return 0
}

function factsOf(
  flags: InitFlags,
  terminal: Terminal,
  files: { template: string | undefined; before: string | undefined },
): Facts {
  const { environment } = terminal
  const needs = files.template === undefined ? undefined : readTemplate(flags.template ?? '', files.template)
  // Ports that the file at hand names are the registry's own: not taken, even when somebody listens there.
  const own = new Set(
    [...(files.before ?? '').matchAll(/\bhttps?Port: *(\d+)/g)].map(([, port]) => Number(port)),
  )
  const usual = { privateImages: true, upstreams: usualRegistries, routing: 'ports' } as const
  const candidates = connectorsOf(usual, needs).flatMap(({ port }) => [port, port + 1, port + 2])
  const ports = [...new Set(candidates)].filter((port) => !own.has(port))
  const unseen = { server: undefined, sentence: '', busyPorts: new Set<number>() }
  return {
    // Without the credentials that may stand in it.
    defaultUrl: parseAddress(environment['NEXUS_URL'] || 'http://localhost:8081').base,
    proxy: offeredProxy(environment),
    template: needs,
    look: (url) => (flags.offline ? Promise.resolve(unseen) : lookAtServer(url, ports, terminal)),
  }
}

/** The examples are part of the package, beside the folder of the program that was started; it may have been through a link. */
function readExample(name: string): string {
  const program = realpathSync(process.argv[1] ?? '')
  return readFileSync(join(dirname(program), '..', 'examples', name, 'repos.yml'), 'utf8')
}

/** The file that is written is valid, whatever was answered: anything else is a mistake of this program. */
async function checkOwnWork(text: string): Promise<void> {
  const { problems } = await loadText(text)
  const [first] = problems
  if (first) throw new Error(`the answers give a file that is wrong: ${first.path}: ${first.message}`)
}

function notOverwritten(out: string, difference: string, terminal: Terminal): UserError {
  terminal.err(`${difference}\n`)
  return new UserError('file-exists', `${out} exists and says something else`, {
    hint: '--force replaces it, --out FILE writes another one',
  })
}

function keep(path: string, text: string, before: string | undefined, out: string): void {
  if (readIfThere(path) !== before)
    throw new UserError('file-changed', `${out} was changed by somebody else in the meantime`)
  if (before !== text) writeWhole(path, text)
}

function report(
  { answers, look, facts }: Situation,
  text: string,
  context: { flags: InitFlags; terminal: Terminal; unchanged: boolean },
): void {
  const { flags, terminal, unchanged } = context
  const missing = neededVariables(text).filter((name) => !terminal.environment[name])
  const { initialPassword } = answers
  const firstPassword = initialPassword && 'env' in initialPassword ? initialPassword.env : undefined
  const first = defaultNames.find((name) => existsSync(join(terminal.cwd, name)))
  const file = flags.out === '-' || flags.out === first ? undefined : flags.out
  const steps = nextSteps({ file, variables: missing, firstPassword })
  if (flags.output === 'json') {
    const { version, edition } = look.server ?? {}
    const template = facts.template?.name ?? null
    terminal.json({
      formatVersion,
      file: flags.out,
      written: !unchanged,
      template,
      server: { url: answers.url, version: version ?? null, edition: edition ?? null },
      answers,
      next: steps.map(({ command }) => command),
    })
    return
  }
  const say = flags.out === '-' ? terminal.err : terminal.out
  const out = terminal.clean(flags.out)
  const done = unchanged ? `${out} says all of that already` : `wrote ${out}`
  if (flags.out !== '-') say(`${terminal.paint.green('✓')} ${done}\n`)
  say(`Next:\n${renderSteps(terminal.clean(steps))}`)
}

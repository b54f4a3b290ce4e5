import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ExitCode, UserError } from '../core/errors.ts'
import { plain } from '../core/paint.ts'
import { type Asker, Interrupted } from '../init/asker.ts'
import { answerFlags, readFlags, wrongFlags } from '../init/flags.ts'
import { neededVariables, nextSteps } from '../init/next-steps.ts'
import { templateList, templates } from '../init/templates.ts'
import { formatVersion } from '../report/document.ts'
import { type ClientSteps, renderStepsAndNotes } from '../report/next-text.ts'
import { clientsOf } from '../run/init/clients-of.ts'
import { type Written, writeConfig } from '../run/init/write-config.ts'
import { defaultNames } from '../run/input/sources.ts'
import type { InitFlags } from '../run/options.ts'
import { withSignals } from '../run/signals.ts'
import { whyNotWritable } from '../run/write-whole.ts'
import type { Terminal } from '../ui/terminal.ts'

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
  return withSignals<ExitCode>(async (signal) => {
    // Between questions, and from outside; at a question Ctrl-C is a key.
    signal.addEventListener('abort', () => stop(terminal))
    try {
      const written = await writeConfig(given, flags, terminal, await askerFor(flags, terminal))
      if (written) report(written, flags, terminal)
      else terminal.err('Nothing was written.')
      return written ? 0 : 1
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      terminal.err('Nothing was written.')
      return 130
    }
  })
}

function stop(terminal: Terminal): never {
  // A list hides the cursor, and nobody else would bring it back.
  if (terminal.interactive) process.stderr.write(SHOW_CURSOR)
  terminal.err('\nNothing was written.')
  process.exit(130)
}

/** What is wrong with the flags that are no answers. */
function wrongPlaces({ template, from, out, output }: InitFlags, terminal: Terminal): string[] {
  const problems: string[] = []
  if (template !== undefined && !(template in templates))
    problems.push(
      `--template: "${template}" is not one of ${Object.keys(templates).join(', ')}; list shows them`,
    )
  if (template !== undefined && from !== undefined && from !== 'none')
    problems.push('--from: a template has its own answers; give one of the two')
  if (out === '-' && output === 'json')
    problems.push('--out: the file and the JSON would both go to standard output')
  if (out === '') problems.push('--out: the file name is empty')
  const reason = ['', '-'].includes(out) ? undefined : whyNotWritable(resolve(terminal.cwd, out))
  if (reason !== undefined) problems.push(`--out: cannot write ${out}: ${reason}`)
  return problems
}

async function askerFor({ yes }: InitFlags, terminal: Terminal): Promise<Asker | undefined> {
  if (yes) return undefined
  if (!terminal.interactive)
    throw new UserError('no-terminal', 'init asks questions, but there is no terminal', {
      hint: `Use --yes for the default answers; these flags give others: ${[...answerFlags, '--template', '--from', '--out'].join(' ')}`,
      exitCode: 3,
    })
  const { createPromptAsker } = await import('../ui/ask-prompts.ts')
  return createPromptAsker({ colours: terminal.errPaint !== plain, show: terminal.err })
}

function report({ situation, text, config, unchanged }: Written, flags: InitFlags, terminal: Terminal): void {
  const { answers, look, facts } = situation
  const missing = neededVariables(text).filter((name) => !terminal.environment[name])
  const { initialPassword } = answers
  const firstPassword = initialPassword && 'env' in initialPassword ? initialPassword.env : undefined
  const first = defaultNames.find((name) => existsSync(join(terminal.cwd, name)))
  const file = flags.out === '-' || flags.out === first ? undefined : flags.out
  const { steps: clients, notes } = clientsOf(config, answers.url)
  const template = facts.template?.name
  // The file of a template says itself what it is for.
  const front = template === undefined ? 'render nginx --out /etc/nginx/conf.d' : 'render'
  const render = config.sections['edge'] === undefined ? undefined : front
  const steps = nextSteps({
    file,
    variables: missing,
    firstPassword,
    render,
    clients,
  })
  if (flags.output === 'json') {
    const { version, edition } = look.server ?? {}
    terminal.json({
      formatVersion,
      file: flags.out,
      written: !unchanged,
      template: template ?? null,
      server: { url: answers.url, version: version ?? null, edition: edition ?? null },
      answers,
      next: steps.map(({ command }) => command),
    })
    return
  }
  sayNext(terminal.clean({ steps, notes }), { unchanged, out: terminal.clean(flags.out) }, terminal)
}

function sayNext(
  next: ClientSteps,
  { unchanged, out }: { unchanged: boolean; out: string },
  terminal: Terminal,
): void {
  if (out === '-') {
    terminal.err(renderStepsAndNotes(next, { columns: terminal.errColumns }), { whole: true })
    return
  }
  const done = unchanged ? `${out} already says all of that` : `wrote ${out}`
  terminal.out(`${terminal.paint.green('✓')} ${done}\n`)
  terminal.out(renderStepsAndNotes(next, { columns: terminal.columns }))
}

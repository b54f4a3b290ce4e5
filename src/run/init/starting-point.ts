import { resolve } from 'node:path'
import type { FileAnswers } from '../../init/answers.ts'
import type { Asker } from '../../init/asker.ts'
import { wrongFlags } from '../../init/flags.ts'
import { runInit } from '../../init/flow.ts'
import { answersOf, hasOwnComments, lostIn, readYaml } from '../../init/from-file.ts'
import { renderFile } from '../../init/render-file.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { InitFlags } from '../options.ts'
import { readIfThere, whyNotRead } from '../write-whole.ts'

/** More of what would be lost is counted. */
const mostNamed = 8

/**
 * The answers of the file that `--from` names, or of the one that is to be replaced, where the person wants to go on from it. What the wizard
 * has no question for would be lost: that is said first.
 */
export async function startingPoint(
  flags: InitFlags,
  before: string | undefined,
  terminal: Terminal,
  asker: Asker | undefined,
): Promise<FileAnswers> {
  const { from, template, out } = flags
  if (from === 'none' || template !== undefined) return {}
  if (from !== undefined) {
    const { answers, lost } = await carriedOver(textAt(from, terminal), from)
    const say = (text: string) => (asker ? asker.show(text) : terminal.err(text))
    if (lost !== undefined) say(terminal.clean(`${lost}.`))
    return answers
  }
  if (!asker || before === undefined || readYaml(before) === undefined) return {}
  const { answers, lost } = await carriedOver(before, out)
  if (lost !== undefined) asker.show(terminal.clean(`${lost}.`))
  const chosen = await asker.select({
    message: `${out} exists. Continue from its answers?`,
    choices: [
      { value: 'file', name: 'Yes, use its answers as defaults' },
      { value: 'usual', name: 'No, start over' },
    ],
    default: lost === undefined ? 'file' : 'usual',
  })
  return chosen === 'file' ? answers : {}
}

function textAt(path: string, terminal: Terminal): string {
  const whole = resolve(terminal.cwd, path)
  const reason = whyNotRead(whole)
  const text = reason === undefined ? readIfThere(whole) : undefined
  if (text === undefined)
    throw wrongFlags([`--from: cannot read ${path}: ${reason ?? 'there is no such file'}`])
  return text
}

/** The answers of a file, and a sentence for what they leave out. */
async function carriedOver(
  text: string,
  name: string,
): Promise<{ answers: FileAnswers; lost: string | undefined }> {
  const file = readYaml(text)
  if (!file) throw wrongFlags([`--from: ${name} is not readable YAML; nexus-docker validate says why`])
  const answers = answersOf(file)
  const unseen = { server: undefined, sentence: '', busyPorts: new Map<number, string>() }
  const { situation } = await runInit(undefined, {
    defaultUrl: 'http://localhost:8081',
    proxy: undefined,
    template: undefined,
    present: answers,
    look: () => Promise.resolve(unseen),
  })
  const fresh = renderFile(situation)
  const lost = lostIn(file, readYaml(fresh) ?? {})
  const all = hasOwnComments(text, fresh) ? ['its comments', ...lost] : lost
  return {
    answers,
    lost:
      all.length === 0
        ? undefined
        : `${name} contains parts that no question covers, which would be lost: ${listOf(all)}`,
  }
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ')
  return names.length > mostNamed ? `${shown} and ${names.length - mostNamed} more` : shown
}

import { Writable } from 'node:stream'
import { checkbox, confirm, input, select } from '@inquirer/prompts'
import { foldTo } from '../core/display-width.ts'
import { printable } from '../core/printable.ts'
import { type Asker, type Choice, Interrupted } from '../init/asker.ts'

interface Context {
  output: NodeJS.WritableStream
  signal: AbortSignal
}

type Prompt<Question, T> = (question: Question, context: Context) => Promise<T>

/** Asks a person at the terminal, on standard error: standard output holds data alone. `show` prints what is told between questions. */
export function createPromptAsker(options: { colours: boolean; show: Asker['show'] }): Asker {
  // The library ends what it writes to after each question, unless it is the terminal itself.
  const output = () => (options.colours ? process.stderr : withoutColours(process.stderr))
  const ask = <Question extends { message: string }, T>(
    prompt: Prompt<Question, T>,
    question: () => Question,
    redraw = redrawText,
  ) => {
    const shown = (asked: Question) => ({ ...asked, message: folded(printable(asked.message)) })
    return answerOf((context) => prompt(shown(question()), context), output(), redraw)
  }
  return {
    select: ({ message, choices, default: proposed }) =>
      ask(
        select<string>,
        () => ({
          message,
          choices: choices.map(shownChoice),
          default: proposed,
          pageSize: roomForList(),
        }),
        redrawList,
      ),
    checkbox: ({ message, choices, checked, required }) =>
      ask(
        checkbox<string>,
        () => ({
          message,
          choices: choices.map((choice) => ({
            ...shownChoice(choice),
            // Several in one line, once they are chosen.
            short: printable(choice.value),
            checked: checked.includes(choice.value),
          })),
          required,
          pageSize: roomForList(),
        }),
        redrawList,
      ),
    input: ({ message, default: proposed, problem }) =>
      ask(input, () => ({
        message,
        ...(isPrintable(proposed) && { default: proposed }),
        validate: (text) => sentenceOf(problem(text)) ?? true,
      })),
    confirm: (question) => ask(confirm, () => question),
    show: options.show,
  }
}

function shownChoice<T extends Choice>(choice: T): T {
  const { name, description } = choice
  return {
    ...choice,
    name: printable(name),
    ...(description !== undefined && { description: folded(printable(description)) }),
  }
}

/** What cannot be shown as it is (from the environment) is not proposed: Enter would take something else than one sees. */
function isPrintable(text: string | undefined): text is string {
  return text !== undefined && printable(text) === text
}

function sentenceOf(problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : folded(printable(problem))
}

/** Broken at words: the library breaks where the line ends. It puts a mark of two columns in front, and the cursor behind. */
function folded(text: string): string {
  return foldTo(text, Math.max(process.stderr.columns - 4, 0))
}

/** As many lines of a list as the terminal has room for beside the question and the help below: a narrow one breaks lines. */
function roomForList(): number {
  return Math.max(3, process.stderr.rows - 6)
}

/**
 * Ctrl-C, Ctrl-D and a terminal that is gone end the conversation. The library settles nothing after the last two: it only stops
 * reading. It does so after Ctrl-Z and fg as well, where the question is asked again.
 */
async function answerOf<T>(
  start: (context: Context) => Promise<T>,
  output: NodeJS.WritableStream,
  redraw: () => void,
): Promise<T> {
  const gone = new AbortController()
  const job = { continuing: false, asksAgain: false }
  const onContinue = () => {
    job.continuing = true
    setImmediate(() => {
      job.continuing = false
    })
  }
  const end = () => {
    job.asksAgain = job.continuing
    gone.abort()
  }
  const { stdin } = process
  const stopFitting = fitToWidth(redraw)
  process.on('SIGCONT', onContinue)
  stdin.prependListener('keypress', showCursorBeforeStop)
  stdin.once('end', end)
  stdin.once('pause', end)
  try {
    return await start({ output, signal: gone.signal })
  } catch (error) {
    if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name))
      throw error
    if (!job.asksAgain) throw new Interrupted()
  } finally {
    stopFitting()
    process.off('SIGCONT', onContinue)
    stdin.off('keypress', showCursorBeforeStop)
    stdin.off('end', end)
    stdin.off('pause', end)
  }
  return answerOf(start, output, redraw)
}

interface Key {
  name?: string
  ctrl?: boolean
}

/** Lists hide the cursor. Whoever stops the program with Ctrl-Z gets a shell, which needs one. */
function showCursorBeforeStop(_text: string | undefined, { name, ctrl }: Key): void {
  if (ctrl && name === 'z') process.stderr.write(SHOW_CURSOR)
}

/**
 * Draws a question anew when the terminal gets another width. What was drawn has been wrapped anew by most terminals and by others not, so
 * nobody knows how many lines it takes: the screen is cleared.
 */
function fitToWidth(redraw: () => void): () => void {
  let width = process.stderr.columns
  const fit = () => {
    const { columns } = process.stderr
    if (columns === width || columns === 0) return
    width = columns
    process.stderr.write(CLEAR_SCREEN)
    redraw()
  }
  process.stderr.on('resize', fit)
  return () => process.stderr.off('resize', fit)
}

const SHOW_CURSOR = '\u001B[?25h'
const CLEAR_SCREEN = '\u001B[H\u001B[2J'

// The library draws when something has changed: these keys do that, and take it back.
const redrawList = () => press(['', 'up'], ['', 'down'])
const redrawText = () => press([' ', 'space'], ['\u007F', 'backspace'])

function press(...keys: [sequence: string, name: string][]): void {
  for (const [sequence, name] of keys)
    process.stdin.emit('keypress', sequence, { sequence, name, ctrl: false, meta: false, shift: false })
}

/** The library colours whatever it is told, so colours are taken out behind it. */
function withoutColours(terminal: NodeJS.WriteStream): NodeJS.WritableStream {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  const colour = /\u001b\[[\d;]*m/g
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      terminal.write(chunk.toString().replaceAll(colour, ''), done)
    },
  })
  // What the library asks of a terminal to know where lines wrap.
  return Object.defineProperties(stream, {
    isTTY: { value: true },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
  })
}

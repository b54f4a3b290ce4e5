import { setTimeout as sleep } from 'node:timers/promises'
import { screenOf } from './screen.ts'
import { startInTerminal, type TerminalOptions, type TerminalSession } from './terminal.ts'

/** A text to wait for, and the keys to press then. */
export type Press = readonly [text: string, keys: string]

export const enter = '\r'
export const down = '\u001B[B'
export const controlC = '\u0003'
export const controlD = '\u0004'

export interface Conversation {
  code: number | null
  raw: string
  /** What the terminal showed at the end, what has scrolled away included. */
  screen: string
  /** How many keys were pressed. */
  keys: number
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is how they begin
const controls = /\u001B\[\??[\d;]*[A-Za-z]/g

/** Without what depends on the width of the terminal: line breaks, and the spaces that they replace. */
function flat(text: string): string {
  return text.replaceAll(controls, '').replaceAll(/\s/g, '')
}

/** Runs the CLI in a terminal and presses keys when a text appears that was not there at the press before. */
export async function converseAtTerminal(
  args: readonly string[],
  presses: readonly Press[],
  options: TerminalOptions = {},
): Promise<Conversation> {
  const session = startInTerminal(args, options)
  const columns = options.columns ?? 80
  let from = 0
  let keys = 0
  for (const [text, pressed] of presses) {
    from = await shownAfter(session, flat(text), from, columns)
    keys += pressed.replaceAll(down, '↓').length
    session.type(pressed)
  }
  const code = await session.ended
  return { code, raw: session.raw(), screen: screenOf(session.raw(), columns), keys }
}

/** The place behind a text that appears from `from` on. When it does not, the conversation ends. */
async function shownAfter(
  session: TerminalSession,
  text: string,
  from: number,
  columns: number,
): Promise<number> {
  const end = new AbortController()
  void session.ended.then(() => {
    end.abort()
  })
  const start = performance.now()
  while (performance.now() - start < 120_000 && !end.signal.aborted) {
    const at = flat(session.raw()).indexOf(text, from)
    if (at >= 0) return at + text.length
    await sleep(10)
  }
  session.type(controlC)
  await session.ended
  throw new Error(`never shown: ${text}\n${screenOf(session.raw(), columns)}`)
}

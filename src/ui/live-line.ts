import { displayWidth } from '../core/display-width.ts'
import { type Paint, plain } from '../core/paint.ts'

/** The last line of a terminal, which is redrawn in place, and what is printed above it. */
export interface LiveLine {
  /** Shows what `view` says, redrawn a few times a second. `view` is told how many columns there are for it. */
  show: (view: (columns: number) => string) => void
  /** Prints a line above. While the live line is there, lines are collected and written together, so that nothing flickers. */
  print: (text: string) => void
  /** Writes out what is collected, before something else is written to the same terminal. */
  flush: () => void
  /** Takes the line away and shows the cursor again. */
  hide: () => void
}

/** How often text changes; the spinner turns as often. */
const TICK_MS = 100

const SPINNER_COLUMNS = 2

/** The spinner and the space behind it, and room for the `^C` that a terminal writes behind the line: it must not break it. */
const RESERVED_COLUMNS = SPINNER_COLUMNS + 3

/** ora draws: one line, synchronized output, and whatever else is written to the terminal goes above it. It is loaded with the first line. */
export function createLiveLine(stream: NodeJS.WriteStream, paint: Paint): LiveLine {
  let view: ((columns: number) => string) | undefined
  let spinner: import('ora').Ora | undefined
  let ticking: NodeJS.Timeout | undefined
  let collected: string[] = []
  let shown = ''

  const columns = () => Math.max(1, (stream.columns || 80) - RESERVED_COLUMNS)
  const flush = () => {
    if (collected.length === 0) return
    const text = collected.join('\n')
    collected = []
    stream.write(`${text}\n`)
  }
  const tick = () => {
    if (!spinner || !view) return
    shown = view(columns())
    spinner.text = shown
    flush()
  }
  const onResize = () => {
    // A terminal that became narrower has broken the line into several; ora knows of one.
    const extra = Math.ceil((displayWidth(shown) + SPINNER_COLUMNS) / Math.max(1, stream.columns)) - 1
    if (spinner && extra > 0) stream.write(`\u001B[${extra}A\u001B[J\r`)
    tick()
  }
  const start = async () => {
    const { default: ora } = await import('ora')
    if (!view || spinner) return
    shown = view(columns())
    const color = paint === plain ? false : 'cyan'
    // Standard input is left alone: a question may follow, and Ctrl-C has to stay a signal.
    const options = {
      stream,
      text: shown,
      color,
      interval: TICK_MS,
      discardStdin: false,
      isEnabled: true,
    } as const
    spinner = ora(options).start()
    ticking = setInterval(tick, TICK_MS)
    stream.on('resize', onResize)
    process.on('exit', hide)
  }
  const hide = () => {
    view = undefined
    if (!spinner) return
    clearInterval(ticking)
    stream.off('resize', onResize)
    process.off('exit', hide)
    spinner.stop()
    spinner = undefined
    flush()
  }
  return {
    show(next) {
      const first = view === undefined
      view = next
      if (first) void start()
    },
    print(text) {
      if (!spinner) stream.write(`${text}\n`)
      else collected.push(text)
    },
    flush,
    hide,
  }
}

import { displayWidth } from '../core/display-width.ts'
import { type Paint, plain } from '../core/paint.ts'

type View = (columns: number) => string

/** How often text changes; the spinner turns as often. */
const TICK_MS = 100

const SPINNER_COLUMNS = 2

/** The spinner and the space behind it, and room for the `^C` that a terminal writes behind the line: it must not break it. */
const RESERVED_COLUMNS = SPINNER_COLUMNS + 3

/**
 * The last line of a terminal, which is redrawn in place, and what is printed above it. ora draws: one line, synchronized output, and
 * whatever else is written to the terminal goes above it. It is loaded with the first line.
 */
export class LiveLine {
  readonly #stream: NodeJS.WriteStream
  readonly #color: 'cyan' | false
  #view: View | undefined
  #spinner: import('ora').Ora | undefined
  #ticking: NodeJS.Timeout | undefined
  #collected: string[] = []
  #shown = ''

  constructor(stream: NodeJS.WriteStream, paint: Paint) {
    this.#stream = stream
    this.#color = paint === plain ? false : 'cyan'
  }

  /** Shows what `view` says, redrawn a few times a second. `view` is told how many columns there are for it. */
  show(view: View): void {
    const isFirst = this.#view === undefined
    this.#view = view
    if (isFirst) void this.#start()
  }

  /** Prints a line above. While the live line is there, lines are collected and written together, so that nothing flickers. */
  print(text: string): void {
    if (this.#spinner) this.#collected.push(text)
    else this.#stream.write(`${text}\n`)
  }

  /** Writes out what is collected, before something else is written to the same terminal. */
  flush(): void {
    if (this.#collected.length === 0) return
    const text = this.#collected.join('\n')
    this.#collected = []
    this.#stream.write(`${text}\n`)
  }

  /** Takes the line away and shows the cursor again. */
  readonly hide = (): void => {
    this.#view = undefined
    if (!this.#spinner) return
    clearInterval(this.#ticking)
    this.#stream.off('resize', this.#onResize)
    process.off('SIGTSTP', this.#onSuspend)
    process.off('exit', this.hide)
    this.#spinner.stop()
    this.#spinner = undefined
    this.flush()
  }

  /**
   * Ctrl-Z: the shell gets a clean line and its cursor. The signal is sent once more, to stop what has no listener any more; what comes
   * after that runs when the program is continued, and not before it has stopped.
   */
  readonly #onSuspend = (): void => {
    const view = this.#view
    this.hide()
    setTimeout(() => {
      if (view && !this.#view) this.show(view)
    }, TICK_MS)
    process.kill(process.pid, 'SIGTSTP')
  }

  async #start(): Promise<void> {
    const { default: ora } = await import('ora')
    if (!this.#view || this.#spinner || !this.#hasWidth()) return
    this.#shown = this.#view(this.#columns())
    this.#spinner = ora({
      stream: this.#stream,
      text: this.#shown,
      color: this.#color,
      interval: TICK_MS,
      // Standard input is left alone: a question may follow, and Ctrl-C has to stay a signal.
      discardStdin: false,
      isEnabled: true,
    }).start()
    this.#ticking = setInterval(this.#tick, TICK_MS)
    this.#stream.on('resize', this.#onResize)
    process.on('SIGTSTP', this.#onSuspend)
    process.on('exit', this.hide)
  }

  readonly #tick = (): void => {
    if (!this.#spinner || !this.#view) return
    this.#shown = this.#view(this.#columns())
    this.#spinner.text = this.#shown
    this.flush()
  }

  readonly #onResize = (): void => {
    if (!this.#hasWidth()) {
      this.hide()
      return
    }
    // A terminal that became narrower has broken the line into several; ora knows of one.
    const width = displayWidth(this.#shown) + SPINNER_COLUMNS
    const extra = Math.ceil(width / this.#stream.columns) - 1
    if (extra > 0) this.#stream.write(`\u001B[${extra}A\u001B[J\r`)
    this.#tick()
  }

  /** A terminal may say that it has none, and ora would count its lines for ever. */
  #hasWidth(): boolean {
    return this.#stream.columns > 0
  }

  #columns(): number {
    return Math.max(1, this.#stream.columns - RESERVED_COLUMNS)
  }
}

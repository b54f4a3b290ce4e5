import { readStream } from '../config/sources/read-bounded.ts'
import { cleaned, withoutSecrets } from '../core/clean.ts'
import { foldTo } from '../core/display-width.ts'
import { UserError } from '../core/errors.ts'
import { type Paint, plain } from '../core/paint.ts'
import { harmlessLines, printableJson } from '../core/printable.ts'
import { createRedactor, type Redactor } from '../core/secrets/redact.ts'
import { cleanEvent } from '../report/clean-event.ts'
import { formatVersion } from '../report/document.ts'
import { paintFor } from './colors.ts'
import { LiveLine } from './live-line.ts'
import { createEventProgress, createLiveProgress, createPlainProgress, type Progress } from './progress.ts'

/**
 * Everything that a command says and hears. What others wrote (a server, a file, the command line) is cleaned as data before it becomes
 * part of a text: `clean`. That finished texts are looked at once more is a net below that.
 */
export interface Terminal {
  /** Data, to standard output, with a line break added. */
  out: (text: string) => void
  /** A text that a file or another program takes, to standard output: as it is, but at a terminal like all else. */
  file: (text: string) => void
  /** The same data as it may be shown: without secrets, each text fit for one line. */
  clean: <T>(data: T) => T
  /** A document, to standard output, on one line; without secrets. */
  json: (document: unknown) => void
  /** A document of a stream of events: like `json`, with version, time and type. */
  event: (type: string, document: object) => void
  /**
   * Errors and notes, to standard error, with a line break added. At a terminal long lines break at words, but for what is `whole`: commands
   * and files, which are copied.
   */
  err: (text: string, how?: { whole?: boolean }) => void
  /** A workflow command of GitHub, to standard error: no other line there begins like one. */
  command: (line: string) => void
  /** What goes on: a live line, lines of a log, or events, as the terminal and `-o` are. */
  report: Progress
  paint: Paint
  errPaint: Paint
  /** Standard output is a terminal: what goes there is seen. */
  outIsTerminal: boolean
  /** Width of standard output, where it is a terminal; the log of CI is read elsewhere, and has none. */
  columns: number | undefined
  /** Width of standard error, where it is a terminal. */
  errColumns: number | undefined
  /** A person sits in front: questions may be asked. */
  interactive: boolean
  environment: Record<string, string | undefined>
  cwd: string
  redactor: Redactor
  /** The whole of standard input; rejects with TooLarge above the limit, and with EALREADY where it has been read. */
  stdin: (limitBytes: number) => Promise<Uint8Array>
  /** Aborted when whoever read standard output has gone. */
  unread: AbortSignal
}

/** The terminal that this process has. `events`: progress is data (`-o ndjson`). */
export async function createTerminal({ events }: { events: boolean }): Promise<Terminal> {
  const { stdin, stdout, stderr, env } = process
  const redactor = createRedactor()
  const inCi = Boolean(env['CI'])
  const unread = new AbortController()
  // What else can be wrong with the streams is told by cli.ts.
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => code === 'EPIPE' && unread.abort())
  const [paint, errPaint] = await Promise.all([paintFor(stdout.isTTY, env), paintFor(stderr.isTTY, env)])
  // Some pseudo-terminals have no width: what is drawn there cannot be taken back.
  const isLive = stderr.isTTY && !inCi && env['TERM'] !== 'dumb' && stderr.columns > 0
  const line = isLive ? new LiveLine(stderr, errPaint) : undefined
  const print = (text: string) => {
    if (line) line.print(text)
    else stderr.write(`${text}\n`)
  }
  const net = (text: string, { of }: { of: Paint }) =>
    harmlessLines(redactor.redact(text), { colours: of !== plain })
  // Asked each time: a window changes.
  const foldedForErr = (text: string) => (inCi ? text : foldTo(text, columnsOf(stderr) ?? 0))
  const err: Terminal['err'] = (text, { whole = false } = {}) => {
    const clean = net(text, { of: errPaint })
    print(whole ? clean : foldedForErr(clean))
  }
  const write = (text: string) => {
    line?.flush()
    stdout.write(`${text}\n`)
  }
  const json = (document: unknown) => write(printableJson(withoutSecrets(document, redactor)))
  const event: Terminal['event'] = (type, document) =>
    json({ formatVersion, time: new Date().toISOString(), type, ...document })
  const clean: Terminal['clean'] = (data) => cleaned(data, redactor)
  const progress = (): Progress => {
    if (events) return createEventProgress(({ type, ...document }) => event(type, document))
    const show = line ? createLiveProgress(line, err, errPaint) : createPlainProgress(err, errPaint)
    return (happened) => show(cleanEvent(happened, clean))
  }
  return {
    out: (text) => write(net(text, { of: paint })),
    file: (text) => {
      stdout.write(stdout.isTTY ? net(text, { of: plain }) : text)
    },
    clean,
    json,
    event,
    err,
    command: (text) => print(redactor.redact(text)),
    report: progress(),
    outIsTerminal: stdout.isTTY,
    columns: inCi ? undefined : columnsOf(stdout),
    errColumns: inCi ? undefined : columnsOf(stderr),
    paint: stdout.isTTY || env['FORCE_COLOR'] ? paint : plain,
    errPaint,
    interactive: stdin.isTTY && stderr.isTTY && !inCi,
    environment: env,
    get cwd() {
      return workingDirectory()
    },
    redactor,
    stdin: (limitBytes) => readStream(stdin, limitBytes),
    unread: unread.signal,
  }
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    throw new UserError('no-working-directory', 'the working directory no longer exists', {
      hint: 'Change to a directory that exists, and run the command again.',
    })
  }
}

function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns > 0 ? columns : undefined
}

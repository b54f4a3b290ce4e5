import { readStream } from '../../config/read-bounded.ts'
import { UserError } from '../../core/errors.ts'
import { type Paint, plain } from '../../core/paint.ts'
import { createRedactor, type Redactor } from '../../core/redact.ts'
import { formatVersion } from '../../render/document.ts'
import { paintFor } from '../../ui/colors.ts'
import { createLiveLine } from '../../ui/live-line.ts'
import {
  createEventProgress,
  createLiveProgress,
  createPlainProgress,
  type Progress,
} from '../../ui/progress.ts'

/** Everything that a command says and hears. Whatever is said passes through the redactor. */
export interface Terminal {
  /** Data, to standard output, with a line break added. */
  out: (text: string) => void
  /** A document, to standard output, on one line. */
  json: (document: unknown) => void
  /** A document of a stream of events: like `json`, with version, time and type. */
  event: (type: string, document: object) => void
  /** Errors and notes, to standard error, with a line break added. */
  err: (text: string) => void
  /** What goes on: a live line, lines of a log, or events, as the terminal and `-o` are. */
  report: Progress
  paint: Paint
  errPaint: Paint
  /** Standard output is a terminal: what goes there is seen. */
  outIsTerminal: boolean
  /** Width of standard output, where it is a terminal. */
  columns: number | undefined
  /** A person sits in front: questions may be asked. */
  interactive: boolean
  environment: Record<string, string | undefined>
  cwd: string
  redactor: Redactor
  /** The whole of standard input; rejects with TooLarge above the limit. */
  stdin: (limitBytes: number, signal?: AbortSignal) => Promise<Uint8Array>
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
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') unread.abort()
  })
  const [paint, errPaint] = await Promise.all([paintFor(stdout.isTTY, env), paintFor(stderr.isTTY, env)])
  // Some pseudo-terminals have no width: what is drawn there cannot be taken back.
  const isLive = stderr.isTTY && !inCi && env['TERM'] !== 'dumb' && stderr.columns > 0
  const line = isLive ? createLiveLine(stderr, errPaint) : undefined
  const err = (text: string) => {
    const redacted = redactor.redact(text)
    if (line) line.print(redacted)
    else stderr.write(`${redacted}\n`)
  }
  const out = (text: string) => {
    line?.flush()
    stdout.write(`${text}\n`)
  }
  const json = (document: unknown) => out(JSON.stringify(document, redactedBy(redactor)))
  const event: Terminal['event'] = (type, document) =>
    json({ formatVersion, time: new Date().toISOString(), type, ...document })
  const progress = () => {
    if (events) return createEventProgress(({ type, ...document }) => event(type, document))
    if (line) return createLiveProgress(line, errPaint, (text) => redactor.redact(text))
    return createPlainProgress(err, errPaint)
  }
  return {
    out: (text) => out(redactor.redact(text)),
    json,
    event,
    err,
    report: progress(),
    outIsTerminal: stdout.isTTY,
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    paint: stdout.isTTY || env['FORCE_COLOR'] ? paint : plain,
    errPaint,
    interactive: stdin.isTTY && stderr.isTTY && !inCi,
    environment: env,
    get cwd() {
      return workingDirectory()
    },
    redactor,
    stdin: (limitBytes, signal) => readStream(process.stdin, limitBytes, signal),
    unread: unread.signal,
  }
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    throw new UserError('no-working-directory', 'the working directory is not there any more', {
      hint: 'change to one that is there, and run the command again',
    })
  }
}

/** Words of our own, which scripts rely on: they stay even where somebody's password is `docker`. */
const vocabulary = new Set([
  'action',
  'kind',
  'label',
  'id',
  'code',
  'severity',
  'version',
  'edition',
  'type',
  'time',
])

/** A document is redacted text by text, so that it stays JSON whatever a secret looks like. */
function redactedBy(redactor: Redactor): (key: string, value: unknown) => unknown {
  return (key, value) => (typeof value === 'string' && !vocabulary.has(key) ? redactor.redact(value) : value)
}

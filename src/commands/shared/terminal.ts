import { type Paint, plain } from '../../core/paint.ts'
import { createRedactor, type Redactor } from '../../core/redact.ts'
import { paintFor } from '../../ui/colors.ts'

/** Everything that a command says and hears. Whatever is said passes through the redactor. */
export interface Terminal {
  /** Data, to standard output, with a line break added. */
  out: (text: string) => void
  /** A document, to standard output, on one line. */
  json: (document: unknown) => void
  /** Progress and errors, to standard error, with a line break added. */
  err: (text: string) => void
  paint: Paint
  errPaint: Paint
  /** A person sits in front: questions may be asked. */
  interactive: boolean
  /** Standard error is a terminal: live progress makes sense. */
  live: boolean
  environment: Record<string, string | undefined>
  cwd: string
  redactor: Redactor
  stdin: () => Promise<Uint8Array>
}

export async function createTerminal(): Promise<Terminal> {
  const { stdin, stdout, stderr, env } = process
  const redactor = createRedactor()
  const inCi = Boolean(env['CI'])
  for (const stream of [stdout, stderr]) stream.on('error', endQuietlyOnClosedPipe)
  const [paint, errPaint] = await Promise.all([paintFor(stdout.isTTY, env), paintFor(stderr.isTTY, env)])
  return {
    out: (text) => stdout.write(`${redactor.redact(text)}\n`),
    json: (document) => stdout.write(`${JSON.stringify(document, redactedBy(redactor))}\n`),
    err: (text) => stderr.write(`${redactor.redact(text)}\n`),
    paint: stdout.isTTY || env['FORCE_COLOR'] ? paint : plain,
    errPaint,
    interactive: stdin.isTTY && stderr.isTTY && !inCi,
    live: stderr.isTTY && !inCi,
    environment: env,
    cwd: process.cwd(),
    redactor,
    stdin: readAll,
  }
}

/** Words of our own, which scripts rely on: they stay even where somebody's password is `docker`. */
const vocabulary = new Set(['action', 'kind', 'label', 'id', 'code', 'severity', 'version', 'edition'])

/** A document is redacted text by text, so that it stays JSON whatever a secret looks like. */
function redactedBy(redactor: Redactor): (key: string, value: unknown) => unknown {
  return (key, value) => (typeof value === 'string' && !vocabulary.has(key) ? redactor.redact(value) : value)
}

/** `plan | head` closes the pipe early; that is no error of ours. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

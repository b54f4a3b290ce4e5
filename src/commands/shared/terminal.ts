import { type Paint, plain } from '../../core/paint.ts'
import { createRedactor, type Redactor } from '../../core/redact.ts'
import { paintFor } from '../../ui/colors.ts'

/** Everything that a command says and hears. Whatever is said passes through the redactor. */
export interface Terminal {
  /** Data, to standard output, with a line break added. */
  out(text: string): void
  /** Progress and errors, to standard error, with a line break added. */
  err(text: string): void
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
  const [paint, errPaint] = await Promise.all([paintFor(stdout.isTTY, env), paintFor(stderr.isTTY, env)])
  return {
    out: (text) => stdout.write(`${redactor.redact(text)}\n`),
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

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

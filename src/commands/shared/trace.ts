import type { RequestEvent } from '../../nexus/client.ts'
import type { ConnectionFlags } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `--verbose`: a line a request. `--debug`: bodies too. Credentials are in neither: headers are not shown. */
export function traceRequest(event: RequestEvent, flags: ConnectionFlags, terminal: Terminal): void {
  const { method, path, status, milliseconds, attempt, error } = event
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  terminal.err(
    terminal.errPaint.dim(
      `${method} ${path} ${status ?? error ?? ''} ${Math.round(milliseconds)} ms${again}`,
    ),
  )
  if (!flags.debug) return
  if (event.requestBody !== undefined)
    terminal.err(terminal.errPaint.dim(`  > ${shorten(event.requestBody)}`))
  if (event.responseBody !== undefined)
    terminal.err(terminal.errPaint.dim(`  < ${shorten(event.responseBody)}`))
}

function shorten(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters)` : text
}

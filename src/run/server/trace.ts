import { cleaned, maskedText } from '../../core/clean.ts'
import { printable, printableJson } from '../../core/printable.ts'
import { MASK, type Redactor } from '../../core/secrets/redact.ts'
import { namesSecret } from '../../core/secrets/secret-words.ts'
import type { RequestEvent } from '../../http/options.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { ConnectionFlags } from '../options.ts'

/** `--verbose`: a line a request. `--debug`: bodies too. Credentials are in neither: headers are not shown. */
export function traceRequest(event: RequestEvent, flags: ConnectionFlags, terminal: Terminal): void {
  const { method, path, status, milliseconds, attempt, error, requestBody, responseBody } = event
  const { redactor, errPaint, err } = terminal
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  const target = cleaned(withoutSecretQueries(path), redactor)
  const outcome = status ?? cleaned(error ?? '', redactor)
  err(errPaint.dim(`${method} ${target} ${outcome} ${Math.round(milliseconds)} ms${again}`))
  if (!flags.debug) return
  // A request that is no JSON is a new password.
  const sent = typeof requestBody === 'string' ? MASK : requestBody
  if (sent !== undefined) err(errPaint.dim(`  > ${shown(sent, redactor)}`))
  if (responseBody !== undefined) err(errPaint.dim(`  < ${shown(responseBody, redactor)}`))
}

function withoutSecretQueries(path: string): string {
  return path.replace(/([?&])([^=&#]*)=[^&#]*/g, (written, before: string, name: string) =>
    namesSecret(name) ? `${before}${name}=${MASK}` : written,
  )
}

const SHOWN = 2000
/** A longer text is not looked at: nobody reads it in a trace. */
const LOOKED_AT = 65_536
/** Nesting that no body of Nexus has. */
const DEEPEST = 100
const LEFT_OUT = '…'

/** A body on one line: masked as data, then shortened. */
function shown(body: unknown, redactor: Redactor): string {
  const masked = maskedBody(body, redactor)
  const text = typeof masked === 'string' ? printable(masked) : printableJson(masked)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}${LEFT_OUT} (shortened)` : text
}

/** A copy without secrets, and without what would not be shown: a server may answer megabytes. */
function maskedBody(body: unknown, redactor: Redactor): unknown {
  let room = 2 * SHOWN
  return masking(body, '', 0)

  /** `field` is the name that the value stands under; inside of a secret it is that of the secret. */
  function masking(value: unknown, field: string, depth: number): unknown {
    room -= field.length + 2
    if (room <= 0 || depth > DEEPEST) return LEFT_OUT
    if (Array.isArray(value)) return whileRoom(value, (item: unknown) => masking(item, field, depth + 1))
    if (typeof value !== 'object' || value === null) return scalar(value, field)
    const entries = whileRoom(Object.entries(value), ([key, item]: [string, unknown]) => [
      redactor.redact(key),
      masking(item, namesSecret(field) ? field : key, depth + 1),
    ])
    return Object.fromEntries(entries as [string, unknown][])
  }

  function scalar(value: unknown, field: string): unknown {
    if (typeof value === 'number') return isSecretNumber(field) ? MASK : value
    if (typeof value !== 'string') return value
    const isSecret = redactor.isSecret(value) || (value !== '' && namesSecret(field))
    const text = isSecret ? MASK : value.length > LOOKED_AT ? LEFT_OUT : maskedText(value, redactor)
    room -= text.length
    return text
  }

  function whileRoom<T, R>(items: readonly T[], change: (item: T) => R): R[] {
    const result: R[] = []
    for (const item of items) {
      if (room <= 0) break
      result.push(change(item))
    }
    return result
  }
}

/** `password: 12345` is one, `passwordExpirationDays: 30` is none. */
function isSecretNumber(name: string): boolean {
  return namesSecret(name) && /(password|passphrase|secret|token|key|pin)$/i.test(name)
}

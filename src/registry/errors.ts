import { type ExitCode, UserError } from '../core/errors.ts'
import { parseObject } from '../core/json.ts'
import { printable } from '../core/printable.ts'
import type { FailureKind } from '../http/failure.ts'
import type { Answer } from '../http/message.ts'
import { brief } from '../http/sentence.ts'

/** One entry of an error body: OCI distribution-spec 1.1, "Error Codes". */
export interface ErrorEntry {
  /** `MANIFEST_UNKNOWN`; empty where the registry gives none. */
  code: string
  message: string
  /** As text, JSON where it was no text. */
  detail: string
}

/** A registry has refused, failed or not answered. Decide by `code`, `status`, `errors[].code` and `kind`, never by the sentence. */
export class RegistryError extends UserError {
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined
  readonly errors: readonly ErrorEntry[]
  /** What was asked; the values of the query are masked. */
  readonly request: { method: string; url: string } | undefined
  /** Those that say more: `www-authenticate`, `location`, `retry-after`, `ratelimit-*`, `server`, … */
  readonly headers: Readonly<Record<string, string>>
  /** Why there was no answer. */
  readonly kind: FailureKind | undefined

  constructor(
    code: string,
    message: string,
    options: Partial<Pick<RegistryError, 'status' | 'errors' | 'request' | 'headers' | 'kind'>> & {
      hint?: string | undefined
      exitCode?: ExitCode
    } = {},
  ) {
    super(code, message, { hint: options.hint, exitCode: options.exitCode ?? 4 })
    this.name = 'RegistryError'
    this.status = options.status
    this.errors = options.errors ?? []
    this.request = options.request
    this.headers = options.headers ?? {}
    this.kind = options.kind
  }
}

const OF_INTEREST =
  /^(www-authenticate|location|retry-after|(x-)?ratelimit-.*|server|content-type|docker-.*|oci-.*|warning)$/

/** Bounded, and fit for one line. */
function headersOfInterest(headers: Answer['headers']): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => OF_INTEREST.test(name))
  return Object.fromEntries(found.map(([name, value = '']) => [name, printable(brief(value, 2000))]))
}

const MOST_ENTRIES = 10

/** What an error body says; nothing where it is not of the registry's form. */
export function readErrors(text: string): ErrorEntry[] {
  const entries = parseObject(text)?.['errors']
  if (!Array.isArray(entries)) return []
  return entries.slice(0, MOST_ENTRIES).map((entry: unknown) => {
    const { code, message, detail } = (entry ?? {}) as Partial<Record<keyof ErrorEntry, unknown>>
    return { code: textOf(code), message: textOf(message), detail: textOf(detail) }
  })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return printable(brief(typeof value === 'string' ? value : JSON.stringify(value), 300))
}

/** Whoever wrote the body: `MANIFEST_UNKNOWN: manifest unknown`. */
function inWords(errors: readonly ErrorEntry[]): string {
  return errors
    .map(({ code, message, detail }) => [code, message, detail].filter((part) => part !== '').join(': '))
    .join('; ')
}

const BY_STATUS: Readonly<Record<number, readonly [code: string, reason: string, exitCode: ExitCode]>> = {
  401: ['unauthorized', 'the registry wants other credentials', 4],
  403: ['denied', 'the registry does not allow it', 4],
  404: ['not-found', 'the registry does not have it', 1],
  405: ['not-offered', 'the registry does not offer it', 1],
  413: ['too-large', 'it is too large for the registry, or for what is in front of it', 1],
  429: ['too-many-requests', 'the registry has had too many requests', 4],
}

/** An answer that is not what was asked for. `text` has been redacted. */
export function refused(
  what: string,
  request: NonNullable<RegistryError['request']>,
  { status, headers, text }: Pick<Answer, 'status' | 'headers' | 'text'>,
): RegistryError {
  const failed = ['registry-failed', 'the registry failed', 4] as const
  const other = ['registry-refused', 'the registry refuses it', 1] as const
  const [code, reason, exitCode] = BY_STATUS[status] ?? (status >= 500 ? failed : other)
  const errors = readErrors(text)
  const words = inWords(errors)
  const retryAfter = headers['retry-after']
  return new RegistryError(code, `cannot ${what}: ${reason} (${status}${words === '' ? '' : `, ${words}`})`, {
    status,
    errors,
    request,
    headers: headersOfInterest(headers),
    exitCode,
    hint:
      status === 429 && retryAfter !== undefined
        ? `It takes requests again after ${printable(brief(retryAfter, 40))}${/^\d+$/.test(retryAfter) ? ' s' : ''}.`
        : undefined,
  })
}

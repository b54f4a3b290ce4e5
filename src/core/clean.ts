import { printable } from './printable.ts'
import type { Redactor } from './secrets/redact.ts'
import { withoutUrlPasswords } from './secrets/url-credentials.ts'

/** A copy of plain data in which every text, the names of fields included, has been changed. `field` is the field that holds it. */
function mapTexts<T>(data: T, change: (text: string, field: string) => string): T {
  const visit = (value: unknown, field: string): unknown => {
    if (typeof value === 'string') return change(value, field)
    if (Array.isArray(value)) return value.map((item) => visit(item, field))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key, ''), visit(item, key)]))
  }
  return visit(data, '') as T
}

/** Words of our own, which scripts rely on, and names of objects: they stay even where somebody's password is `docker-hosted`. */
const ownField = /^(action|kind|label|id|code|severity|version|edition|type|time)$/

/** A document without a secret in it. Its texts are as they came otherwise: for JSON, which can write every character. */
export function withoutSecrets<T>(document: T, redactor: Redactor): T {
  return mapTexts(document, (text, field) => (ownField.test(field) ? text : maskedText(text, redactor)))
}

/**
 * A document as renderers get it: without secrets, and with every text fit for one line of a terminal. It is cleaned once, as
 * data, before anything is escaped, cut or painted.
 */
export function cleaned<T>(document: T, redactor: Redactor): T {
  return mapTexts(withoutSecrets(document, redactor), printable)
}

/** A text without known secrets, and without the password of any `https://user:password@host`. */
export function maskedText(text: string, redactor: Redactor): string {
  return withoutUrlPasswords(redactor.redact(text))
}

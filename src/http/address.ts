import { UserError } from '../core/errors.ts'
import type { Redactor } from '../core/secrets/redact.ts'

/** A base URL, taken apart. */
export interface Address {
  /** Scheme, host, port and context path, without credentials and without a slash at the end. */
  base: string
  /** Credentials that stood in the URL. */
  username?: string
  password?: string
  /** The password as it was written and as it is meant. */
  secrets: readonly string[]
}

/**
 * Takes the text apart before `URL` sees it: a password that holds `/`, `#` or `?` as it is makes `URL` take a part of it for the host or
 * the path. What is not encoded properly (`50%off`) is taken as it is. What a browser adds (`/#browse/welcome`, `?x`) is left out. Throws
 * `invalid-url` (exit code 3), which quotes nothing that may belong to credentials. `redactor` is told of the password: nothing that is
 * shown from then on names it.
 */
export function parseAddress(text: string, redactor?: Redactor): Address {
  const trimmed = text.trim()
  const [, scheme = '', authority = '', rest = ''] = /^(https?:\/\/)([^/\\?#\s]+)(.*)$/is.exec(trimmed) ?? []
  if (rest.includes('@')) throw unencoded()
  const at = authority.lastIndexOf('@')
  const plain = scheme + authority.slice(at + 1) + rest
  const url = URL.canParse(plain) ? new URL(plain) : undefined
  if (!url) throw noUrl(at < 0 ? trimmed : plain)
  const base = url.origin + url.pathname.replace(/\/+$/, '')
  const credentials = credentialsOf(authority.slice(0, Math.max(at, 0)))
  for (const secret of credentials.secrets) redactor?.add(secret)
  return { base, ...credentials }
}

function credentialsOf(userinfo: string): Omit<Address, 'base'> {
  const colon = userinfo.indexOf(':')
  const username = decoded(colon < 0 ? userinfo : userinfo.slice(0, colon))
  const written = colon < 0 ? '' : userinfo.slice(colon + 1)
  const password = decoded(written)
  return {
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    secrets: [...new Set([written, password])].filter((secret) => secret !== ''),
  }
}

/** What is not encoded properly (`50%off`) is meant as it stands. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function unencoded(): UserError {
  return new UserError('invalid-url', "the server's URL cannot be read: there is an @ after the host", {
    hint: 'In a user name or password, write / as %2F, # as %23, ? as %3F, \\ as %5C and @ as %40, or use NEXUS_USERNAME and NEXUS_PASSWORD.',
    exitCode: 3,
  })
}

/** Of a text that is no URL: an @, or a colon with no port behind it. Where the @ is missing, the password stands there. */
function mayHoldCredentials(text: string): boolean {
  const rest = text.replace(/^[a-z]+:\/\//i, '')
  return rest.includes('@') || /:(?!\d{0,5}(?:[/?#]|$))/.test(rest)
}

function noUrl(text: string): UserError {
  const isSecret = mayHoldCredentials(text)
  const quoted = isSecret ? 'the text' : `"${text}"`
  const meant = `http://${text}`
  const isMeant = !isSecret && !/^[a-z][a-z\d+.-]*:\//i.test(text) && URL.canParse(meant)
  const example = isMeant ? meant : 'https://nexus.example.com'
  const hasScheme = /^https?:\/\//i.test(text)
  return new UserError('invalid-url', `${quoted} is not the URL of a server`, {
    hint: hasScheme
      ? 'After :// comes the name of a host, and perhaps a port up to 65535, like https://nexus.example.com:8443.'
      : `Write it with http:// or https://, like ${example}.`,
    exitCode: 3,
  })
}

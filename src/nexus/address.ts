import { UserError } from '../core/errors.ts'

/** A base URL, taken apart. */
export interface Address {
  /** Scheme, host, port and context path, without credentials and without a slash at the end. */
  base: string
  /** Credentials that stood in the URL. */
  username?: string
  password?: string
}

/** Throws `invalid-url` (exit code 3). What a browser adds (`/#browse/welcome`, `?x`) is left out. */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError('invalid-url', `"${withoutCredentials(text)}" is not the URL of a server`, {
      hint: `Write it with http:// or https://, like ${url ? `http://${withoutCredentials(text)}` : 'https://nexus.example.com'}.`,
      exitCode: 3,
    })
  }
  const address: Address = { base: url.origin + url.pathname.replace(/\/+$/, '') }
  if (url.username !== '') address.username = decodeURIComponent(url.username)
  if (url.password !== '') address.password = decodeURIComponent(url.password)
  return address
}

/** Whether a host, as `URL` has it, is the machine itself (RFC 6761, RFC 1122): what is sent there does not leave it. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/i.test(hostname)
}

function withoutCredentials(text: string): string {
  return text.replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/)?[^/]*@/i, '$1')
}

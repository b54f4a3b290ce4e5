import { textOf } from '../../core/json.ts'
import type { Finding } from './rule.ts'

interface UrlOptions {
  /** What to do about credentials. */
  login?: string
  /** Whether it may have a query, as the address where a registry gives its tokens. */
  query?: boolean
  /** The usual one. */
  scheme?: 'http' | 'https'
}

/**
 * What is wrong with a URL to another server; undefined for a good one or none. Credentials in it would be stored and shown in clear.
 */
export function urlProblem(
  field: string,
  value: unknown,
  { login, query, scheme }: UrlOptions = {},
): Finding | undefined {
  if (typeof value !== 'string') return undefined
  if (!URL.canParse(value) || !/^https?:\/\/[^/\s]\S*$/i.test(value)) {
    return {
      code: 'invalid-url',
      message: `${field}: this is not an http or https URL`,
      hint: likeOne(value, scheme),
    }
  }
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'credentials-in-url',
      message: `${field}: the URL contains credentials`,
      hint: login ?? 'put them into their own fields',
    }
  }
  const extra = [...(url.search === '' || query ? [] : ['query']), ...(url.hash === '' ? [] : ['fragment'])]
  if (extra.length > 0) {
    return {
      code: 'invalid-url',
      message: `${field}: the URL has a ${extra.join(' and a ')}`,
      hint: `write only scheme, host, port${query ? ', path and query' : ' and path'}`,
    }
  }
  return undefined
}

function likeOne(value: string, scheme: 'http' | 'https' = 'https'): string {
  if (lacksScheme.test(value)) return `write "${scheme}://${value}"`
  return `write it like ${scheme === 'http' ? 'http://localhost:8081' : 'https://registry.example.com'}`
}

/** `quay.io`, `nexus:8081/path`; a word alone may be anything, a secret too. */
const lacksScheme = /^(?=[^/]*[.:])(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?(?:\/[a-z0-9._/-]*)?$/i

/** The host of a URL in lower case, without its port; undefined where there is none. */
export function hostOf(url: unknown): string | undefined {
  const text = textOf(url)
  return URL.canParse(text) ? new URL(text).hostname || undefined : undefined
}

/** A URL without the slashes at its end, which mean nothing to a server; those of a query do. */
export function withoutLastSlash(url: unknown): string {
  const text = textOf(url)
  return text.includes('?') ? text : text.replace(/\/+$/, '')
}

import { textOf } from '../../core/json.ts'
import type { Finding } from './rule.ts'

/**
 * What is wrong with a URL to another server; undefined for a good one or none. Credentials in it would be stored and shown in clear.
 * `query`: whether it may have one, as the address where a registry gives its tokens.
 */
export function urlProblem(
  field: string,
  value: unknown,
  { query = false }: { query?: boolean } = {},
): Finding | undefined {
  if (typeof value !== 'string') return undefined
  if (!URL.canParse(value) || !/^https?:\/\/[^/\s]\S*$/i.test(value)) {
    return {
      code: 'invalid-url',
      message: `${field}: this is not an http or https URL`,
      hint: 'write it like https://registry.example.com',
    }
  }
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'credentials-in-url',
      message: `${field}: the URL contains credentials`,
      hint: 'put them into their own fields, where they are kept secret',
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

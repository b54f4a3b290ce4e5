import type { Answer } from '../http/message.ts'
import { RegistryError } from './errors.ts'
import { refusalOf, shownUrl } from './places.ts'

const LONGEST_CHAIN = 5

export interface Hop {
  from: URL
  /** Redirects so far. */
  hops: number
  registry: URL
  request: { method: string; what: string }
}

/**
 * Where an answer leads on to; undefined for what is no redirect. Whoever follows takes no credentials to another origin. Throws
 * RegistryError `redirect-refused`, `redirect-loop`.
 */
export function redirectTarget({ status, headers }: Answer, hop: Hop): URL | undefined {
  const location = headers['location']
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  const { from, registry, request } = hop
  const target = placeOf(location, from)
  const refusal = target
    ? (refusalOf(target, from) ?? refusalOf(target, registry) ?? ofRequest(hop))
    : 'that is no URL'
  if (target && refusal === undefined) return target
  const shown = target ? shownUrl(target) : shownUrl(location).slice(0, 200)
  const isLoop = target !== undefined && hop.hops >= LONGEST_CHAIN
  throw new RegistryError(
    isLoop ? 'redirect-loop' : 'redirect-refused',
    `cannot ${request.what}: ${from.host} redirects to ${shown}, and ${refusal}`,
    { status, request: { method: request.method, url: shownUrl(from) } },
  )
}

/** A Location: relative, absolute, or without a scheme. */
export function placeOf(location: string, from: URL): URL | undefined {
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined
}

function ofRequest({ hops, request }: Hop): string | undefined {
  if (!['GET', 'HEAD'].includes(request.method)) return 'a change is not sent elsewhere'
  return hops >= LONGEST_CHAIN ? 'that has no end' : undefined
}

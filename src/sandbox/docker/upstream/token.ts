// What answers a registry's challenge: the repository's own login, or a token that the registry's realm gives for it.

import { readObject } from '../../kernel/read-whole.ts'
import { askRemote, type WayOut } from '../../outbound/ask.ts'

/** An Authorization header and until when it holds, in milliseconds since 1970. */
export interface Authorization {
  header: string
  until: number
}

const defaultLifeS = 60

/** The parameters of a Bearer challenge; values may have commas inside of their quotes. */
function bearerParameters(challenge: string): Map<string, string> | undefined {
  const start = /(?:^|,)\s*bearer\s+/i.exec(challenge)
  if (!start) return undefined
  const rest = challenge.slice(start.index + start[0].length)
  const pairs = rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)
  return new Map(
    [...pairs].map(([, name = '', quoted, token]) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, '$1') ?? token ?? '',
    ]),
  )
}

/**
 * Answers a challenge. A scope is sent only where the challenge has one (nexus-public issue 659). Undefined when nothing can be shown:
 * a Basic challenge without a login, a token server that refuses.
 */
export async function authorizationFor(
  challenge: string | undefined,
  login: string | undefined,
  way: WayOut,
): Promise<Authorization | undefined> {
  if (challenge === undefined) return undefined
  const bearer = bearerParameters(challenge)
  const realm = bearer?.get('realm')
  if (realm === undefined)
    return login !== undefined && /(^|,)\s*basic\b/i.test(challenge)
      ? { header: login, until: Number.POSITIVE_INFINITY }
      : undefined
  const url = new URL(realm)
  for (const name of ['service', 'scope']) {
    const value = bearer?.get(name)
    if (value !== undefined) url.searchParams.set(name, value)
  }
  const headers = login === undefined ? {} : { Authorization: login }
  const response = await askRemote(url.href, way, headers)
  if (response.status !== 200) {
    response.body.destroy()
    return undefined
  }
  const answer = await readObject(response.body)
  const token = answer['token'] ?? answer['access_token']
  if (typeof token !== 'string') return undefined
  const life = Number(answer['expires_in'] ?? defaultLifeS)
  return { header: `Bearer ${token}`, until: Date.now() + life * 1000 }
}

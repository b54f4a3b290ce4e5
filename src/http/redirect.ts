import { UserError } from '../core/errors.ts'
import type { Answer } from './message.ts'
import { brief, type Situation, sentence } from './sentence.ts'

const LONGEST_CHAIN = 5

/**
 * Where a GET or HEAD goes on to, or undefined for what is no redirect. Only within the same origin: credentials go to no other host, port or
 * scheme. Throws `redirected-to-https`, `redirected`, `redirect-loop`, each with exit code 4.
 */
export function redirectTarget(
  answer: Answer,
  from: URL,
  hops: number,
  situation: Situation,
): URL | undefined {
  const { name } = situation.service
  const location = answer.headers['location']
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return undefined
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const fail = (code: string, reason: string, hint: string): UserError =>
    new UserError(code, sentence(situation.request, reason), { hint, exitCode: 4 })
  if (!target)
    throw fail('redirected', 'the server redirects to something that is not a URL', 'Check the URL.')
  // Another user's credentials in it would take the place of ours.
  target.username = ''
  target.password = ''
  const better = baseOf(target, from, situation.base)
  if (target.hostname === from.hostname && from.protocol === 'http:' && target.protocol === 'https:') {
    throw fail(
      'redirected-to-https',
      `the server redirects to ${better}; set that as the URL`,
      `Use ${better} instead of ${situation.base}.`,
    )
  }
  if (target.origin !== from.origin) {
    throw fail(
      'redirected',
      `the server redirects to another address, ${brief(target.origin + target.pathname)}`,
      `If that is a sign-in page, use an address that leads to ${name} directly; if ${name} has moved, set the URL to ${better}.`,
    )
  }
  if (!['GET', 'HEAD'].includes(situation.request.method)) {
    throw fail(
      'redirected',
      `the server redirects a change to ${brief(target.pathname)}`,
      `If ${name} is there, set the URL to ${better}.`,
    )
  }
  if (hops >= LONGEST_CHAIN)
    throw fail('redirect-loop', 'the server redirects in a loop', 'Check the proxy in front of it.')
  return target
}

/** The base URL that leads to the target: the target without the path of the request. */
function baseOf(target: URL, from: URL, base: string): string {
  const requested = from.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length)
  const path = target.pathname.endsWith(requested) ? target.pathname.slice(0, -requested.length) : ''
  return brief(target.origin + path)
}

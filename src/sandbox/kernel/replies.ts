// The error shapes E1 to E12 of nexus-api section 1.3. Each function says which shape it is and how versions differ.
import type { Profile } from './profile.ts'
import type { Reply } from './types.ts'

/** One entry of a validation list. `id` is complete: `PARAMETER name`, `HelperBean.attributes.docker.httpPort`. */
export interface Violation {
  id: string
  message: string
}

/** Media type of validation lists; the server answers `application/json` instead where Accept asks for that alone. */
export const validationType = 'application/vnd.siesta-validation-errors-v1+json'
const plainText = 'text/plain;charset=utf-8'

/** E1, E2, E3, E8: 400 with a list; `[]` is possible (E8 with an array sent for an object). */
export function violations(list: readonly Violation[]): Reply {
  return { status: 400, body: list, contentType: validationType, faultId: true }
}

/** E4 and E6: one message as JSON. From 3.49 an object whose message is quoted, before a bare string that is not escaped. */
export function message(profile: Profile, status: number, text: string, quoted = true): Reply {
  const written = quoted ? `"${text}"` : text
  if (profile.since('3.49')) return { status, body: { id: '*', message: written } }
  return { status, body: `"${text}"`, contentType: 'application/json' }
}

/** E4 with status 400, the answer of a refused repository POST or PUT. */
export function message400(profile: Profile, text: string): Reply {
  return message(profile, 400, text)
}

/** E5: a message as text/plain; from 3.49 wrapped in `ValidationErrorXO{…}`. */
export function messageText(profile: Profile, status: number, text: string): Reply {
  const quoted = `"${text}"`
  const body = profile.since('3.49') ? `ValidationErrorXO{id='*', message='${quoted}'}` : quoted
  return { status, body, contentType: plainText }
}

/** E8 for text that is not JSON. */
export function malformedInput(text: string): Reply {
  return { status: 400, body: { id: '*', message: `Could not process the input: ${text}` }, faultId: true }
}

/** E7 and E12: an empty answer with a fault id (403, 404, 405, 406, 415 and what handlers throw). */
export function emptyFault(status: number): Reply {
  return { status, faultId: true }
}

/** The 404 of repository PUT and DELETE: empty and without a fault id. */
export function notFoundEmpty(): Reply {
  return { status: 404 }
}

/** E9: 500 with the exception's text, e.g. `java.lang.NullPointerException: …`. */
export function unexpected500(exception: string): Reply {
  return { status: 500, body: `ERROR: (ID {fault-id}) ${exception}`, contentType: plainText, faultId: true }
}

/** E10: what writes answer while the database is frozen. */
export function readOnly(): Reply {
  return {
    status: 503,
    body: 'Nexus Repository Manager is in read-only mode: (ID {fault-id})',
    contentType: plainText,
    faultId: true,
  }
}

/** 401 of wrong credentials (1.2): no body, no fault id. */
export function unauthorized(): Reply {
  return {
    status: 401,
    headers: { 'WWW-Authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
  }
}

/** The HTML page that everything outside /service/rest answers; by 3.89 with a charset. */
export function htmlPage(profile: Profile, status: number, reason: string, text: string): Reply {
  return {
    status,
    contentType: profile.since('3.89') ? 'text/html;charset=utf-8' : 'text/html',
    body: `<!DOCTYPE html>\n<html lang="en">\n<head><title>${status} - Sonatype Nexus Repository</title></head>\n<body><h1>Error ${status}</h1><p>${reason}</p><p>${text}</p></body>\n</html>\n`,
  }
}

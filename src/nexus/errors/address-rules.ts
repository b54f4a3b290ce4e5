import type { UserError } from '../../core/errors.ts'
import { compareVersions } from '../../core/versions.ts'
import { isHtml } from '../../http/message.ts'
import { brief } from '../../http/sentence.ts'
import { type Case, otherProductHint, type Rule, statusText } from './answer-case.ts'
import { partTooMuch, pathOf } from './url-part.ts'

/**
 * Answers that the API of a Nexus does not give: the URL leads elsewhere. What Nexus answers below a path that it does not have
 * (an empty 404 with a fault id, its own page), and 401 to a question that needs no sign-in: nexus-api sections 1.2 and 1.3 (E12).
 */
export const ADDRESS_RULES: readonly Rule[] = [
  {
    when: (it) => isUnproven(it) && partTooMuch(it.base) !== undefined && isNoAnswerOfTheApi(it),
    code: 'url-path',
    reason: ({ base }) =>
      `Nexus has no API below ${base}: "${partTooMuch(base)?.part}" does not belong in the URL`,
    hint: ({ base }) => `Write --url ${partTooMuch(base)?.without} (or the same in NEXUS_URL or nexus.url).`,
  },
  {
    when: (it) => isUnproven(it) && it.answer.status === 404,
    code: 'url-path',
    reason: ({ base }) =>
      `Nexus has no API below ${base}${pathOf(base) ? `: it is not under "${pathOf(base)?.part}"` : ' (404)'}`,
    hint: (it) => {
      const path = pathOf(it.base)
      return path === undefined
        ? otherProductHint(it)
        : `Write --url ${path.without}, or with Nexus's own path (nexus-context-path).`
    },
  },
  {
    when: ({ answer }) =>
      answer.headers['docker-distribution-api-version'] !== undefined ||
      // What the port of a repository answers to all but /v2/… (nexus-api 1.1); there is no other sign.
      (answer.status === 400 && /not a docker request/i.test(answer.text)),
    code: 'registry-port',
    reason: ({ base }) => `${base} is a Docker registry, not the server's own address`,
    hint: () =>
      'Use the port of the web interface (8081 unless changed), not the connector port of a repository.',
  },
  {
    when: ({ answer }) => answer.status < 300 && isHtml(answer),
    code: 'html-answer',
    reason: ({ complaint, complaints, base }) =>
      complaints.length === 0
        ? `${base} answered with a web page`
        : `${base} answered with a web page ("${complaint}")`,
    hint: (it) =>
      redirectHint(it) ??
      (it.fromNexus
        ? 'This is the web interface: the URL must be the address that the browser shows, without /#browse and the like.'
        : `Another product answers there, or a sign-in page in front of it. ${otherProductHint(it)}`),
  },
  {
    when: ({ answer }) => answer.status < 400,
    code: 'unexpected-answer',
    reason: ({ answer }) => statusText(answer.status),
    hint: otherProductHint,
  },
]

/** Nexus below a context path, and proxies in front of it, lead from the root to the web interface. */
function redirectHint({ answer: { redirectedTo }, base }: Case): string | undefined {
  if (redirectedTo === undefined) return undefined
  return `${base} redirects to ${brief(redirectedTo)}: if Nexus is there, write --url ${brief(redirectedTo).replace(/\/+$/, '')}; if that is a sign-in page, use an address that leads to Nexus directly.`
}

/** It is the URL that is wrong, although it may be Nexus that answers: nothing else is to be sent there, and time cures nothing. */
export function isWrongAddress({ code }: UserError): boolean {
  return code === 'url-path' || code === 'registry-port'
}

/** It is Nexus that answers a read, and none has been answered well yet. A server without the stable API lacks it below the right path. */
function isUnproven(it: Case): boolean {
  const isTooOld = it.server !== undefined && compareVersions(it.server.version, '3.26.0') < 0
  return it.unproven === true && it.request.method === 'GET' && !isTooOld && (it.fromNexus || isNexusPage(it))
}

/** A proxy in front may have put its own name into the `Server` header. */
function isNexusPage({ answer, complaint }: Case): boolean {
  return isHtml(answer) && /\bNexus Repository\b/i.test(complaint)
}

function isNoAnswerOfTheApi({ answer, request }: Case): boolean {
  const { status } = answer
  if (status === 401 || status === 403) return request.anonymous === true
  return status === 400 || status === 404 || isHtml(answer)
}

import type { Answer } from '../../http/message.ts'
import { retryAfter } from '../../http/retry.ts'
import { brief, sentence } from '../../http/sentence.ts'
import { saysNexus } from '../identity.ts'
import { ACCESS_RULES } from './access-rules.ts'
import { ADDRESS_RULES } from './address-rules.ts'
import { type Case, type Situation, statusText } from './answer-case.ts'
import { AnswerError } from './answer-error.ts'
import { AVAILABILITY_RULES } from './availability-rules.ts'
import { oneLine, readComplaints, type ServerComplaint } from './error-body.ts'
import { FALLBACK, REQUEST_RULES } from './request-rules.ts'

/** The first that applies decides. */
const RULES = [...ADDRESS_RULES, ...ACCESS_RULES, ...REQUEST_RULES, ...AVAILABILITY_RULES]

/**
 * An answer that is no success, as one error with a sentence and a hint: every shape of nexus-api section 1.3, and what stands in
 * front of servers. Exit code 4 for not reachable, not ready and not authorised.
 */
export function explainAnswer(answer: Answer, situation: Situation): AnswerError {
  const complaints = readComplaints(answer.headers['content-type'], answer.text)
  const faultId =
    answer.headers['x-siesta-faultid']?.slice(0, 100) ?? /\(ID ([\w-]{1,100})\)/.exec(answer.text)?.[1]
  const it: Case = {
    ...situation,
    answer,
    complaints,
    complaint: phrase(complaints) ?? statusText(answer.status),
    fromNexus: saysNexus(answer) || faultId !== undefined,
    ...(faultId !== undefined && { faultId }),
  }
  const rule = RULES.find((rule) => rule.when(it)) ?? FALLBACK
  return new AnswerError(rule.code, sentence(situation.request, rule.reason(it)), {
    hint: rule.hint?.(it),
    faultId,
    retryAfterMs: retryAfter(answer),
    exitCode: rule.exitCode ?? 4,
    status: answer.status,
    complaints,
  })
}

/** More than these say no more. */
const MOST_PHRASES = 20

function phrase(complaints: readonly ServerComplaint[]): string | undefined {
  const fieldsByMessage = new Map<string, string[]>()
  for (const { field, message } of complaints) {
    const fields = fieldsByMessage.get(message) ?? []
    if (field !== undefined) fields.push(field)
    fieldsByMessage.set(message, fields)
  }
  const phrases = [...fieldsByMessage].map(([message, fields]) => {
    const text = withoutStop(message)
    return fields.length === 0 ? text : `${brief(oneLine(fields.join(', ')))}: ${text}`
  })
  if (phrases.length === 0) return undefined
  const more = phrases.length - MOST_PHRASES
  return phrases.slice(0, MOST_PHRASES).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** By hand: a pattern that is bound to the end is tried at each full stop. */
function withoutStop(text: string): string {
  let end = text.length
  while (end > 0 && /[.\s]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

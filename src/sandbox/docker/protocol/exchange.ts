// One registry request on its way through the protocol, and the forms of its answers.
import type { Profile } from '../../kernel/profile.ts'
import type { Reply, SandboxRequest } from '../../kernel/types.ts'
import type { Tokens } from '../access.ts'
import type { Place } from '../place.ts'
import type { RegistryRefusal } from '../refusal.ts'
import type { Call } from '../repository-handler.ts'

export interface Exchange {
  call: Call
  place: Place
  request: SandboxRequest
  body: AsyncIterable<Uint8Array>
  /** The parts of the path: `name`, `reference`, `digest`, `id`. */
  params: Readonly<Record<string, string>>
  tokens: Tokens
}

/** Answers one method of one path. */
export type Endpoint = (exchange: Exchange) => Reply | Promise<Reply>

const sandboxPolicy =
  'sandbox allow-forms allow-modals allow-popups allow-presentation allow-scripts allow-top-navigation'

/** What every registry answer has (docker-evidence 30 to 33, 43). */
export function withRegistryHeaders(reply: Reply, profile: Profile): Reply {
  const headers = {
    'Docker-Distribution-Api-Version': 'registry/2.0',
    'Content-Security-Policy': sandboxPolicy,
    'X-XSS-Protection': profile.since('3.87') ? '0' : '1; mode=block',
    ...reply.headers,
  }
  return { ...reply, headers }
}

/** A JSON document, without blanks. */
export function document(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, body: JSON.stringify(body), contentType: 'application/json', headers }
}

/** The error document of a refusal. */
export function refusalReply(refusal: RegistryRefusal): Reply {
  return document(refusal.status, refusal.body, refusal.headers)
}

/** One parameter of the path. */
export function param({ params }: Exchange, name: string): string {
  return params[name] ?? ''
}

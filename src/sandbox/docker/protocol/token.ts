// `GET /v2/` and `GET /v2/token`.
import type { Reply } from '../../kernel/types.ts'
import type { Tokens } from '../access.ts'
import { document, type Endpoint } from './exchange.ts'

export const ping: Endpoint = (): Reply => document(200, {})

/** The caller's token, of nobody where anonymous access is on (docker-evidence 31). */
export function tokenEndpoint(tokens: Tokens): Endpoint {
  return ({ call }) => document(200, { token: tokens.issue(call.user) })
}

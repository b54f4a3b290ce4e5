// What a proxy repository shows its remote.
import type { Repository } from '../kernel/state.ts'

/** The login at the remote. A bearer token is not sent: the formats that were recorded have none (R `proxy-credentials/seen-put-bearer`). */
export function loginOf({
  attributes,
  secrets,
}: Repository): { username: string; password: string } | undefined {
  const client = attributes['httpClient'] as { authentication?: Record<string, unknown> | null } | undefined
  const authentication = client?.authentication
  if (authentication?.['type'] !== 'username') return undefined
  const password = secrets['httpClient.authentication.password'] ?? ''
  return { username: String(authentication['username']), password }
}

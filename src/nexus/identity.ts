import type { Answer } from '../http/message.ts'
import type { Service } from '../http/sentence.ts'

/** What hints of the transport say of it. */
export const NEXUS: Service = { name: 'Nexus', port: 8081, example: 'http://host/nexus' }

/** Every answer of a Nexus says so, unless a proxy removes the header (nexus-api section 1.1). */
export function saysNexus({ headers }: Pick<Answer, 'headers'>): boolean {
  return /^Nexus\//i.test(headers['server'] ?? '')
}

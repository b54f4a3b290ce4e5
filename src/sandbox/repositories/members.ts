// Group members are checked by the resource itself, before permissions and before anything else is looked up (nexus-api 2.3, step 2).
import { unexpected500, type Violation, violations } from '../kernel/replies.ts'
import type { Context, Reply } from '../kernel/types.ts'
import { indexRepositories, lookupKey, markAccessed } from './catalog.ts'
import { wordViolation } from './findings.ts'

/** One violation for each member that is unknown or of another format. A null member is a 500 (R `raw-group/put-null-member`). */
export function checkMembers(
  { state, profile }: Context,
  format: string,
  request: Record<string, unknown>,
): Reply | undefined {
  const { memberNames } = request['group'] as { memberNames: (string | null)[] }
  const index = indexRepositories(state, profile)
  const found: Violation[] = []
  for (const name of memberNames) {
    if (name === null) return unexpected500('java.lang.NullPointerException')
    const member = index.get(lookupKey(profile, name))
    if (member) markAccessed(member)
    if (member?.format === format) continue
    const problem = member ? 'format does not match group repository format' : 'does not exist'
    found.push({ id: 'HelperBean.memberNames', message: `Member repository ${problem}: ${name}` })
  }
  return found.length > 0 ? violations(found.map((entry) => wordViolation(profile, entry))) : undefined
}

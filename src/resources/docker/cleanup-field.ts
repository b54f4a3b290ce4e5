import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import type { CleanupPolicy } from '../cleanup-policies.ts'
import { fieldsOf } from '../contract/fields.ts'
import { eachText, type Rule } from '../contract/rule.ts'
import { nameList } from '../contract/schemas.ts'

const { field } = fieldsOf<Pick<DockerHostedRepositoryApiRequest, 'cleanup'>>()

export const cleanupFields = {
  cleanupPolicies: field('cleanup.policyNames', nameList, {
    describe: 'Names of cleanup policies that exist on the server.',
    set: true,
    // `cleanup: null` is a repository that never had one (nexus-api 2.7).
    absent: [],
    whenNull: [],
  }),
}

const fitting = new Set(['docker', '*', 'ALL_FORMATS'])

/** Servers refuse a policy of another format; of several they look at one, whichever comes first in their own order (nexus-api 6). */
const policiesFit: Rule = ({ inNamespace, report }) => {
  const formats = new Map<string, unknown>()
  for (const { id, values } of inNamespace('cleanupPolicy')) formats.set(id, (values as CleanupPolicy).format)
  if (formats.size === 0) return
  for (const repository of inNamespace<typeof cleanupFields>('repository'))
    eachText(repository, 'cleanupPolicies', (policy, field) => {
      const format = formats.get(policy)
      if (typeof format !== 'string' || fitting.has(format)) return
      report(repository, field, {
        refused: true,
        code: 'cleanup-policy-format',
        message: `cleanup policy "${policy}" is for ${format} repositories`,
        hint: 'name one for docker or for all formats, or remove it here',
      })
    })
}

/** `None` is a word of the UI, not a policy: from 3.94 such a repository does not start (peers 3.2, np#1025). */
const noPolicyCalledNone: Rule = ({ inNamespace, report }) => {
  for (const repository of inNamespace<typeof cleanupFields>('repository'))
    eachText(repository, 'cleanupPolicies', (policy, field) => {
      if (policy.toLowerCase() !== 'none') return
      report(repository, field, {
        code: 'cleanup-policy-none',
        message: 'there is no cleanup policy named "None"',
        hint: 'leave the list empty: cleanupPolicies: []',
      })
    })
}

/** What holds for the cleanup policies that a repository names. */
export const cleanupRules: readonly Rule[] = [noPolicyCalledNone, policiesFit]

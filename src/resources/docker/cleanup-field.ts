import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
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

/** `None` is a word of the UI, not a policy: from 3.94 such a repository does not start (peers 3.2, np#1025). */
export const noPolicyCalledNone: Rule = ({ inNamespace, report }) => {
  for (const repository of inNamespace<typeof cleanupFields>('repository'))
    eachText(repository, 'cleanupPolicies', (policy, field) => {
      if (policy.toLowerCase() !== 'none') return
      report(repository, field, {
        code: 'cleanup-policy-none',
        message: 'there is no cleanup policy called "None"',
        hint: 'leave the list empty: cleanupPolicies: []',
      })
    })
}

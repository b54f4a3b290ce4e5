import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import { fieldsOf } from '../fields.ts'
import { nameList } from './schemas.ts'

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

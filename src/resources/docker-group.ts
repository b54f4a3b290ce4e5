import type { DockerGroupRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { Kind } from './define.ts'
import { fieldsOf, schemaOf, type Values } from './fields.ts'
import { connectorPorts, dockerFields, dockerReferences } from './shared/docker-fields.ts'
import { dockerRepositoryVerbs } from './shared/docker-repository.ts'
import { nameList } from './shared/schemas.ts'

const { field } = fieldsOf<DockerGroupRepositoryApiRequest>()

const fields = {
  ...dockerFields,
  members: field('group.memberNames', nameList.min(1, { error: 'a group needs at least one member' }), {
    describe: 'Names of the member repositories; the first one that has an image answers.',
    required: true,
  }),
  writableMember: field('group.writableMember', z.string().min(1).nullable(), {
    describe: 'The hosted member that receives what is pushed to the group (Pro).',
    needs: 'writableMember',
    // Nexus leaves the key out when there is none (nexus-api 2.6).
    absent: null,
  }),
}

function references(values: Values) {
  const members = Array.isArray(values['members']) ? values['members'] : []
  const named = members.map((id, index) => ({
    namespace: 'repository' as const,
    id,
    path: `members[${index}]`,
  }))
  return [...dockerReferences(values), ...named]
}

/** Docker group repository: one name for several repositories. `/v1/repositories/docker/group`, Nexus 3.26 and later. */
export const dockerGroup: Kind = {
  kind: 'dockerGroup',
  label: 'docker/group',
  namespace: 'repository',
  section: { key: 'repositories', form: 'map', type: 'group' },
  schema: schemaOf(fields),
  fields,
  references,
  connectorPorts,
  ...dockerRepositoryVerbs('group', fields),
}

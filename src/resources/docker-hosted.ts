import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { Kind } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { cleanupFields } from './shared/cleanup-field.ts'
import { connectorPorts, dockerFields, dockerReferences } from './shared/docker-fields.ts'
import { dockerRepositoryVerbs } from './shared/docker-repository.ts'
import { words } from './shared/schemas.ts'

const { field } = fieldsOf<DockerHostedRepositoryApiRequest>()
const writePolicies = words('allow', 'allow-once', 'deny')

const fields = {
  ...dockerFields,
  writePolicy: field('storage.writePolicy', writePolicies.schema, {
    describe: 'Whether a tag may be pushed again: allow, allow-once or deny.',
    default: 'allow',
    toWire: (value) => String(value).replace('-', '_'),
    fromWire: writePolicies.fromWire,
  }),
  latestPolicy: field('storage.latestPolicy', z.boolean(), {
    describe:
      'With writePolicy allow-once: whether the tag `latest` may be pushed again all the same (Nexus 3.41 and later).',
    needs: 'latestPolicy',
    // A missing key is "unknown" (some servers from 3.84 leave it out); null is false (nexus-api 2.4).
    whenNull: false,
  }),
  proprietaryComponents: field('component.proprietaryComponents', z.boolean(), {
    describe: 'Whether the content counts as proprietary for the Repository Firewall (Nexus 3.30 and later).',
    needs: 'proprietaryComponents',
    needsWhen: (value) => value === true,
  }),
  ...cleanupFields,
}

/** Docker hosted repository: holds the images that are pushed to it. `/v1/repositories/docker/hosted`, Nexus 3.26 and later. */
export const dockerHosted: Kind = {
  kind: 'dockerHosted',
  label: 'docker/hosted',
  namespace: 'repository',
  section: { key: 'repositories', form: 'map', type: 'hosted' },
  schema: schemaOf(fields),
  fields,
  references: dockerReferences,
  connectorPorts,
  ...dockerRepositoryVerbs('hosted', fields),
}

import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { textOf } from '../../core/json.ts'
import { fieldsOf } from '../contract/fields.ts'
import type { Kind } from '../contract/kind.ts'
import { eachOf } from '../contract/rule.ts'
import { words } from '../contract/schemas.ts'
import { cleanupFields, cleanupRules } from './cleanup-field.ts'
import { dockerFields, dockerReferences } from './fields.ts'
import { dockerKind } from './repository.ts'
import { dockerRules } from './repository-rules.ts'

const { field } = fieldsOf<DockerHostedRepositoryApiRequest>()
const writePolicies = words('allow', 'allow-once', 'deny')

const fields = {
  ...dockerFields,
  writePolicy: field('storage.writePolicy', writePolicies.schema, {
    describe: 'Whether a tag may be pushed again: allow, allow-once or deny.',
    default: 'allow',
    toWire: (value) => textOf(value).replace('-', '_'),
    fromWire: writePolicies.fromWire,
  }),
  latestPolicy: field('storage.latestPolicy', z.boolean(), {
    describe:
      'With writePolicy allow-once: whether the tag `latest` may still be pushed again (Nexus 3.41 and later).',
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

/**
 * latestPolicy is the exception to allow-once and means nothing without it; servers take it all the same (nexus-api 2.4). Where the file
 * has no writePolicy, the server's counts.
 */
const latestPolicyNeedsAllowOnce = eachOf<typeof fields>('dockerHosted', (repository, context) => {
  const { latestPolicy, writePolicy } = repository.values
  if (latestPolicy !== true || writePolicy === 'allow-once') return
  context.report(repository, 'latestPolicy', {
    severity: 'warning',
    untilAsked: !context.isWritten([...repository.object.path, 'writePolicy']),
    code: 'latest-policy',
    message: 'latestPolicy: true has no effect without writePolicy: allow-once',
    hint: 'add "writePolicy: allow-once", or remove latestPolicy',
    absent: ['writePolicy'],
  })
})

/** Docker hosted repository: holds the images that are pushed to it. `/v1/repositories/docker/hosted`, Nexus 3.26 and later. */
export const dockerHosted: Kind<typeof fields> = {
  ...dockerKind('hosted', fields),
  rules: [...dockerRules, ...cleanupRules, latestPolicyNeedsAllowOnce],
  references: dockerReferences,
}

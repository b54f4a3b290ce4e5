import type { DockerGroupRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { Reference } from '../contract/description.ts'
import { fieldsOf } from '../contract/fields.ts'
import { nonEmptyText, port } from '../contract/schemas.ts'

/** What the three Docker models have in common (held to Sonatype's model of a group, the smallest of them). */
type Common = Pick<DockerGroupRepositoryApiRequest, 'online' | 'storage' | 'docker'>
const { field } = fieldsOf<Common>()

export const dockerFields = {
  online: field('online', z.boolean(), {
    describe: 'Whether the repository serves requests.',
    default: true,
  }),
  blobStore: field('storage.blobStoreName', nonEmptyText, {
    describe: 'Name of the blob store that stores the content; it cannot be changed later.',
    default: 'default',
    immutable:
      'Nexus keeps the content in the old blob store (3.65 and later refuse the change; earlier versions lose sight of the images)',
  }),
  strictContentTypeValidation: field('storage.strictContentTypeValidation', z.boolean(), {
    describe: 'Whether uploads must have the content type that their name implies.',
    default: true,
  }),
  httpPort: field('docker.httpPort', port, {
    describe: 'Port of an HTTP connector of its own; null closes it.',
  }),
  httpsPort: field('docker.httpsPort', port, {
    describe: 'Port of an HTTPS connector of its own; needs HTTPS set up in Nexus itself.',
  }),
  subdomain: field('docker.subdomain', z.string().nullable(), {
    describe: 'Host name label that routes to this repository (Pro).',
    needs: 'subdomain',
  }),
  pathEnabled: field('docker.pathEnabled', z.boolean().nullable(), {
    describe:
      "Path-based routing: host/<repository>/<image> on the server's own port (Nexus 3.83 and later).",
    whenNull: false,
    needs: 'pathEnabled',
    needsWhen: (value) => value === true,
  }),
  forceBasicAuth: field('docker.forceBasicAuth', z.boolean(), {
    describe:
      'Whether pulls must sign in; false together with anonymous access and the DockerToken realm allows anonymous pulls.',
    default: true,
  }),
  v1Enabled: field('docker.v1Enabled', z.boolean(), {
    describe: 'Whether the Docker V1 API answers (only `docker search` needs it).',
    default: false,
  }),
}

/** What repositories of every type refer to: their blob store, and where they have them, a routing rule and cleanup policies. */
export function dockerReferences(values: {
  blobStore?: string
  routingRule?: string | null
  cleanupPolicies?: string[]
}): Reference[] {
  const { blobStore, routingRule, cleanupPolicies = [] } = values
  return [
    ...(blobStore === undefined ? [] : [{ namespace: 'blobStore', id: blobStore, path: 'blobStore' }]),
    ...(routingRule ? [{ namespace: 'routingRule', id: routingRule, path: 'routingRule' }] : []),
    ...cleanupPolicies.map((id, index) => ({
      namespace: 'cleanupPolicy',
      id,
      path: `cleanupPolicies[${index}]`,
    })),
  ]
}

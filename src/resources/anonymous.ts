import type { AnonymousAccessSettingsXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { isObject } from '../core/json.ts'
import type { Kind } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { nonEmptyText } from './shared/schemas.ts'

const path = '/service/rest/v1/security/anonymous'

const { field } = fieldsOf<AnonymousAccessSettingsXO>()
const fields = {
  enabled: field('enabled', z.boolean(), {
    describe: 'Whether requests without credentials are served as the anonymous user.',
  }),
  userId: field('userId', nonEmptyText, {
    describe: 'The user whose rights they get (`anonymous` on a fresh server).',
  }),
  realmName: field('realmName', nonEmptyText, { describe: 'The realm that says what the user may do.' }),
}

/** Anonymous access to the whole server. `/v1/security/anonymous`, Nexus 3.26 and later. */
export const anonymous: Kind = {
  kind: 'anonymous',
  label: 'anonymous access',
  namespace: 'anonymous',
  section: { key: 'anonymous', form: 'block' },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  async list(reads) {
    const wire = await reads.get(path, 'read the anonymous access settings')
    return isObject(wire) ? [{ id: 'anonymous', wire }] : []
  },
  async find(nexus) {
    const wire = await nexus.get(path, 'read the anonymous access settings')
    return isObject(wire) ? { id: 'anonymous', wire } : undefined
  },
  async update(nexus, _id, body) {
    await nexus.request({ method: 'PUT', path, json: body, what: 'set anonymous access' })
  },
}

import type { AnonymousAccessSettingsXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { read, readIfShown } from '../nexus/read.ts'
import { answerOf } from './contract/answer.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Actual, Kind } from './contract/kind.ts'
import { nonEmptyText } from './contract/schemas.ts'
import { onboarding } from './shared/onboarding.ts'

const { field } = fieldsOf<AnonymousAccessSettingsXO & { confirmed: boolean }>()
const fields = {
  enabled: field('enabled', z.boolean(), {
    describe: 'Whether requests without credentials are served as the anonymous user.',
  }),
  userId: field('userId', nonEmptyText, {
    describe: 'The user whose rights they get (`anonymous` on a fresh server).',
  }),
  realmName: field('realmName', nonEmptyText, { describe: 'The realm that says what the user may do.' }),
  // Until somebody has chosen, the web interface asks every administrator, and the setting is the server's default, which differs
  // by version. Any PUT is a choice, that of what there is already too (nexus-api section 5).
  confirmed: field('confirmed', z.boolean(), {
    describe: 'Whether anonymous access has been chosen, one way or the other.',
    intent: true,
  }),
}

const settings: Read<JsonObject> = {
  path: '/service/rest/v1/security/anonymous',
  what: 'read the anonymous access settings',
  expected: 'settings of anonymous access',
  schema: answerOf(fields, { enabled: 'boolean' }),
}

function actual(found: JsonObject, steps?: ReadonlySet<string>): Actual {
  const choice = steps && { confirmed: !steps.has('ConfigureAnonymousAccess') }
  return { id: 'anonymous', wire: { ...found, ...choice } }
}

/** Anonymous access to the whole server. `/v1/security/anonymous`, Nexus 3.26 and later. */
export const anonymous: Kind<typeof fields> = {
  kind: 'anonymous',
  label: 'anonymous access',
  namespace: 'anonymous',
  section: { key: 'anonymous', form: 'block' },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  first: settings,
  async list(reads, wanted) {
    const asks = wanted.get('anonymous')?.['confirmed'] === true
    const [found, steps] = await Promise.all([reads.get(settings), asks ? reads.find(onboarding) : undefined])
    return [actual(found, steps)]
  },
  async find(nexus, _id, spec) {
    const steps = spec?.['confirmed'] === true ? await readIfShown(nexus, onboarding) : undefined
    return actual(await read(nexus, settings), steps)
  },
  async update(nexus, { body }) {
    const json = Object.fromEntries(Object.entries(body).filter(([key]) => key !== fields.confirmed.wire))
    await nexus.request({ method: 'PUT', path: settings.path, json, what: 'set anonymous access' })
  },
}

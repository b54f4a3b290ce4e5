import type { AnonymousAccessSettingsXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { isObject } from '../core/json.ts'
import type { Actual, Kind } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { lenientReader } from './shared/lenient-reader.ts'
import { openSteps } from './shared/onboarding.ts'
import { nonEmptyText } from './shared/schemas.ts'

const path = '/service/rest/v1/security/anonymous'
const what = 'read the anonymous access settings'

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

function actual(settings: unknown, steps?: ReadonlySet<string>): Actual | undefined {
  if (!isObject(settings)) return undefined
  const choice = steps && { confirmed: !steps.has('ConfigureAnonymousAccess') }
  return { id: 'anonymous', wire: { ...settings, ...choice } }
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
  async list(reads, wanted) {
    const asks = wanted.get('anonymous')?.['confirmed'] === true
    const [settings, steps] = await Promise.all([
      reads.get(path, what),
      asks ? openSteps((place, purpose) => reads.find(place, purpose)) : undefined,
    ])
    const found = actual(settings, steps)
    return found ? [found] : []
  },
  async find(nexus, _id, spec) {
    const steps = spec?.['confirmed'] === true ? await openSteps(lenientReader(nexus)) : undefined
    return actual(await nexus.get(path, what), steps)
  },
  async update(nexus, _id, body) {
    const settings = Object.fromEntries(Object.entries(body).filter(([key]) => key !== fields.confirmed.wire))
    await nexus.request({ method: 'PUT', path, json: settings, what: 'set anonymous access' })
  },
}

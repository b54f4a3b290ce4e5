import type { AnonymousAccessSettingsXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { read, readIfShown } from '../nexus/read.ts'
import { answerOf } from './contract/answer.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Actual, Kind, Reads } from './contract/kind.ts'
import { eachOf } from './contract/rule.ts'
import { nonEmptyText } from './contract/schemas.ts'
import { onboarding } from './shared/onboarding.ts'
import { pullsWithoutLogin } from './shared/pulls-without-login.ts'

const { field } = fieldsOf<AnonymousAccessSettingsXO & { confirmed: boolean }>()
const fields = {
  enabled: field('enabled', z.boolean(), {
    describe: 'Whether requests without credentials are served as the anonymous user.',
  }),
  userId: field('userId', nonEmptyText, {
    describe: 'The user whose rights these requests get (`anonymous` on a fresh server).',
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

/** What the server says of the user that the file wants in place of its own. */
interface LookedUp {
  unknownUser?: string
}

/** Asked only where the user is another one than the server's. The list is one of names that hold the text, in any case (nexus-api 2.13). */
async function lookUp(
  reads: Reads,
  spec: Record<string, unknown> | undefined,
  found: JsonObject,
): Promise<LookedUp> {
  const user = spec?.['userId']
  if (typeof user !== 'string' || user === found['userId']) return {}
  const users = await reads.find(usersNamed(user))
  return users === undefined || users.some(({ userId }) => userId === user) ? {} : { unknownUser: user }
}

function usersNamed(user: string): Read<{ userId: string }[]> {
  return {
    path: `/service/rest/v1/security/users?userId=${encodeURIComponent(user)}`,
    what: 'look up the anonymous user',
    expected: 'a list of users',
    schema: z.array(z.looseObject({ userId: z.string() })),
  }
}

/** Nexus takes an anonymous user whom it does not have: nobody sees anything then (nexus-api 2.12). */
const userExists = eachOf<typeof fields>('anonymous', (access, { report }) => {
  const { unknownUser } = (access.raw ?? {}) as LookedUp
  if (unknownUser === undefined) return
  report(access, 'userId', {
    severity: 'warning',
    standing: true,
    code: 'anonymous-user',
    message: `the server has no user "${unknownUser}"`,
    hint: 'requests without credentials will see nothing; create the user, or write "userId: anonymous"',
  })
})

/** Anonymous access to the whole server. `/v1/security/anonymous`, Nexus 3.26 and later. */
export const anonymous: Kind<typeof fields> = {
  kind: 'anonymous',
  label: 'anonymous access',
  namespace: 'anonymous',
  section: { key: 'anonymous', form: 'block' },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  rules: [userExists],
  matters: pullsWithoutLogin,
  first: settings,
  async list(reads, wanted) {
    const spec = wanted.get('anonymous')
    const asks = spec?.['confirmed'] === true
    const [found, steps] = await Promise.all([
      spec ? reads.get(settings) : reads.find(settings),
      asks ? reads.find(onboarding) : undefined,
    ])
    return found ? [{ ...actual(found, steps), raw: await lookUp(reads, spec, found) }] : []
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

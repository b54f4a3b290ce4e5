import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { offers } from '../nexus/capabilities.ts'
import type { Nexus } from '../nexus/client.ts'
import { read } from '../nexus/read.ts'
import { fieldsOf, type Values } from './contract/fields.ts'
import type { Actual, Kind, Refusal } from './contract/kind.ts'
import type { DesiredObject } from './contract/object.ts'
import { eachOf } from './contract/rule.ts'
import { nameList, nonEmptyText } from './contract/schemas.ts'
import { pullsWithoutLogin } from './shared/pulls-without-login.ts'

/** Never empty: nobody could have asked. */
const atLeastOne = { error: 'it is empty' }

const activeRealms: Read<string[]> = {
  path: '/service/rest/v1/security/realms/active',
  what: 'read the active realms',
  expected: 'a list of realms',
  schema: z.array(nonEmptyText).min(1, atLeastOne),
}

const availableRealms: Read<{ id: string }[]> = {
  path: '/service/rest/v1/security/realms/available',
  what: 'list the available realms',
  expected: 'a list of realms',
  schema: z.array(z.looseObject({ id: nonEmptyText })).min(1, atLeastOne),
}

/** Needed for anybody to sign in, and (before 3.60) to be allowed anything: a list without them locks everybody out. */
const authenticatingRealm = 'NexusAuthenticatingRealm'
const authorizingRealm = 'NexusAuthorizingRealm'
/** Every edition has it, so asking the server is a wasted request. Builds without the Docker format, which are none of them, do not. */
const dockerRealm = 'DockerToken'

interface Realms {
  active: string[]
}

const { field } = fieldsOf<Realms>()
const fields = {
  active: field('active', nameList, {
    describe: 'Active security realms, in the order in which they are asked.',
  }),
}

const schema = z.strictObject({
  ensure: nameList.describe('Realms that must be active; missing ones are added at the end.').optional(),
  exact: nameList.describe('The whole list, in order; others are deactivated.').optional(),
})

/** What should be active: the current list with the missing ones added, or the list that the file owns. */
function desired(spec: Record<string, unknown>, actual: Actual | undefined): Values {
  const active = stringsOf(actual?.wire['active'])
  const base = spec['exact'] ? keepAuthorizing(distinctOf(spec['exact']), active) : active
  const missing = distinctOf(spec['ensure']).filter((realm) => !base.includes(realm))
  return { active: [...base, ...missing.filter((realm) => isListed(realm, active))] }
}

/** From 3.60 the authorizing realm is always active, hidden, and refused as unknown; before, it has to stay in the list. */
function keepAuthorizing(exact: string[], active: string[]): string[] {
  const others = exact.filter((realm) => isListed(realm, active))
  return active.includes(authorizingRealm) && !others.includes(authorizingRealm)
    ? [...others, authorizingRealm]
    : others
}

/** Realms that are not in a list, but for the one that servers from 3.60 on hide. */
function strangers(realms: readonly string[], list: readonly string[]): string[] {
  return realms.filter((realm) => realm !== authorizingRealm && !list.includes(realm))
}

/** Whether the server surely has the realm of Docker's tokens. */
function hasDockerRealm({ server }: Nexus): boolean {
  return server !== undefined && ['oss', 'community', 'pro'].includes(server.edition)
}

function isListed(realm: string, active: string[]): boolean {
  return realm !== authorizingRealm || active.includes(authorizingRealm)
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function distinctOf(value: unknown): string[] {
  return [...new Set(stringsOf(value))]
}

/**
 * The active realms, and those that exist where that matters: the file names one that is not active, or nobody signs in with a
 * password of Nexus, which is so unusual that the list has to be one of this server's realms.
 */
async function find(
  nexus: Nexus,
  get: <T>(it: Read<T>) => Promise<T>,
  spec: Record<string, unknown> = {},
): Promise<Actual> {
  const active = await get(activeRealms)
  const { server } = nexus
  const wire = { active, listsRights: server !== undefined && !offers(server, 'authorizingRealmHidden') }
  const named = [...stringsOf(spec['exact']), ...stringsOf(spec['ensure'])]
  const known = hasDockerRealm(nexus) ? [...active, dockerRealm] : active
  if (strangers(named, known).length === 0 && active.includes(authenticatingRealm))
    return { id: 'realms', wire }
  const available = await get(availableRealms)
  return { id: 'realms', wire: { ...wire, available: available.map(({ id }) => id) } }
}

/**
 * A list without the realm of the passwords, or (before 3.60, where it is listed) that of the rights, locks everybody out for good
 * (nexus-api 2.11), whatever the server says of its own list. A server that does without passwords already may go on so, as long as nothing is taken away from its list.
 */
function lockOut(sent: readonly string[], { wire }: Actual): Refusal | undefined {
  const active = stringsOf(wire['active'])
  const taken = active.filter((realm) => !sent.includes(realm))
  const goesOn = active.length > 0 && taken.length === 0
  const needed = [
    ...(goesOn ? [] : [authenticatingRealm]),
    ...(wire['listsRights'] === true ? [authorizingRealm] : []),
  ]
  const missing = [authenticatingRealm, authorizingRealm].find(
    (realm) => taken.includes(realm) || (needed.includes(realm) && !sent.includes(realm)),
  )
  if (missing === undefined) return undefined
  return {
    code: 'realm-lockout',
    path: '',
    message: `without ${missing} nobody could sign in`,
    hint: `add ${missing} to realms`,
  }
}

/** Nexus refuses a realm that it does not have (nexus-api 2.11). Told where the file names it first. */
function unknownRealm(
  { wire }: Actual,
  sent: readonly string[],
  { spec, because }: DesiredObject,
): Refusal | undefined {
  const available = stringsOf(wire['available'])
  const unknown = available.length === 0 ? [] : strangers(sent, available)
  const [first] = unknown
  if (first === undefined) return undefined
  const added = first === dockerRealm && because['active'] !== undefined
  const lists = (['ensure', 'exact'] as const).map((list) => [list, stringsOf(spec[list]).indexOf(first)])
  const place = lists.find(([, index]) => index !== -1)
  const need = added ? `, which is needed for ${because['active']}` : ''
  return {
    code: 'unknown-realm',
    path: place && !added ? `${place[0]}[${place[1]}]` : '',
    message: `the server has no realm ${unknown.map((realm) => `"${realm}"`).join(', ')}${need}`,
    hint: `it has: ${available.join(', ')}`,
  }
}

/** A realm list without the authenticating realm locks everybody out, for good (nexus-api 2.11). */
const keepsLogin = eachOf<typeof fields>('realms', (realms, { report, reportAt, isWritten }) => {
  const { path, spec } = realms.object
  if (!spec['exact']) return
  if (!stringsOf(spec['exact']).includes(authenticatingRealm)) {
    report(realms, 'exact', {
      code: 'realm-lockout',
      message: 'without the authenticating realm nobody could sign in',
      hint: `add ${authenticatingRealm} to the list`,
    })
  }
  // With anonymousPull there is an ensure that nobody wrote.
  const ensure = [...path, 'ensure']
  if (!isWritten(ensure)) return
  const message = 'ensure and exact exclude each other'
  reportAt(ensure, { code: 'realms-twice', message, hint: 'keep one of them' }, 'key')
})

/** Active security realms. `/v1/security/realms/active`, Nexus 3.26 and later. */
export const realms: Kind<typeof fields> = {
  kind: 'realms',
  label: 'security realms',
  namespace: 'realms',
  section: { key: 'realms', form: 'block' },
  schema,
  fields,
  rules: [keepsLogin],
  // Nexus's REST API and Terraform: the whole list.
  otherNames: { active: ['ensure', 'exact'], realms: ['ensure', 'exact'] },
  desired,
  references: () => [],
  first: activeRealms,
  matters: pullsWithoutLogin,
  async list(reads, wanted) {
    const spec = wanted.get('realms')
    if (spec) return [await find(reads.nexus, (it) => reads.get(it), spec)]
    const active = await reads.find(activeRealms)
    return active ? [{ id: 'realms', wire: { active } }] : []
  },
  find: (nexus, _id, spec) => find(nexus, (it) => read(nexus, it), spec),
  refuseUpdate(current, values, object) {
    const sent = stringsOf(values['active'])
    return unknownRealm(current, sent, object) ?? lockOut(sent, current)
  },
  async update(nexus, { body, current }) {
    const sent = stringsOf(body['active'])
    // Whoever comes here by whichever way: never.
    const refused = lockOut(sent, current)
    if (refused) throw new UserError(refused.code, refused.message, { hint: refused.hint })
    await nexus.request({ method: 'PUT', path: activeRealms.path, json: sent, what: 'set the active realms' })
  },
}

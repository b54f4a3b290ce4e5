import * as z from 'zod'
import type { Actual, Kind } from './define.ts'
import { fieldsOf, type Values } from './fields.ts'
import { nameList } from './shared/schemas.ts'

const activePath = '/service/rest/v1/security/realms/active'
const availablePath = '/service/rest/v1/security/realms/available'

/** Needed for anybody to log in, and (before 3.60) to be allowed anything: a list without them locks everybody out. */
export const authenticatingRealm = 'NexusAuthenticatingRealm'
const authorizingRealm = 'NexusAuthorizingRealm'
/** Every build that has the Docker format has it, so asking the server is a wasted request. */
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
  const exact = spec['exact'] ? withoutDuplicates(stringsOf(spec['exact'])) : undefined
  const base = exact ? keepAuthorizing(exact, active) : active
  const missing = withoutDuplicates(stringsOf(spec['ensure'])).filter((realm) => !base.includes(realm))
  return { active: [...base, ...missing.filter((realm) => isListed(realm, active))] }
}

/** From 3.60 the authorizing realm is always active, hidden, and refused as unknown; before, it has to stay in the list. */
function keepAuthorizing(exact: string[], active: string[]): string[] {
  const others = exact.filter((realm) => isListed(realm, active))
  return active.includes(authorizingRealm) && !others.includes(authorizingRealm)
    ? [...others, authorizingRealm]
    : others
}

function isListed(realm: string, active: string[]): boolean {
  return realm !== authorizingRealm || active.includes(authorizingRealm)
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function withoutDuplicates(list: string[]): string[] {
  return [...new Set(list)]
}

async function find(nexus: Parameters<Kind['find']>[0]): Promise<Actual> {
  return { id: 'realms', wire: { active: stringsOf(await nexus.get(activePath, 'read the active realms')) } }
}

/** Active security realms. `/v1/security/realms/active`, Nexus 3.26 and later. */
export const realms: Kind = {
  kind: 'realms',
  label: 'security realms',
  namespace: 'realms',
  section: { key: 'realms', form: 'block' },
  schema,
  fields,
  desired,
  references: () => [],
  async list(reads, wanted) {
    const active = stringsOf(await reads.get(activePath, 'read the active realms'))
    const spec = wanted.get('realms') ?? {}
    const named = [...stringsOf(spec['exact']), ...stringsOf(spec['ensure'])]
    const strange = named.filter(
      (realm) => !active.includes(realm) && realm !== dockerRealm && realm !== authorizingRealm,
    )
    if (strange.length === 0) return [{ id: 'realms', wire: { active } }]
    const available = await reads.get(availablePath, 'list the available realms')
    const ids = Array.isArray(available)
      ? available.map((realm) => String((realm as { id?: unknown }).id))
      : []
    return [{ id: 'realms', wire: { active, available: ids } }]
  },
  find,
  refuseUpdate(current, values) {
    const available = stringsOf(current.wire['available'])
    if (available.length === 0) return undefined
    const unknown = stringsOf(values['active']).filter(
      (realm) => !available.includes(realm) && realm !== dockerRealm && realm !== authorizingRealm,
    )
    if (unknown.length === 0) return undefined
    return {
      code: 'unknown-realm',
      path: '',
      message: `the server has no realm ${unknown.map((realm) => `"${realm}"`).join(', ')}`,
      hint: `it has: ${available.join(', ')}`,
    }
  },
  async update(nexus, _id, body) {
    await nexus.request({
      method: 'PUT',
      path: activePath,
      json: body['active'],
      what: 'set the active realms',
    })
  },
}

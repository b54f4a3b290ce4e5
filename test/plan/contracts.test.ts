// What kinds may be that no kind is today: a secret at the top of a model, maps and lists of objects, another name on the server.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { applyPlan } from '../../src/apply/apply.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import { answerOf } from '../../src/resources/contract/answer.ts'
import { actualValue, fieldsOf, schemaOf, secretText, valuesOf } from '../../src/resources/contract/fields.ts'
import type { Actual, Kind } from '../../src/resources/contract/kind.ts'
import { type DesiredObject, sensitive } from '../../src/resources/contract/object.ts'
import { tableOf } from '../../src/resources/contract/table.ts'
import { kinds } from '../../src/resources/index.ts'
import type { ServerState } from '../../src/state/state.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'
import { repositoryOf } from '../helpers/writes.ts'

interface Account {
  secret: string
  grants: { path: string; actions: string[] }[]
  labels: Record<string, string>
}

const { field } = fieldsOf<Account>()
const grant = z.strictObject({ path: z.string(), actions: z.array(z.string()) })
const fields = {
  secret: field('secret', secretText, {
    describe: 'What it signs in with.',
    secret: { presentWhen: 'section' },
  }),
  grants: field('grants', z.array(grant), { describe: 'What it may do.', set: true }),
  labels: field('labels', z.record(z.string(), z.string()), { describe: 'What is said of it.' }),
}

const sent: { id: string; body: unknown; changed: readonly string[]; secrets: unknown }[] = []
const account: Kind<typeof fields> = {
  kind: 'account',
  label: 'account',
  namespace: 'account',
  section: { key: 'accounts', form: 'map' },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  list: () => Promise.resolve([]),
  find: (_nexus, id) => Promise.resolve(sent.length > 0 ? { id, wire } : undefined),
  create(_nexus, write) {
    sent.push(write)
    return Promise.resolve()
  },
  update(_nexus, { id, body, changed, secrets }) {
    sent.push({ id, body, changed, secrets })
    return Promise.resolve()
  },
}

const table = tableOf([account])
const grants = [
  { path: 'apps', actions: ['pull'] },
  { path: 'base', actions: ['pull', 'push'] },
]
const wire = { name: 'robot', grants, labels: { team: 'a' } }

function wanted(spec: Record<string, unknown>): DesiredObject {
  return { kind: 'account', id: 'robot', spec, path: ['accounts', 'robot'], because: {} }
}

function plannedFor(object: DesiredObject, actual: Actual[], rotateSecrets = false): Plan {
  const state: ServerState = {
    server: { version: '3.90.0', edition: 'pro' },
    actual: new Map([['account', actual]]),
    occupants: new Map(),
  }
  return makePlan({ objects: [object], externals: [] }, { kinds: table, state, options: { rotateSecrets } })
}

test('a secret at the top of a model converges: it is no change where the object is, and goes along with one', () => {
  const there = [{ id: 'robot', wire }]
  expect(plannedFor(wanted({ secret: sensitive }), there).changes).toEqual([])
  expect(plannedFor(wanted({ secret: sensitive }), there, true).changes).toMatchObject([
    { action: 'update', fields: [{ path: 'secret', before: 'sensitive', after: 'sensitive', secret: true }] },
  ])
  const other = plannedFor(wanted({ secret: sensitive, labels: { team: 'b' } }), there)
  expect(other.changes).toMatchObject([
    { action: 'update', fields: [{ path: 'labels' }], resentSecrets: ['secret'] },
  ])
  expect(plannedFor(wanted({ secret: sensitive }), []).changes).toMatchObject([
    { action: 'create', fields: [{ path: 'secret', before: null, after: 'sensitive' }] },
  ])
})

test('a secret that the server says not to have is set, and goes along with nothing where it says to have one', () => {
  const told = {
    ...account,
    fields: {
      secret: field('secret', secretText, {
        describe: 'What it signs in with.',
        secret: { presentWhen: ({ hasSecret }) => (hasSecret === true ? 'there' : 'none') },
      }),
    },
  }
  const planned = (hasSecret: boolean) => {
    const state: ServerState = {
      server: { version: '3.90.0', edition: 'pro' },
      actual: new Map([['account', [{ id: 'robot', wire: { hasSecret } }]]]),
      occupants: new Map(),
    }
    const planning = { kinds: tableOf([told]), state, options: { rotateSecrets: false } }
    return makePlan({ objects: [wanted({ secret: sensitive })], externals: [] }, planning).changes
  }
  expect(planned(true)).toEqual([])
  expect(planned(false)).toMatchObject([
    { action: 'update', fields: [{ path: 'secret', before: null, after: 'sensitive' }] },
  ])
})

test('an update that leaves such a secret out would drop it, and is refused', () => {
  const [change] = plannedFor(wanted({ labels: {} }), [{ id: 'robot', wire }]).changes
  expect(change).toMatchObject({ action: 'refused', wanted: 'update' })
  const refusal = change?.action === 'refused' ? change.refusal : undefined
  expect(refusal).toMatchObject({ code: 'upstream-password-missing', path: '' })
  expect(refusal?.hint).toBe('write secret: {env: NAME}')
})

test('what always exists and is not shown cannot be made', () => {
  const entries = Object.entries(account).filter(([key]) => key !== 'create')
  const settings = Object.fromEntries(entries) as unknown as Kind
  const planning = {
    kinds: tableOf([settings]),
    state: {
      server: { version: '3.90.0', edition: 'pro' as const },
      actual: new Map(),
      occupants: new Map(),
    },
    options: { rotateSecrets: false },
  }
  const [change] = makePlan({ objects: [wanted({ labels: {} })], externals: [] }, planning).changes
  expect(change).toMatchObject({
    action: 'refused',
    wanted: 'create',
    refusal: {
      code: 'not-readable',
      path: '',
      message: 'the server does not show its account',
      hint: 'the user may lack a permission',
    },
  })
})

test('values may be maps and lists of objects; the order of keys, and in a set of items, means nothing', () => {
  const reordered = [
    { actions: ['pull', 'push'], path: 'base' },
    { actions: ['pull'], path: 'apps' },
  ]
  const same = { grants: reordered, labels: { team: 'a' } }
  expect(plannedFor(wanted(same), [{ id: 'robot', wire }]).changes).toEqual([])
  const less = plannedFor(wanted({ ...same, secret: sensitive, grants: grants.slice(1) }), [
    { id: 'robot', wire },
  ])
  expect(less.changes).toMatchObject([
    { fields: [{ path: 'grants', before: grants, after: grants.slice(1) }] },
  ])
  const parsed = schemaOf(fields).parse(same)
  expect(valuesOf(fields, parsed)).toEqual(same)
  expect(actualValue(fields.labels, wire)).toEqual({ team: 'a' })
})

test('what a server answers for them is held to their shape', () => {
  const schema = answerOf(fields, { name: 'string' })
  expect(schema.safeParse(wire).success).toBe(true)
  for (const wrong of [{ grants: ['apps'] }, { grants: {} }, { labels: ['a'] }, { labels: 'a' }])
    expect(schema.safeParse({ ...wire, ...wrong }).success).toBe(false)
})

test('the executor gets the secrets beside the plan, and gives them to the kind', async () => {
  sent.length = 0
  const sandbox = await sandboxFor()
  const nexus = nexusOf(sandbox)
  const run = (plan: Plan, secrets: [string, Record<string, string>][]) =>
    applyPlan(plan, {
      nexus,
      kinds: table,
      secrets: new Map(secrets),
      parallelism: 1,
      rotateSecrets: false,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    })
  const plan = plannedFor(wanted({ secret: sensitive, labels: { team: 'a' } }), [])
  const missing = await run(plan, [])
  // The word in its place is never sent.
  expect([missing.failed.length, sent.length]).toEqual([1, 0])
  const { done } = await run(plan, [['account robot', { secret: 's3cret!' }]])
  expect(done).toHaveLength(1)
  expect(sent).toEqual([
    {
      id: 'robot',
      body: { secret: 's3cret!', labels: { team: 'a' } },
      changed: ['secret', 'labels'],
      secrets: { secret: 's3cret!' },
    },
  ])
  nexus.close()
})

test('a plan can be written to a file and read back, and holds no secret', async () => {
  const sandbox = await sandboxFor({ edition: 'pro' })
  const nexus = nexusOf(sandbox)
  const login = { username: 'robot', password: 'the-upstream-password' }
  const before = await configOf({
    repositories: { a: { type: 'hosted', httpPort: 5001 }, b: { type: 'hosted', httpPort: 5002 } },
  })
  await applyOn(nexus, (await planOn(nexus, before)).plan, before)
  const config = await configOf({
    httpProxy: { http: { host: 'proxy', port: 3128, authentication: login } },
    repositories: {
      // The two swap their ports, which takes a release.
      a: { type: 'hosted', httpPort: 5002 },
      b: { type: 'hosted', httpPort: 5001 },
      hub: { type: 'proxy', remoteUrl: 'https://registry.example.com', authentication: login },
      all: { type: 'group', members: ['a', 'hub'] },
    },
  })
  const { plan } = await planOn(nexus, config)
  const text = JSON.stringify(plan)
  expect(text).not.toContain(login.password)
  const read = JSON.parse(text) as Plan
  expect(read).toEqual(plan)
  expect(read.steps.some(({ release }) => release.length > 0)).toBe(true)
  const result = await applyOn(nexus, read, config)
  expect(result.failed.map(({ error }) => error.message)).toEqual([])
  expect(result.done).toHaveLength(5)
  expect((await planOn(nexus, config)).plan.changes).toEqual([])
  expect(repositoryOf(sandbox, 'hub').secrets['httpClient.authentication.password']).toBe(login.password)
  nexus.close()
})

test('unmanaged is what a namespace has under a name: a blob store "apps" does not hide a repository "apps"', async () => {
  const sandbox = await sandboxFor()
  const nexus = nexusOf(sandbox)
  const before = await configOf({ repositories: { apps: { type: 'hosted' } } })
  await applyOn(nexus, (await planOn(nexus, before)).plan, before)
  const unmanaged = async (document: object) => (await planOn(nexus, await configOf(document))).plan.unmanaged
  const store = { blobStores: { apps: { path: 'apps' } } }
  expect(await unmanaged({ ...store, repositories: { b: { type: 'hosted' } } })).toEqual([
    { kind: 'dockerHosted', id: 'apps', label: 'docker/hosted', title: 'docker/hosted "apps"' },
  ])
  expect(
    await unmanaged({ ...store, repositories: { b: { type: 'hosted' }, apps: { external: true } } }),
  ).toEqual([])
  expect(await unmanaged({ ...store, repositories: { apps: { type: 'hosted' } } })).toEqual([])
  nexus.close()
})

test('a kind whose name nobody has is a bug, not a plan', () => {
  expect(() => kinds.named('dockerHosty')).toThrow('there is no kind dockerHosty')
})

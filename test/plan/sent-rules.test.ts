// Rules see what will be sent: the server's values under those of the file, before the first write.
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import type { Config } from '../../src/config/config.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { intents } from '../../src/intents/index.ts'
import type { Nexus } from '../../src/nexus/client.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { checkWhatWillBe } from '../../src/plan/sent-rules.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import { fieldsOf, schemaOf, secretText } from '../../src/resources/contract/fields.ts'
import type { Kind } from '../../src/resources/contract/kind.ts'
import { sensitive } from '../../src/resources/contract/object.ts'
import type { Finding, Rule } from '../../src/resources/contract/rule.ts'
import { tableOf } from '../../src/resources/contract/table.ts'
import { kinds } from '../../src/resources/index.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import type { ServerState } from '../../src/state/state.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { applyTo } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { writesOf } from '../helpers/sandbox.ts'
import { sectionOf } from '../helpers/writes.ts'

let sandbox: Sandbox
let nexus: Nexus

beforeEach(async () => {
  sandbox = await startSandbox({ version: '3.96.0', edition: 'pro' })
  nexus = nexusOf(sandbox)
})
afterEach(async () => {
  nexus.close()
  await sandbox.close()
})

async function prepare(document: object): Promise<void> {
  const config = await configOf(document)
  expect((await applyOn(nexus, (await planOn(nexus, config)).plan, config)).failed).toEqual([])
}

async function problemsOf(document: object) {
  const config = await configOf(document)
  const { state, plan } = await planOn(nexus, config)
  return checkAgainstServer(config, { kinds, intents, state }, plan).map(
    ({ severity, code, path, message }) => ({
      ...(severity === 'warning' && { severity }),
      code,
      path,
      message,
    }),
  )
}

const proxy = (fields: object) => ({
  repositories: { hub: { type: 'proxy', remoteUrl: 'https://registry.example.com', ...fields } },
})
const trusting = proxy({ httpClient: { useTrustStore: true } })

test('what the file alone cannot know: a field of the server that the written one contradicts', async () => {
  await prepare(trusting)
  expect(await problemsOf(proxy({ remoteUrl: 'http://registry.example.com' }))).toEqual([
    {
      code: 'trust-store-http',
      path: 'repositories.hub.httpClient.useTrustStore',
      message: 'useTrustStore needs an https remoteUrl; the server has httpClient.useTrustStore: true',
    },
  ])
  const without = { remoteUrl: 'http://registry.example.com', httpClient: { useTrustStore: false } }
  expect(await problemsOf(proxy(without))).toEqual([])
  expect(await problemsOf(proxy({ online: false }))).toEqual([])
})

test('it is refused before the first write, at the object in the file', async () => {
  await prepare(trusting)
  const before = writesOf(sandbox).length
  const file = fileWith(
    'repositories:\n  hub:\n    type: proxy\n    remoteUrl: http://registry.example.com\n',
  )
  const { code, stderr } = await applyTo(sandbox, file)
  expect(code).toBe(3)
  expect(stderr).toContain('repos.yml:2:')
  expect(stderr).toContain('the server has httpClient.useTrustStore: true')
  expect(writesOf(sandbox)).toHaveLength(before)
})

test('only what a server refuses is looked for: what it takes goes through as before', async () => {
  const login = { username: 'bob', password: 'secret-1' }
  const rows: [before: object, after: object][] = [
    [proxy({ authentication: login }), proxy({ authentication: { bearerToken: 'secret-2' } })],
    [
      proxy({ authentication: { ...login, ntlmHost: 'h', ntlmDomain: 'd' } }),
      proxy({ authentication: { ...login, type: 'username' } }),
    ],
    [proxy({ index: 'custom', indexUrl: 'https://index.example.com/' }), proxy({ index: 'registry' })],
    [
      { repositories: { apps: { type: 'hosted', writePolicy: 'allow-once', latestPolicy: true } } },
      { repositories: { apps: { type: 'hosted', writePolicy: 'allow' } } },
    ],
  ]
  for (const [before, after] of rows) {
    await prepare(before)
    expect(await problemsOf(after)).toEqual([])
    await prepare(after)
  }
})

test('the version counts that the server has', async () => {
  const apps = (fields: object) => ({ repositories: { apps: { type: 'hosted', ...fields } } })
  const port = { httpPort: 8083 }
  await prepare(apps({ pathEnabled: true }))
  expect(await problemsOf(apps(port))).toMatchObject([{ code: 'path-and-port' }])
  const older = await startSandbox({ version: '3.90.0', edition: 'pro', acceptsPathWithPort: true })
  const [newer, newerNexus] = [sandbox, nexus]
  nexus = nexusOf(older)
  await prepare(apps({ pathEnabled: true }))
  expect(await problemsOf(apps(port))).toMatchObject([{ code: 'path-and-port', severity: 'warning' }])
  nexus.close()
  await older.close()
  ;[sandbox, nexus] = [newer, newerNexus]
})

test("what is wrong on the server already is not this change's doing", async () => {
  const plain = (fields: object) => proxy({ remoteUrl: 'http://registry.example.com', ...fields })
  await prepare(plain({}))
  // Nobody could write this over the API of today; an old server may have kept it.
  Object.assign(sectionOf(sandbox, 'hub', 'httpClient'), { connection: { useTrustStore: true } })
  expect(await problemsOf(plain({ online: false }))).toEqual([])
})

/** One kind with one rule, and a server that has the object "a" or nothing. */
function tryRule(rule: Rule, spec: Record<string, unknown>, wire: JsonObject | undefined) {
  const kind: Kind<typeof fields> = {
    kind: 'account',
    label: 'account',
    namespace: 'account',
    section: { key: 'accounts', form: 'map' },
    schema: schemaOf(fields),
    fields,
    rules: [rule],
    references: () => [],
    list: () => Promise.resolve([]),
    create: () => Promise.resolve(),
    find: () => Promise.resolve(undefined),
    update: () => Promise.resolve(),
  }
  const tables = { kinds: tableOf([kind]), intents: [] }
  const state: ServerState = {
    server: { version: '3.90.0', edition: 'pro' },
    actual: new Map([['account', wire ? [{ id: 'a', wire }] : []]]),
    occupants: new Map(),
  }
  const config: Config = {
    nexus: {},
    sections: {},
    objects: [{ kind: 'account', id: 'a', spec, path: ['accounts', 'a'], because: {} }],
    externals: [],
    secrets: new Map(),
    serverUrl: undefined,
    root: { kind: 'map', entries: new Map(), span: { file: 'x', start: 0, end: 0 } },
  }
  const plan = makePlan(config, { kinds: tables.kinds, state, options: { rotateSecrets: false } })
  return checkWhatWillBe(config, tables, state, plan)
}

const { field, removableSection } = fieldsOf<{ login: { user: string; word: string }; note: string }>()
const fields = {
  login: removableSection('login', 'How it signs in.'),
  'login.user': field('login.user', z.string(), { describe: 'Who.' }),
  'login.word': field('login.word', secretText, {
    describe: 'With what.',
    secret: { presentWhen: 'section' },
  }),
  note: field('note', z.string(), { describe: 'Why.' }),
}

test('a rule is given what will be: a section that the file removes takes what the server has in it along', () => {
  const seenFor = (spec: Record<string, unknown>) => {
    let seen: unknown[] = []
    const rule: Rule = ({ objects }) => {
      seen = objects.map(({ values }) => values)
    }
    expect(tryRule(rule, spec, { login: { user: 'robot' }, note: 'old' })).toEqual([])
    return seen
  }
  expect(seenFor({ note: 'new', login: null })).toEqual([{ note: 'new', login: null }])
  expect(seenFor({ note: 'new', login: { word: sensitive } })).toEqual([
    { note: 'new', 'login.user': 'robot', 'login.word': sensitive },
  ])
})

// What is told of the login "bad", by what a finding says of itself and where it comes from: the file, the server, this run or one before.
const situations = {
  'made by this run': [{ login: { user: 'bad' } }, undefined],
  'changed by this run': [{ login: { user: 'bad' } }, { login: { user: 'good' } }],
  "the server's, and something else is changed": [{ note: 'new' }, { login: { user: 'bad' }, note: 'old' }],
  "the server's, and nothing is changed": [{ note: 'old' }, { login: { user: 'bad' }, note: 'old' }],
} as const
const toldOf: [about: Partial<Finding>, told: boolean[]][] = [
  [{}, [false, false, false, false]],
  [{ refused: true }, [false, false, false, false]],
  [{ severity: 'warning', untilAsked: true }, [true, true, false, false]],
  [{ severity: 'warning', standing: true }, [false, false, true, true]],
]

test.each(toldOf)(
  'what is told once the server has been asked, of a finding that says %j of itself',
  (about, told) => {
    const rule: Rule = ({ objects, report }) => {
      for (const object of objects)
        if (object.values['login.user'] === 'bad')
          report(object, 'login.user', {
            code: 'bad-login',
            message: 'it is bad',
            hint: 'use another',
            ...about,
          })
    }
    const found = Object.values(situations).map(([spec, wire]) => tryRule(rule, spec, wire).length > 0)
    // What the file alone tells has been told before.
    expect(found).toEqual(told)
  },
)

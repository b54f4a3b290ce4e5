// What only the server can tell: each rule with its code, its place and its words.
import { expect, test } from 'vitest'
import { intents } from '../../src/intents/index.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import { kinds } from '../../src/resources/index.ts'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

/** The problems of a document on a server on which others have been applied before. */
async function problemsOf(document: object, options: SandboxOptions = {}, ...before: object[]) {
  const nexus = nexusOf(await sandboxFor(options))
  for (const earlier of before) {
    const config = await configOf(earlier)
    expect((await applyOn(nexus, (await planOn(nexus, config)).plan, config)).failed).toEqual([])
  }
  const config = await configOf(document)
  const { state, plan } = await planOn(nexus, config)
  nexus.close()
  return checkAgainstServer(config, { kinds, intents, state }, plan).map(({ span, ...problem }) => problem)
}

const hosted = { type: 'hosted' }

test('names in lower case, whatever version the file says', async () => {
  const document = { nexus: { version: '3.77.0' }, repositories: { Apps: hosted } }
  expect(await problemsOf(document, { version: '3.90.0' })).toEqual([
    {
      severity: 'error',
      refused: true,
      code: 'upper-case-name',
      path: 'repositories.Apps',
      message: 'Nexus 3.90.0 accepts Docker repository names only in lower case',
      hint: 'write "apps"',
    },
  ])
  expect(await problemsOf(document, { version: '3.77.0' })).toEqual([])
})

test('a repository that is switched off on the server is told, where the file does not say so', async () => {
  const off = { repositories: { apps: { ...hosted, online: false } } }
  const told = {
    severity: 'warning',
    standing: true,
    code: 'offline',
    path: 'repositories.apps',
    message: 'docker/hosted "apps" is offline on the server and serves nothing',
    hint: 'write "online: true" to bring it back, or "online: false" if that is intended',
  }
  expect(await problemsOf({ repositories: { apps: hosted } }, {}, off)).toEqual([told])
  expect(await problemsOf({ repositories: { apps: { ...hosted, httpPort: 8083 } } }, {}, off)).toEqual([told])
  for (const online of [true, false])
    expect(await problemsOf({ repositories: { apps: { ...hosted, online } } }, {}, off)).toEqual([])
  expect(await problemsOf({ repositories: { other: hosted } }, {}, off)).toEqual([])
})

test('what is external has to be there', async () => {
  const document = { repositories: { all: { type: 'group', members: ['old'] }, old: { external: true } } }
  expect(await problemsOf(document)).toEqual([
    {
      severity: 'error',
      code: 'external-missing',
      path: 'repositories.old',
      message: 'repository "old" does not exist on the server',
      hint: 'create it there, or describe it here instead of "external: true"',
    },
  ])
  expect(await problemsOf(document, {}, { repositories: { old: hosted } })).toEqual([])
})

test('what the file refers to and does not describe has to be there', async () => {
  const hub = (routingRule: string) => ({
    repositories: { hub: { type: 'proxy', upstream: 'docker-hub', routingRule } },
  })
  const rules = { routingRules: { 'no-secrets': { mode: 'block', matchers: ['.*secret.*'] } } }
  const missing = {
    severity: 'error',
    code: 'routing-rule-missing',
    path: 'repositories.hub.routingRule',
    message: 'the server has no routing rule "no-secret"',
  }
  expect(await problemsOf(hub('no-secret'), {}, rules)).toEqual([
    { ...missing, hint: 'did you mean "no-secrets"?' },
  ])
  expect(await problemsOf(hub('no-secret'))).toEqual([
    { ...missing, hint: 'create it on the server first, or remove it here' },
  ])
  expect(await problemsOf({ ...rules, ...hub('no-secrets') })).toEqual([])
})

test('a port that another repository keeps, in the file or not', async () => {
  const old = { repositories: { old: { ...hosted, httpPort: 5001 } } }
  const taken = {
    severity: 'error',
    refused: true,
    code: 'port-taken',
    path: 'repositories.new.httpPort',
    message: 'httpPort 5001 is used by docker/hosted "old" on the server',
    hint: 'choose another port, e.g. 5002, or add "old" to the file with another httpPort (or null)',
  }
  const wanted = { new: { ...hosted, httpPort: 5001 } }
  expect(await problemsOf({ repositories: wanted }, {}, old)).toEqual([taken])
  // Also where the holder is in the file without its port, before and after whoever wants it.
  for (const repositories of [
    { old: { ...hosted, online: false }, ...wanted },
    { ...wanted, old: { ...hosted, online: false } },
  ])
    expect(await problemsOf({ repositories }, {}, old)).toEqual([taken])
  const moved = { old: { ...hosted, httpPort: 5002 }, ...wanted }
  expect(await problemsOf({ repositories: moved }, {}, old)).toEqual([])
})

test('a port that a refused change would give up is not told as taken', async () => {
  const login = { authentication: { username: 'robot', password: 'secret-1' } }
  const hub = { type: 'proxy', remoteUrl: 'https://registry.example.com', httpPort: 8085 }
  const document = {
    repositories: { hub: { ...hub, httpPort: 8086 }, apps: { ...hosted, httpPort: 8085 } },
  }
  const problems = await problemsOf(document, {}, { repositories: { hub: { ...hub, ...login } } })
  expect(problems).toMatchObject([{ code: 'upstream-password-missing' }])
})

test('a licence that nobody has accepted keeps images away: an error where something is to be written', async () => {
  const options: SandboxOptions = { version: '3.90.0', edition: 'community', state: 'fresh' }
  const open = {
    code: 'eula-not-accepted',
    path: '',
    message:
      "the server's licence agreement (EULA) has not been accepted, and until it is, images can be neither pushed nor pulled",
  }
  expect(await problemsOf({ repositories: { apps: hosted } }, options)).toMatchObject([
    { ...open, severity: 'error' },
  ])
  const blobStores = { blobStores: { default: {} } }
  expect(await problemsOf(blobStores, options)).toMatchObject([{ ...open, severity: 'warning' }])
  const accepted = { bootstrap: { acceptEula: true }, repositories: { apps: hosted } }
  expect(await problemsOf(accepted, options)).toEqual([])
})

test('an external name that is nearly one of the server, and not one of the file', async () => {
  const there = { repositories: { mirror: hosted, apps: hosted } }
  const hints = async (document: object) =>
    (await problemsOf(document, {}, there)).map(({ code, hint }) => [code, hint])
  const rest = 'create it there, or describe it here instead of "external: true"'
  expect(await hints({ repositories: { miror: { external: true } } })).toEqual([
    ['external-missing', `did you mean "mirror"? Otherwise ${rest}`],
  ])
  expect(await hints({ repositories: { mirror2: { external: true }, mirror: hosted } })).toEqual([
    ['external-missing', rest],
  ])
})

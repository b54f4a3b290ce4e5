import { expect, test } from 'vitest'
import * as z from 'zod'
import { checkRules } from '../../src/config/rules/index.ts'
import { runRules } from '../../src/config/rules/run-rules.ts'
import { intents } from '../../src/intents/index.ts'
import type { Kind } from '../../src/resources/contract/kind.ts'
import { eachOf, type Rule } from '../../src/resources/contract/rule.ts'
import { tableOf } from '../../src/resources/contract/table.ts'
import { kinds } from '../../src/resources/index.ts'
import { defined } from './defined.ts'
import { loadText, placed } from './load-text.ts'

test('a rule that kinds share is run once', async () => {
  let runs = 0
  const shared: Rule = ({ inNamespace, report }) => {
    runs += 1
    for (const repository of inNamespace('repository'))
      report(repository, '', { code: 'seen', message: 'seen', hint: 'none', severity: 'warning' })
  }
  const all = kinds.all.map((kind) => ({ ...kind, rules: [...(kind.rules ?? []), shared] }))
  const yaml = 'repositories: {a: {type: hosted}, b: {type: group, members: [a]}}\n'
  const loaded = await loadText(yaml, { kinds: tableOf(all) })
  expect(runs).toBe(1)
  expect(placed(loaded).map(({ code, path }) => `${code} ${path}`)).toEqual([
    'seen repositories.a',
    'seen repositories.b',
  ])
})

test('a rule for one kind sees the objects of that kind alone', async () => {
  const { config } = await loadText('repositories: {a: {type: hosted}}\nblobStores: {s: {}}\n')
  const rule = eachOf('blobStore', (store, { report }) => {
    report(store, 'path', { code: 'seen', message: store.id, hint: 'none' })
  })
  const problems = runRules({ config: defined(config), kinds }, [rule, rule])
  expect(problems.map(({ message, path }) => `${message} ${path}`)).toEqual(['s blobStores.s.path'])
})

test('the same rules look at other values: those of the server under those of the file', async () => {
  const yaml = 'repositories:\n  a: {type: hosted, httpPort: 5000}\n  b: {type: hosted}\n'
  const config = defined((await loadText(yaml)).config)
  const onServer = { a: { pathEnabled: true }, b: { httpsPort: 5000 } }
  expect(checkRules({ config, kinds, intents })).toEqual([])
  const problems = checkRules({
    config,
    kinds,
    intents,
    valuesOf: ({ id, spec }) => ({ ...onServer[id as 'a' | 'b'], ...(spec as object) }),
  })
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    // What the file does not write stays as it is, so that what it writes is told.
    'port-taken repositories.a.httpPort',
    'https-connector repositories.b.httpsPort',
    'path-and-port repositories.a.httpPort',
  ])
})

test('a kind may be chosen by several keys, of which one may be left out', async () => {
  const schema = z.strictObject({ path: z.string().optional() })
  const kindOf = (kind: string, type: string, format: string, implied?: true): Kind => ({
    ...kinds.named('blobStore'),
    kind,
    schema,
    section: {
      key: 'stores',
      form: 'map',
      chosenBy: { type: { word: type }, format: { word: format, ...(implied && { implied }) } },
    },
  })
  const table = tableOf([
    kindOf('plainFile', 'file', 'plain', true),
    kindOf('packedFile', 'file', 'packed'),
    kindOf('plainObject', 'object', 'plain', true),
  ])
  const load = (yaml: string) => loadText(`stores: ${yaml}\n`, { kinds: table, intents: [] })
  const { config } = await load('{a: {type: file}, b: {type: file, format: packed}, c: {type: object}}')
  expect(defined(config).objects.map(({ kind }) => kind)).toEqual(['plainFile', 'packedFile', 'plainObject'])
  const wrong = async (yaml: string) => placed(await load(yaml)).map(({ code, hint }) => ({ code, hint }))
  expect(await wrong('{a: {format: packed}}')).toEqual([
    { code: 'missing-type', hint: 'add "type: file", "type: object"' },
  ])
  expect(await wrong('{a: {type: object, format: packed}}')).toEqual([
    { code: 'unknown-type', hint: 'formats here: plain' },
  ])
})

test('what the server calls an object may be another name than that of the file', async () => {
  const renamed = { ...kinds.named('blobStore'), identity: (name: string) => `store-${name}` }
  const { config } = await loadText('blobStores: {a: {}}\n', { kinds: tableOf([renamed]), intents: [] })
  expect(defined(config).objects).toMatchObject([{ id: 'store-a', path: ['blobStores', 'a'] }])
})

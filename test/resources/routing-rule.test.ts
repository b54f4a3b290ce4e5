import { expect, test } from 'vitest'
import { routingRule } from '../../src/resources/routing-rule.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, getJson, sandboxFor, send, writesOf } from '../helpers/sandbox.ts'
import { recordingNexus, testKind, writing } from './table.ts'

testKind({
  kind: routingRule,
  base: { mode: 'block', matchers: ['^/a/.*'] },
  rows: [
    { field: 'description', file: 'no acme', request: ['description', 'no acme'], answers: [['', '']] },
    {
      field: 'mode',
      file: 'allow',
      request: ['mode', 'ALLOW'],
      answers: [
        ['BLOCK', 'block'],
        ['ALLOW', 'allow'],
      ],
    },
    { field: 'mode', file: 'BLOCK', shown: 'block', request: ['mode', 'BLOCK'] },
    {
      field: 'matchers',
      file: ['^/b/.*', '^/a/.*', '^/b/.*'],
      request: ['matchers', ['^/b/.*', '^/a/.*', '^/b/.*']],
      answers: [
        [
          ['x', 'x'],
          ['x', 'x'],
        ],
      ],
    },
  ],
})

test('the name goes with every request, so that an update never renames', async () => {
  const { nexus, sent } = recordingNexus()
  await routingRule.update(nexus, {
    ...writing('a b', { mode: 'ALLOW', matchers: ['x'], description: '' }),
    current: { id: 'a b', wire: {} },
  })
  expect(sent).toMatchObject([
    { method: 'PUT', path: '/service/rest/v1/routing-rules/a%20b', json: { name: 'a b', mode: 'ALLOW' } },
  ])
})

const file = (description = 'names of ours never leave') => `
routingRules:
  own-names: {mode: block, matchers: ['^/v2/acme/.*'], description: ${description}}
repositories:
  hub: {type: proxy, upstream: docker-hub, routingRule: own-names}
`

test.each(['3.28.0', '3.62.0', '3.77.1', '3.90.0', '3.96.0'])(
  '%s: the rule comes before its proxy, a second run changes nothing',
  async (version) => {
    const sandbox = await sandboxFor({ version })
    const env = environmentOf(sandbox)
    const first = await runCli(['apply', '--yes', '-f', fileWith(file())], { env })
    expect(first).toMatchObject({ code: 0 })
    expect(writesOf(sandbox).map(({ path }) => path)).toEqual([
      '/service/rest/v1/routing-rules',
      '/service/rest/v1/repositories/docker/proxy',
    ])
    expect(await getJson(sandbox, '/v1/routing-rules/own-names')).toEqual({
      name: 'own-names',
      description: 'names of ours never leave',
      mode: 'BLOCK',
      matchers: ['^/v2/acme/.*'],
    })
    expect((await runCli(['plan', '-f', fileWith(file()), '--detailed-exitcode'], { env })).code).toBe(0)
    const changed = await runCli(['apply', '--yes', '-f', fileWith(file('other')), '-o', 'json'], { env })
    expect(JSON.parse(changed.stdout)).toMatchObject({ summary: { update: 1 }, requests: { writes: 1 } })
  },
)

test('a rule that neither the file nor the server has is refused before the first write; one that the server has is fine', async () => {
  const sandbox = await sandboxFor()
  const env = environmentOf(sandbox)
  const path = fileWith('repositories:\n  hub: {type: proxy, upstream: docker-hub, routingRule: own-nmes}\n')
  await send(sandbox, 'POST', '/v1/routing-rules', {
    name: 'own-names',
    description: '',
    mode: 'BLOCK',
    matchers: ['x'],
  })
  const before = writesOf(sandbox).length
  const refused = await runCli(['apply', '--yes', '-f', path], { env })
  expect(refused.code).toBe(3)
  expect(refused.stderr).toContain('error[routing-rule-missing]')
  expect(refused.stderr).toContain('repos.yml:2:')
  expect(refused.stderr).toContain('did you mean "own-names"?')
  expect(writesOf(sandbox)).toHaveLength(before)
  const fine = fileWith('repositories:\n  hub: {type: proxy, upstream: docker-hub, routingRule: own-names}\n')
  expect((await runCli(['apply', '--yes', '-f', fine], { env })).code).toBe(0)
})

// Plans as people read them: lists item by item, settings by their name, what is refused counted apart.
import { expect, test } from 'vitest'
import { plain } from '../../src/core/paint.ts'
import { planDocument } from '../../src/report/document.ts'
import { renderPlanMarkdown } from '../../src/report/plan-markdown.ts'
import { renderPlanText } from '../../src/report/plan-text.ts'
import type { ServerState } from '../../src/state/state.ts'
import { configOf, emptyState, planFor } from '../helpers/in-process.ts'

const names = Array.from({ length: 200 }, (_, index) => `member-${String(index).padStart(3, '0')}`)
const hosted = { type: 'hosted' }

/** A server with these members in a group, and all of them as hosted repositories. */
function serverWith(members: string[]): ServerState {
  const empty = emptyState()
  const common = { online: true, storage: { blobStoreName: 'default' }, docker: {} }
  const group = { id: 'all', wire: { name: 'all', ...common, group: { memberNames: members } } }
  const ids = [...names, 'newcomer']
  const actual = new Map([
    ...empty.actual,
    ['dockerGroup', [group]],
    ['dockerHosted', ids.map((id) => ({ id, wire: { name: id, ...common } }))],
  ] as const)
  const occupants = [...ids.map((id) => ({ id, kind: 'dockerHosted', label: 'docker/hosted' }))]
  return { ...empty, actual, occupants: new Map([...empty.occupants, ['repository', occupants]]) }
}

async function documentOf(file: object, state: ServerState) {
  const config = await configOf(file)
  const plan = planFor(config, state)
  const requests = { total: 1, writes: 0 }
  return planDocument({
    plan,
    config,
    sources: [],
    problems: [],
    accepted: [],
    url: 'http://localhost:8081',
    requests,
  })
}

test('one of two hundred members: what is added, what is taken out, and how many are kept', async () => {
  const members = names.map((name) => (name === 'member-117' ? 'newcomer' : name))
  const described = Object.fromEntries([...names, 'newcomer'].map((name) => [name, hosted]))
  const file = { repositories: { ...described, all: { type: 'group', members } } }
  const document = await documentOf(file, serverWith(names))
  const shown = '+newcomer at 118, -member-117 (199 kept)'
  expect(renderPlanText(document, plain)).toContain(`      members  ${shown}\n`)
  expect(renderPlanMarkdown(document)).toContain(`\`members\`: ${shown}`)
  expect(document.changes[0]?.fields).toMatchObject([{ path: 'members', before: names, after: members }])
})

test('of a list whose order means nothing the order is not told', async () => {
  const state = emptyState()
  const [proxy] = state.actual.get('httpProxy') ?? []
  Object.assign(proxy?.wire ?? {}, { nonProxyHosts: ['b', 'a'], http: { host: 'proxy', port: 3128 } })
  const document = await documentOf({ httpProxy: { exclude: ['a', 'b', 'c'] } }, state)
  expect(renderPlanText(document, plain)).toContain('  exclude  +c (2 kept)\n')
})

test('items of a new list that would be read as several are quoted', async () => {
  const rule = { mode: 'block', matchers: ['^/v2/a{1,2}$', '^/b, c$', '^/d$'] }
  const document = await documentOf({ routingRules: { rule } }, emptyState())
  expect(renderPlanText(document, plain)).toContain('  matchers  ["^/v2/a{1,2}$", "^/b, c$", ^/d$]\n')
})

test('settings of which there is one go by their name alone; others by what they are and their name', async () => {
  const file = { anonymousPull: true, repositories: { apps: hosted } }
  const document = await documentOf(file, emptyState())
  const text = renderPlanText(document, plain)
  expect(text).toMatch(/^ {2}~ security realms$/m)
  expect(text).toMatch(/^ {2}~ anonymous access$/m)
  expect(text).toMatch(/^ {2}\+ docker\/hosted {2}apps$/m)
  const markdown = renderPlanMarkdown(document)
  expect(markdown).toContain('| update | security realms | ')
  expect(markdown).toContain('| create | docker/hosted `apps` | ')
})

test('what is refused is counted apart, and not as a change', async () => {
  const file = { repositories: { 'member-000': { type: 'proxy', upstream: 'docker-hub' }, fresh: hosted } }
  const document = await documentOf(file, serverWith(names))
  expect(document.summary).toMatchObject({ create: 1, update: 0, replace: 0, refused: 1 })
  expect(renderPlanText(document, plain)).toContain(
    'Plan: 1 to create, 0 to update, 0 to delete, 1 refused, 0 unchanged.',
  )
  expect(renderPlanMarkdown(document)).toContain(
    '**1** to create, **0** to update, **0** to delete, 0 unchanged, **1 refused**.',
  )
})

test('a reason stays beside its field, in terminals of any width', async () => {
  const document = await documentOf({ anonymousPull: true, repositories: { apps: hosted } }, emptyState())
  for (let columns = 30; columns <= 120; columns += 1)
    expect(renderPlanText(document, plain, columns)).not.toMatch(/anonymousPull:\s*\n/)
})

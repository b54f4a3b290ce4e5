// Random configurations, one after the other on one sandbox: each comes true, and what it does not say stays.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { getPath, type JsonObject, setPath } from '../../src/core/json.ts'
import { intents } from '../../src/intents/index.ts'
import type { Nexus } from '../../src/nexus/client.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import type { Kind } from '../../src/resources/contract/kind.ts'
import { kinds } from '../../src/resources/index.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { documents } from '../helpers/arbitrary-config.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { getJson } from '../helpers/sandbox.ts'

async function withServer(use: (sandbox: Sandbox, nexus: Nexus) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ version: '3.92.0' })
  sandbox.state.cleanupPolicies.push(...['p1', 'p2', 'p3'].map((name) => ({ name, format: 'docker' })))
  for (const name of ['rule1', 'rule2'])
    sandbox.state.routingRules.push({ name, description: '', mode: 'BLOCK', matchers: ['x'] })
  const nexus = nexusOf(sandbox)
  try {
    await use(sandbox, nexus)
  } finally {
    nexus.close()
    await sandbox.close()
  }
}

/** All repositories with their settings as the server answers them, without what is derived. */
async function settingsOf(sandbox: Sandbox): Promise<Map<string, JsonObject>> {
  const list = (await getJson(sandbox, '/v1/repositorySettings')) as JsonObject[]
  return new Map(list.map((settings) => [JSON.stringify(settings['name']), settings]))
}

test('applied on whatever was before, the plan is empty afterwards, and only written fields have changed', async () => {
  const seen = { applied: 0, refused: 0, updates: 0 }
  const property = fc.asyncProperty(fc.array(documents, { minLength: 2, maxLength: 4 }), (sequence) =>
    withServer(async (sandbox, nexus) => {
      for (const document of sequence) {
        const config = await configOf(document)
        const { state, plan } = await planOn(nexus, config)
        const before = await settingsOf(sandbox)
        const errors = checkAgainstServer(config, { kinds, intents, state }, plan).filter(
          ({ severity }) => severity === 'error',
        )
        if (errors.length > 0) {
          // A port that another repository keeps because the file does not write its ports.
          expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['port-taken']))
          seen.refused += 1
          continue
        }
        const result = await applyOn(nexus, plan, config)
        expect(result.failed.map(({ change, error }) => `${change.id}: ${error.message}`)).toEqual([])
        expect(result.skipped).toEqual([])
        const { plan: again } = await planOn(nexus, config)
        expect(again.changes.map(({ id, fields }) => ({ id, fields }))).toEqual([])
        seen.applied += 1
        const after = await settingsOf(sandbox)
        for (const change of plan.changes.filter(({ action }) => action === 'update')) {
          const old = before.get(JSON.stringify(change.id))
          const now = after.get(JSON.stringify(change.id))
          if (!old || !now) continue
          seen.updates += 1
          expect(without(kinds.named(change.kind), now, change.values)).toEqual(
            without(kinds.named(change.kind), old, change.values),
          )
        }
      }
    }),
  )
  await fc.assert(property, { numRuns: 25, seed: 2026 })
  expect(seen.applied).toBeGreaterThan(20)
  expect(seen.updates).toBeGreaterThan(20)
})

/** The settings with all written fields set to null: what is left is the server's own. */
function without(kind: Kind, settings: JsonObject, written: Record<string, unknown>): JsonObject {
  const copy = structuredClone(settings)
  for (const path of Object.keys(written)) {
    const field = kind.fields[path]
    if (!field || field.options.secret) continue
    const section = field.wire.split('.').slice(0, -1).join('.')
    // A login is written or not as a whole.
    if (section.endsWith('authentication')) setPath(copy, 'httpClient.authentication', null)
    else if (section === '' || getPath(copy, section) !== null) setPath(copy, field.wire, null)
  }
  // A repository that never had policies answers null; any list that was written makes it an object.
  if ('cleanupPolicies' in written) copy['cleanup'] = null
  return copy
}

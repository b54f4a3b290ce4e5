import type { Config, Tables } from '../config/config.ts'
import { runRules } from '../config/rules/run-rules.ts'
import type { Problem } from '../core/problem.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import { objectKey } from '../resources/contract/object.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { valuesIn } from './neighbours.ts'
import type { Plan } from './types.ts'

/**
 * What the rules of kinds and intents that ask for it say of the objects as they will be, the server's values under those of the file. Settings
 * of which the file says nothing are looked at as well, where they were read. What the file alone says has been told.
 */
export function warningsWithServer(
  config: Config,
  { kinds, intents }: Tables,
  state: ServerState,
  plan: Plan,
): Problem[] {
  const rules = [...kinds.all, ...intents].flatMap(({ serverRules = [] }) => serverRules)
  const planned = new Map(plan.changes.map((change) => [objectKey(change), change.values]))
  const valuesOf = (object: DesiredObject) => {
    const kind = kinds.named(object.kind)
    const actual = findActual(state, object)
    return {
      ...(actual && valuesIn(kind, actual.wire)),
      ...(planned.get(objectKey(object)) ?? valuesOfObject(kind, object)),
    }
  }
  const described = new Set(config.objects.map(({ kind }) => kind))
  const settings = kinds.all.flatMap(({ kind, section }): DesiredObject[] => {
    if (section.form !== 'block' || described.has(kind)) return []
    const [actual] = state.actual.get(kind) ?? []
    return actual ? [{ kind, id: actual.id, spec: {}, path: [section.key], because: {} }] : []
  })
  const objects = [...config.objects, ...settings]
  const rawOf = (object: DesiredObject) => findActual(state, object)?.raw
  const found = runRules({ config: { ...config, objects }, kinds, valuesOf, rawOf }, rules)
  if (found.length === 0) return []
  const told = new Set(runRules({ config, kinds }, rules).map(({ code }) => code))
  return found.filter(({ code }) => !told.has(code))
}

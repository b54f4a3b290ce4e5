import type { Config, Tables } from '../config/config.ts'
import { checkRules } from '../config/rules/index.ts'
import type { Problem } from '../core/problem.ts'
import { flowText } from '../core/yaml-text.ts'
import { actualValue, type Values } from '../resources/contract/fields.ts'
import type { Kind } from '../resources/contract/kind.ts'
import { type DesiredObject, objectKey, sensitive } from '../resources/contract/object.ts'
import { fieldSteps } from '../resources/contract/rule.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { formatPath, nodeAt } from '../yaml/located.ts'
import { layOver, presence } from './diff.ts'
import type { Plan } from './types.ts'

/**
 * What the rules say of the objects as they will be, the server's values under those of the file, and its real version: findings of what
 * the server refuses. What the file alone says has been told, and what the server has already is not this change's doing.
 */
export function checkWhatIsSent(config: Config, tables: Tables, state: ServerState, plan: Plan): Problem[] {
  const updates = new Map(
    plan.changes.filter(({ action }) => action === 'update').map((change) => [objectKey(change), change]),
  )
  if (updates.size === 0) return []
  const kindOf = ({ kind }: DesiredObject) => tables.kinds.named(kind)
  const written = (object: DesiredObject) => valuesOfObject(kindOf(object), object)
  const onServer = (object: DesiredObject) => {
    const actual = findActual(state, object)
    return actual ? valuesIn(kindOf(object), actual.wire) : written(object)
  }
  const sent = (object: DesiredObject): Values => {
    const { values, seen } = updates.get(objectKey(object)) ?? {}
    if (!values || !seen) return onServer(object)
    const kind = kindOf(object)
    return { ...valuesIn(kind, layOver(kind, seen, values)), ...values }
  }
  const nexus = { ...config.nexus, version: state.server.version }
  const refused = (valuesOf: (object: DesiredObject) => Values) =>
    checkRules({ ...tables, config: { ...config, nexus }, valuesOf }).filter((problem) => problem.refused)
  const found = refused(sent)
  if (found.length === 0) return []
  const known = new Set([...refused(written), ...refused(onServer)].map(keyOf))
  return found
    .filter((problem) => !known.has(keyOf(problem)))
    .map((problem) => withOrigin(problem, config, sent))
}

function keyOf({ code, path }: Problem): string {
  return `${code} ${path}`
}

/** What an object on the wire has, in the file's terms; a secret that it says to have stands there as one. */
export function valuesIn({ fields }: Kind, wire: Parameters<typeof actualValue>[1]): Values {
  const values: Values = {}
  for (const [path, field] of Object.entries(fields)) {
    if (field.section || field.options.intent) continue
    const { secret } = field.options
    const hidden = secret && presence(field, wire) === 'there' ? sensitive : undefined
    const value = secret ? hidden : actualValue(field, wire)
    if (value !== undefined && value !== null) values[path] = value
  }
  return values
}

/** A field that the file does not write is nowhere in it: the sentence says what the server has. */
function withOrigin(
  problem: Problem,
  { objects, root }: Config,
  sent: (object: DesiredObject) => Values,
): Problem {
  const object = objects.find(({ path }) => problem.path.startsWith(`${formatPath(path)}.`))
  const field = object && problem.path.slice(formatPath(object.path).length + 1)
  if (!object || field === undefined || nodeAt(root, [...object.path, ...fieldSteps(field)])) return problem
  const value = sent(object)[field]
  if (value === undefined || value === sensitive) return problem
  return { ...problem, message: `${problem.message}; the server has ${field}: ${flowText(value)}` }
}

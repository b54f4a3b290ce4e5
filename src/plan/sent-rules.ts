import type { Config, Tables } from '../config/config.ts'
import { checkRules } from '../config/rules/index.ts'
import type { Problem } from '../core/problem.ts'
import { flowText } from '../core/yaml-text.ts'
import { actualValue, type Value, type Values } from '../resources/contract/fields.ts'
import type { Actual, Kind } from '../resources/contract/kind.ts'
import { type DesiredObject, sensitive } from '../resources/contract/object.ts'
import { fieldSteps } from '../resources/contract/rule.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { formatPath, nodeAt, type Path } from '../yaml/located.ts'
import { isKept } from './lost-secrets.ts'
import type { Plan } from './types.ts'

/**
 * What the rules say of the objects as they will be: the server's values under those of the file. What the file alone says has been told,
 * and what is wrong on the server already is not this change's doing.
 */
export function checkWhatIsSent(config: Config, tables: Tables, state: ServerState, plan: Plan): Problem[] {
  const { kinds } = tables
  if (!plan.changes.some(({ action }) => action === 'update')) return []
  const onServer = (object: DesiredObject): Values | undefined => {
    const actual = findActual(state, object)
    return actual && serverValues(kinds.named(object.kind), actual)
  }
  const written = (object: DesiredObject) => valuesOfObject(kinds.named(object.kind), object)
  const sent = (object: DesiredObject) =>
    laidOver(kinds.named(object.kind), onServer(object) ?? {}, written(object))
  const problemsWith = (valuesOf: (object: DesiredObject) => Values) =>
    checkRules({ ...tables, config, valuesOf })
  const known = [...problemsWith(written), ...problemsWith((object) => onServer(object) ?? written(object))]
  const keys = new Set(known.map(keyOf))
  return problemsWith(sent)
    .filter((problem) => !keys.has(keyOf(problem)))
    .map((problem) => withOrigin(problem, config, sent))
}

function keyOf({ code, path }: Problem): string {
  return `${code} ${path}`
}

/** What the server has of an object, in the file's terms; a secret that it says it has stands there as one. */
function serverValues({ fields }: Kind, { wire }: Actual): Values {
  const values: Values = {}
  for (const [path, field] of Object.entries(fields)) {
    if (field.section || field.options.intent) continue
    const value = field.options.secret ? secretOf(field, wire) : actualValue(field, wire)
    if (value !== undefined && value !== null) values[path] = value
  }
  return values
}

function secretOf(field: Parameters<typeof isKept>[0], wire: Actual['wire']): Value | undefined {
  return isKept(field, wire) ? sensitive : undefined
}

/** Where the file removes a section, the server's values in it are gone. */
function laidOver({ fields }: Kind, under: Values, over: Values): Values {
  const removed = Object.keys(over).filter((path) => fields[path]?.section && over[path] === null)
  const left = Object.entries(under).filter(([path]) => !removed.some((gone) => path.startsWith(`${gone}.`)))
  return { ...Object.fromEntries(left), ...over }
}

/** A field that the file does not write is nowhere in it: the sentence says what the server has. */
function withOrigin(
  problem: Problem,
  { objects, root }: Config,
  sent: (object: DesiredObject) => Values,
): Problem {
  const object = objects.find(({ path }) => problem.path.startsWith(`${formatPath(path)}.`))
  const field = object && problem.path.slice(formatPath(object.path).length + 1)
  if (!object || field === undefined) return problem
  const path: Path = [...object.path, ...fieldSteps(field)]
  const value = sent(object)[field]
  if (nodeAt(root, path) || value === undefined) return problem
  return { ...problem, message: `${problem.message}; the server has ${field}: ${flowText(value)}` }
}

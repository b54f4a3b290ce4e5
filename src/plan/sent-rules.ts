import type { Config, Tables } from '../config/config.ts'
import { checkRules } from '../config/rules/index.ts'
import type { Problem } from '../core/problem.ts'
import { flowText } from '../core/yaml-text.ts'
import { type DesiredObject, objectKey, sensitive } from '../resources/contract/object.ts'
import { fieldSteps, type Part } from '../resources/contract/rule.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { formatPath, nodeAt } from '../yaml/located.ts'
import { neighboursOf } from './neighbours.ts'
import type { Plan } from './types.ts'
import { type ValuesOf, valuesAfter, valuesBefore } from './values-after.ts'

/**
 * What the rules say of the objects as they will be, the server's values under those of the file, among everything else that the server
 * has, and with its real version: findings of what the server refuses, and of what the file alone does not tell. What it does tell has been
 * told, and what the server has already is not this run's doing, unless it stands in the way as long as it is there.
 */
export function checkWhatWillBe(config: Config, tables: Tables, state: ServerState, plan: Plan): Problem[] {
  const { kinds } = tables
  const changes = new Map(plan.changes.map((change) => [objectKey(change), change]))
  const onServer = valuesBefore(kinds, state)
  const willBe = valuesAfter(kinds, state, plan)
  const partOf = (object: DesiredObject): Part => {
    const change = changes.get(objectKey(object))
    if (!change) return 'kept'
    return change.seen ? 'changed' : 'created'
  }
  const onThisServer = {
    ...tables,
    config: { ...config, nexus: { ...config.nexus, version: state.server.version } },
    rawOf: (object: DesiredObject) => findActual(state, object)?.raw,
    neighbours: neighboursOf(config, { kinds, state }),
  }
  const isSent = plan.changes.length > 0
  const found = checkRules({ ...onThisServer, valuesOf: willBe, partOf }).filter(
    ({ refused, untilAsked, standing }) => standing || (isSent && (refused || untilAsked)),
  )
  if (found.length === 0) return []
  const isThere = (object: DesiredObject) => findActual(state, object) !== undefined
  const before = checkRules({
    ...onThisServer,
    config: { ...onThisServer.config, objects: config.objects.filter(isThere) },
    valuesOf: onServer,
    partOf: () => 'kept',
  }).filter(({ standing }) => !standing)
  // A warning of the file that no server need be asked for.
  const told = checkRules({ ...tables, config }).filter(({ untilAsked }) => !untilAsked)
  const known = new Set([...before, ...told].map(keyOf))
  return found
    .filter((problem) => !known.has(keyOf(problem)))
    .map((problem) => withOrigin(problem, config, state, willBe))
}

function keyOf({ severity, code, path }: Problem): string {
  return `${severity} ${code} ${path}`
}

/** A field that the file does not write is nowhere in it: the sentence says what the server has. */
function withOrigin(
  problem: Problem,
  { objects, root }: Config,
  state: ServerState,
  willBe: ValuesOf,
): Problem {
  const object = objects.find(({ path }) => problem.path.startsWith(`${formatPath(path)}.`))
  const field = object && problem.path.slice(formatPath(object.path).length + 1)
  if (!object || !findActual(state, object) || field === undefined) return problem
  if (nodeAt(root, [...object.path, ...fieldSteps(field)])) return problem
  const value = willBe(object)[field]
  if (value === undefined || value === sensitive) return problem
  return { ...problem, message: `${problem.message}; the server has ${field}: ${flowText(value)}` }
}

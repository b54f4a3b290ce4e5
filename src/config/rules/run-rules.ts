import type { Problem } from '../../core/problem.ts'
import type { FieldTable, Values } from '../../resources/contract/fields.ts'
import type { DesiredObject } from '../../resources/contract/object.ts'
import {
  fieldSteps,
  type Part,
  type Rule,
  type RuleContext,
  type RuleObject,
} from '../../resources/contract/rule.ts'
import type { KindTable } from '../../resources/contract/table.ts'
import { valuesOfObject } from '../../resources/contract/written.ts'
import { formatPath, isNull, type Located, nodeAt, problemAt } from '../../yaml/located.ts'
import type { Config } from '../config.ts'

/** What rules look at. */
export interface RuleInput {
  config: Omit<Config, 'secrets'>
  kinds: KindTable
  /** The values of an object; default: what the file and its intents write. */
  valuesOf?: (object: DesiredObject) => Values
  /** What else the server told of an object. */
  rawOf?: (object: DesiredObject) => unknown
  /** What the run does with an object; left out where no server was asked. */
  partOf?: (object: DesiredObject) => Part
  /** What else the server has. */
  neighbours?: readonly RuleObject[]
}

/**
 * Runs rules over a configuration and returns their problems, in the order of the rules and placed in the file. Each rule is run once,
 * however often it is given. `broken`: paths that are in the file but wrong, or misspelt, so that their absence is told already.
 */
export function runRules(
  { config, kinds, valuesOf, rawOf, partOf, neighbours = [] }: RuleInput,
  rules: Iterable<Rule>,
  broken: ReadonlySet<string> = new Set(),
): Problem[] {
  const { root, nexus } = config
  const problems: Problem[] = []
  const objects = config.objects.map((object): RuleObject => {
    const kind = kinds.named(object.kind)
    let values: Values | undefined
    return {
      id: object.id,
      kind,
      object,
      ...(partOf && { part: partOf(object) }),
      // Worked out when a rule asks: most rules look at few objects.
      get values() {
        values ??= valuesOf?.(object) ?? valuesOfObject(kind, object)
        return values
      },
      get raw() {
        return rawOf?.(object)
      },
    }
  })
  const all = [...neighbours, ...objects]
  const reportAt: RuleContext['reportAt'] = (path, finding, at = 'value') => {
    const { absent = [], ...about } = finding
    const isTold = absent.some((start) => [...broken].some((one) => one === start || isBelow(one, start)))
    if (!isTold) problems.push(problemAt(root, path, about, at))
  }
  const isBroken = ({ path }: DesiredObject, field: string) =>
    broken.has(formatPath([...path, ...fieldSteps(field)]))
  const context: RuleContext = {
    objects,
    externals: config.externals,
    sections: config.sections,
    server: {
      url: nexus.url,
      version: nexus.version,
      edition: nexus.edition,
      usedUrl: config.serverUrl,
    },
    naming: (namespace) => kinds.namesOf(namespace).naming,
    inNamespace: grouped(all, ({ kind }) => kind.namespace),
    ofKind: grouped(all, ({ kind }) => kind.kind),
    isWritten: (path) => isWritten(nodeAt(root, path)),
    namesIn: (section) => namesIn(nodeAt(root, [section])),
    report({ object, part }, field, finding) {
      if (part === 'neighbour') return
      const { absent, ...about } = finding
      if (absent?.some((one) => isBroken(object, one))) return
      reportAt([...object.path, ...fieldSteps(field)], about, field === '' ? 'key' : 'value')
    },
    reportAt,
  }
  for (const rule of new Set(rules)) rule(context)
  return problems
}

/** Looks objects up by what `keyOf` says of them. */
function grouped(objects: readonly RuleObject[], keyOf: (object: RuleObject) => string) {
  const groups = new Map<string, RuleObject[]>()
  for (const object of objects) {
    const key = keyOf(object)
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push(object)
  }
  // Whoever asks for a kind knows its fields.
  return <Fields extends FieldTable>(key: string) => (groups.get(key) ?? []) as RuleObject<Fields>[]
}

function isBelow(path: string, start: string): boolean {
  return path.startsWith(`${start}.`) || path.startsWith(`${start}[`)
}

function isWritten(node: Located | undefined): boolean {
  return node !== undefined && !isNull(node)
}

function namesIn(node: Located | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

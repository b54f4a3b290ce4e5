import type { Problem } from '../../core/problem.ts'
import type { DesiredObject } from '../../resources/define.ts'
import type { Values } from '../../resources/fields.ts'
import { formatPath, spanAt } from '../../yaml/located.ts'
import { type Config, fieldSteps, valuesOfObject } from '../config.ts'

/** One object with its written values, as rules read it. */
export interface RuleObject {
  id: string
  /** `hosted`, `proxy`, `group` for repositories; the kind's name otherwise. */
  type: string
  object: DesiredObject
  values: Values
}

export interface Finding {
  code: string
  message: string
  hint: string
  severity?: Problem['severity']
  /** Fields of the object whose absence is the reason: where one of them is in the file but wrong, that is told already. */
  absent?: readonly string[]
}

export interface RuleContext {
  config: Config
  objects: RuleObject[]
  repositories: RuleObject[]
  blobStores: RuleObject[]
  /** The one object of a block (`httpProxy`, `realms`, `anonymous`), if the file has it. */
  block: (name: string) => RuleObject | undefined
  /** Reports a problem at a field of an object (empty: the object's name). */
  report: (object: RuleObject, field: string, finding: Finding) => void
  /** Reports a problem at any path of the file. */
  reportAt: (path: readonly (string | number)[], finding: Finding, at?: 'key' | 'value') => void
}

/** A rule looks at the whole configuration and reports what is wrong; it never throws. */
export type Rule = (context: RuleContext) => void

/** Runs rules over a configuration and returns their problems. `broken`: paths that are in the file but wrong, or misspelt. */
export function runRules(
  config: Config,
  rules: readonly Rule[],
  broken: ReadonlySet<string> = new Set(),
): Problem[] {
  const problems: Problem[] = []
  const all = config.objects.map(
    (object): RuleObject => ({
      id: object.id,
      type: (object.kind.section.form === 'map' && object.kind.section.type) || object.kind.kind,
      object,
      values: valuesOfObject(object),
    }),
  )
  const reportAt: RuleContext['reportAt'] = (path, finding, at = 'value') => {
    const { severity = 'error', code, message, hint } = finding
    const span = spanAt(config.root, path, at)
    problems.push({ severity, code, message, hint, path: formatPath(path), span })
  }
  const isBroken = ({ object }: RuleObject, field: string) =>
    broken.has(formatPath([...object.path, ...fieldSteps(field)]))
  const context: RuleContext = {
    config,
    objects: all,
    repositories: all.filter(({ object }) => object.kind.namespace === 'repository'),
    blobStores: all.filter(({ object }) => object.kind.namespace === 'blobStore'),
    block: (name) => all.find(({ object }) => object.kind.kind === name),
    report(target, field, finding) {
      if (finding.absent?.some((absent) => isBroken(target, absent))) return
      reportAt([...target.object.path, ...fieldSteps(field)], finding, field === '' ? 'key' : 'value')
    },
    reportAt,
  }
  for (const rule of rules) rule(context)
  return problems
}

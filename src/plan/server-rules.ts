import type { Config, Tables } from '../config/config.ts'
import { runRules } from '../config/rules/run-rules.ts'
import { versionGatesFor } from '../config/rules/version-gates.ts'
import type { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { findOccupant, type ServerState } from '../state/state.ts'
import { checkWhatWillBe } from './sent-rules.ts'
import type { Plan } from './types.ts'

/** Beyond it, looking for names that are alike is left out: it takes long, and tells little. */
const maximumSuggestions = 100

/** What only the server can tell, found before the first write and placed in the file. */
export function checkAgainstServer(
  config: Config,
  { kinds, intents, state }: Tables & { state: ServerState },
  plan: Plan,
): Problem[] {
  const problems = runRules({ config, kinds }, [
    versionGatesFor(state.server),
    prerequisites(kinds, state, plan),
    externalsExist(state),
    referencesExist(state),
    refusals(plan),
  ])
  const told = new Set(problems.map(({ path }) => path))
  const ofWhatWillBe = checkWhatWillBe(config, { kinds, intents }, state, plan)
  return [...problems, ...ofWhatWillBe.filter(({ path }) => !told.has(path))]
}

/** What a server needs before anything works, and the file does not ask for. Where nothing is to be written it only warns. */
function prerequisites(kinds: KindTable, state: ServerState, plan: Plan): Rule {
  return ({ ofKind, isWritten, reportAt }) => {
    for (const kind of kinds.all) {
      const [actual] = state.actual.get(kind.kind) ?? []
      if (!kind.prerequisite || !actual || ofKind(kind.kind).length > 0) continue
      const unmet = kind.prerequisite.unmet(actual)
      if (!unmet) continue
      const { path, ...finding } = unmet
      const severity = plan.changes.length > 0 ? 'error' : 'warning'
      reportAt(isWritten([path]) ? [path] : [], { ...finding, severity }, 'key')
    }
  }
}

function refusals(plan: Plan): Rule {
  return ({ report }) => {
    for (const change of plan.changes) {
      if (change.action !== 'refused') continue
      const { path, ...finding } = change.refusal
      report(change, path, finding)
    }
  }
}

function externalsExist(state: ServerState): Rule {
  return ({ naming, objects, externals, reportAt }) => {
    const named = new Set([...objects, ...externals].map(({ id }) => id))
    let reported = 0
    for (const { namespace, id, path } of externals) {
      const there = findOccupant(state, namespace, id)?.id
      if (there === id) continue
      reported += 1
      // What the file names besides is not what this was meant to be.
      const others = () =>
        (state.occupants.get(namespace) ?? []).flatMap((one) => (named.has(one.id) ? [] : [one.id]))
      const close = reported > maximumSuggestions ? undefined : similar(id, others())
      const noun = naming(namespace)?.noun ?? namespace
      reportAt(
        path,
        {
          code: 'external-missing',
          message: `${noun} "${id}" does not exist on the server${there === undefined ? '' : `, which has "${there}"`}`,
          hint:
            there === undefined
              ? `${close ? `did you mean "${close}"? Otherwise ` : ''}create it there, or describe it here instead of "external: true"`
              : `write "${there}", as the server has it`,
        },
        'key',
      )
    }
  }
}

/** What the file refers to and does not describe: built-in names (`default` can have been deleted), rules and policies. */
function referencesExist(state: ServerState): Rule {
  return ({ naming, objects, externals, report }) => {
    const described = new Set([
      ...objects.map(({ kind, object }) => `${kind.namespace} ${object.name ?? object.id}`),
      ...externals.map(({ namespace, id }) => `${namespace} ${id}`),
    ])
    let reported = 0
    for (const target of objects) {
      for (const { namespace, id, path } of target.kind.references(target.values)) {
        const names = naming(namespace)
        const occupants = state.occupants.get(namespace)
        if (!names || !occupants || described.has(`${namespace} ${id}`)) continue
        const there = findOccupant(state, namespace, id)?.id
        if (there === id) continue
        reported += 1
        const known = () => occupants.map((occupant) => occupant.id)
        const close = there ?? (reported > maximumSuggestions ? undefined : similar(id, known()))
        report(target, path, {
          code: names.missing,
          message: `the server has no ${names.noun} "${id}"`,
          hint: close ? `did you mean "${close}"?` : `create it on the server first, or remove it here`,
        })
      }
    }
  }
}

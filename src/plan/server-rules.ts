import type { Config, Tables } from '../config/config.ts'
import { runRules } from '../config/rules/run-rules.ts'
import { versionGatesFor } from '../config/rules/version-gates.ts'
import type { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'
import { offers } from '../nexus/capabilities.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { findOccupant, type ServerState } from '../state/state.ts'
import { formatPath } from '../yaml/located.ts'
import { tellsOffline } from './offline.ts'
import { portClaims } from './ports.ts'
import { checkWhatIsSent } from './sent-rules.ts'
import { warningsWithServer } from './server-warnings.ts'
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
    lowerCaseNames(state),
    externalsExist(state),
    referencesExist(state),
    refusals(plan),
    freePorts(kinds, state, plan),
    tellsOffline(kinds, state),
  ])
  const told = new Set([...problems.map(({ path }) => path), ...heldPorts(config, { kinds, state }, plan)])
  const ofWhatIsSent = checkWhatIsSent(config, { kinds, intents }, state, plan)
  return [
    ...problems,
    ...ofWhatIsSent.filter(({ path }) => !told.has(path)),
    ...warningsWithServer(config, { kinds, intents }, state, plan),
  ]
}

/** Where the file has the repositories whose ports others want: that is told at those who want them. */
function heldPorts(
  { objects }: Config,
  planning: { kinds: KindTable; state: ServerState },
  plan: Plan,
): string[] {
  return portClaims(plan.changes, planning).flatMap(({ holderId, holderKind, holderField }) => {
    const holder = objects.find(({ kind, id }) => kind === holderKind && id === holderId)
    return holder ? [formatPath([...holder.path, holderField])] : []
  })
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

function freePorts(kinds: KindTable, state: ServerState, plan: Plan): Rule {
  return ({ report }) => {
    for (const claim of portClaims(plan.changes, { kinds, state })) {
      if (claim.holder) continue
      report(claim.taker, claim.takerField, {
        code: 'port-taken',
        message: `${claim.takerField} ${claim.port} is used by ${claim.holderLabel} "${claim.holderId}" on the server`,
        hint: `choose another port, or put "${claim.holderId}" into the file with another ${claim.holderField} (or null)`,
      })
    }
  }
}

/** 3.89 and later (nexus-api 6). The file may have said that it is for an older server. */
function lowerCaseNames(state: ServerState): Rule {
  return ({ inNamespace, report }) => {
    if (!offers(state.server, 'lowerCaseNames')) return
    for (const repository of inNamespace('repository')) {
      if (repository.id === repository.id.toLowerCase()) continue
      report(repository, '', {
        code: 'upper-case-name',
        message: `Nexus ${state.server.version} takes docker repository names in lower case only`,
        hint: `write "${repository.id.toLowerCase()}"`,
      })
    }
  }
}

function externalsExist(state: ServerState): Rule {
  return ({ naming, externals, reportAt }) => {
    for (const external of externals) {
      if (findOccupant(state, external.namespace, external.id)?.id === external.id) continue
      const what = naming(external.namespace)?.noun ?? external.namespace
      reportAt(
        external.path,
        {
          code: 'external-missing',
          message: `${what} "${external.id}" is not on the server`,
          hint: 'create it there, or describe it here instead of "external: true"',
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
        const there = state.occupants.get(namespace)
        if (!names || !there || described.has(`${namespace} ${id}`)) continue
        if (findOccupant(state, namespace, id)?.id === id) continue
        reported += 1
        const known = () => there.map((occupant) => occupant.id)
        const close = reported > maximumSuggestions ? undefined : similar(id, known())
        report(target, path, {
          code: names.missing,
          message: `the server has no ${names.noun} "${id}"`,
          hint: close ? `did you mean "${close}"?` : `create it on the server first, or remove it here`,
        })
      }
    }
  }
}

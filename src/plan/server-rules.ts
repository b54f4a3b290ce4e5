import type { Config } from '../config/config.ts'
import { type Rule, runRules } from '../config/rules/context.ts'
import { versionGatesFor } from '../config/rules/version-gates.ts'
import type { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'
import { offers } from '../nexus/capabilities.ts'
import { kinds } from '../resources/index.ts'
import { namesOf } from '../resources/namespaces.ts'
import { findOccupant, type ServerState } from '../state/state.ts'
import { nodeAt } from '../yaml/located.ts'
import { portClaims } from './ports.ts'
import type { Plan } from './types.ts'

/** What only the server can tell, found before the first write and placed in the file. */
export function checkAgainstServer(config: Config, state: ServerState, plan: Plan): Problem[] {
  return runRules(config, [
    versionGatesFor(state.server),
    prerequisites(state, plan),
    lowerCaseNames(state),
    externalsExist(state),
    referencesExist(state),
    refusals(plan),
    freePorts(plan, state),
  ])
}

/** What a server needs before anything works, and the file does not ask for. Where nothing is to be written it only warns. */
function prerequisites(state: ServerState, plan: Plan): Rule {
  return ({ config, reportAt }) => {
    for (const kind of kinds) {
      const [actual] = state.actual.get(kind.kind) ?? []
      if (!kind.prerequisite || !actual || config.objects.some((object) => object.kind === kind)) continue
      const unmet = kind.prerequisite.unmet(actual)
      if (!unmet) continue
      const { path, ...finding } = unmet
      const severity = plan.changes.length > 0 ? 'error' : 'warning'
      reportAt(nodeAt(config.root, [path]) ? [path] : [], { ...finding, severity }, 'key')
    }
  }
}

function refusals(plan: Plan): Rule {
  return ({ objects, report, reportAt }) => {
    for (const { object, refused } of plan.changes) {
      if (!refused) continue
      const { path, ...finding } = refused
      const target = objects.find((entry) => entry.object === object)
      if (target) report(target, path, finding)
      else reportAt(object.path, finding, 'key')
    }
  }
}

function freePorts(plan: Plan, state: ServerState): Rule {
  return ({ repositories, report }) => {
    for (const claim of portClaims(plan.changes, state)) {
      const target = repositories.find(({ object }) => object === claim.taker.object)
      if (claim.holder || !target) continue
      report(target, claim.takerField, {
        code: 'port-taken',
        message: `${claim.takerField} ${claim.port} is used by ${claim.holderLabel} "${claim.holderId}" on the server`,
        hint: `choose another port, or put "${claim.holderId}" into the file with another ${claim.holderField} (or null)`,
      })
    }
  }
}

/** 3.89 and later (nexus-api 6). The file may have said that it is for an older server. */
function lowerCaseNames(state: ServerState): Rule {
  return ({ repositories, report }) => {
    if (!offers(state.server, 'lowerCaseNames')) return
    for (const repository of repositories) {
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
  return ({ config, reportAt }) => {
    for (const external of config.externals) {
      if (findOccupant(state, external.namespace, external.id)?.id === external.id) continue
      const what = namesOf(external.namespace).naming?.noun ?? external.namespace
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
  return ({ objects, config, report }) => {
    const described = new Set([
      ...config.objects.map(({ kind, id }) => `${kind.namespace} ${id}`),
      ...config.externals.map(({ namespace, id }) => `${namespace} ${id}`),
    ])
    for (const target of objects) {
      for (const { namespace, id, path } of target.object.kind.references(target.values)) {
        const { naming } = namesOf(namespace)
        const there = state.occupants.get(namespace)
        if (!naming || !there || described.has(`${namespace} ${id}`)) continue
        if (there.some((occupant) => occupant.id === id)) continue
        const close = similar(
          id,
          there.map((occupant) => occupant.id),
        )
        report(target, path, {
          code: naming.missing,
          message: `the server has no ${naming.noun} "${id}"`,
          hint: close ? `did you mean "${close}"?` : `create it on the server first, or remove it here`,
        })
      }
    }
  }
}

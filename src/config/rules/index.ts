import type { Problem } from '../../core/problem.ts'
import type { Rule } from '../../resources/contract/rule.ts'
import type { Tables } from '../config.ts'
import { noRepeatedItems, validNames } from './names.ts'
import { knownReferences } from './references.ts'
import { type RuleInput, runRules } from './run-rules.ts'
import { validServerUrl } from './server-url.ts'
import { versionGates } from './version-gates.ts'

/** Every rule that needs no server: those about the file as a whole, those of kinds, those of intents. */
function rulesOf({ kinds, intents }: Tables): Rule[] {
  return [
    validServerUrl,
    validNames,
    noRepeatedItems,
    knownReferences,
    ...kinds.all.flatMap(({ rules = [] }) => rules),
    ...intents.flatMap(({ rules = [] }) => rules),
    versionGates,
  ]
}

/**
 * What is wrong with a configuration, as far as no server is needed to know it. It is run on the file alone (the default of `valuesOf`),
 * and can be run once more on what will be sent: `valuesOf` gives the server's values of an object under those of the file then,
 * `neighbours` are what else the server has, and `config` may have other objects than the file.
 */
export function checkRules(input: RuleInput & Tables, broken?: ReadonlySet<string>): Problem[] {
  return runRules(input, rulesOf(input), broken)
}

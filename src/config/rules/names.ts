import { isName } from '../../core/names.ts'
import type { Finding, Rule } from '../../resources/contract/rule.ts'

/** Names that Nexus accepts; what more a kind wants of them is among its own rules. */
export const validNames: Rule = ({ objects, reportAt }) => {
  for (const { id, kind, object } of objects) {
    if (kind.section.form !== 'map' || isName(id)) continue
    const message = `"${id}" is not a name that Nexus accepts`
    const hint =
      'use letters, digits, underscores, hyphens and dots; do not begin with an underscore or a dot'
    reportAt(object.path, { code: 'invalid-name', message, hint }, 'key')
  }
}

/** A repeated item can only be a mistake. Servers take it: they keep it (members, realms), or each item once (nexus-api 2.6, 2.11). */
export const noRepeatedItems: Rule = ({ objects, reportAt }) => {
  for (const { object } of objects) {
    for (const [key, value] of Object.entries(object.spec)) {
      if (!Array.isArray(value)) continue
      const seen = new Set<unknown>()
      for (const [index, item] of value.entries()) {
        if (!seen.has(item)) {
          seen.add(item)
          continue
        }
        const message = `${key} names "${String(item)}" twice`
        const finding: Finding = {
          severity: 'warning',
          code: 'repeated-item',
          message,
          hint: 'remove one of them',
        }
        reportAt([...object.path, key, index], finding)
      }
    }
  }
}

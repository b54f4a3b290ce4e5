import { actualValue } from '../resources/contract/fields.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { findActual, type ServerState } from '../state/state.ts'

/**
 * A repository that serves nothing, because somebody has switched it off on the server (`online: false`, nexus-api 2.4). Where the file
 * does not write the field it is no difference, but whoever reads "matches" thinks that the registry works.
 */
export function tellsOffline(kinds: KindTable, state: ServerState): Rule {
  return ({ inNamespace, report }) => {
    for (const repository of inNamespace('repository')) {
      const { fields } = kinds.named(repository.kind.kind)
      const actual = findActual(state, { kind: repository.kind.kind, id: repository.id })
      if (!fields['online'] || !actual || repository.values['online'] !== undefined) continue
      if (actualValue(fields['online'], actual.wire) !== false) continue
      report(repository, '', {
        severity: 'warning',
        code: 'offline',
        message: `${repository.kind.label} "${repository.id}" is offline on the server and serves nothing`,
        hint: 'write "online: true" to bring it back, or "online: false" if that is intended',
      })
    }
  }
}

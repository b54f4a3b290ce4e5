import { eachText, type Rule, type RuleObject } from '../contract/rule.ts'

/** Memberships that are looked at, all groups together: beyond it such a file is no configuration. */
const maximumSteps = 1_000_000

/** A repository that a group asks, and the member of the group through which it does. */
interface Asked {
  id: string
  member: string
}

/**
 * Content of a proxy that is asked before a hosted repository can shadow your own images. A group asks the members of its members in their
 * place, each repository once. One warning a group: the order is one mistake, however many members it concerns.
 */
export const hostedBeforeProxies: Rule = ({ ofKind, inNamespace, report }) => {
  const kindOf = new Map(inNamespace('repository').map(({ id, kind }) => [id, kind.kind]))
  const groups = new Map(ofKind('dockerGroup').map((group) => [group.id, group]))
  let left = maximumSteps
  for (const group of groups.values()) {
    const asked = new Set<string>([group.id])
    let proxy: Asked | undefined
    let told = false
    eachText(group, 'members', (member, field) => {
      const before = proxy
      const stack = [member]
      for (let id = stack.pop(); id !== undefined && !told && left > 0; id = stack.pop()) {
        left -= 1
        if (asked.has(id)) continue
        asked.add(id)
        const kind = kindOf.get(id)
        if (kind === 'dockerProxy') proxy ??= { id, member }
        else if (kind === 'dockerHosted' && before) {
          told = true
          report(group, field, {
            severity: 'warning',
            code: 'member-order',
            message: `proxy ${nameOf(before)} is asked before hosted ${nameOf({ id, member })}`,
            hint: 'put hosted members first: an image of the same name upstream would hide yours',
          })
        } else for (const inner of membersOf(groups.get(id)).toReversed()) stack.push(inner)
      }
    })
  }
}

function nameOf({ id, member }: Asked): string {
  return id === member ? `"${id}"` : `"${id}" (in "${member}")`
}

function membersOf(group: RuleObject | undefined): string[] {
  const members = group?.values['members']
  return Array.isArray(members) ? members.map(String) : []
}

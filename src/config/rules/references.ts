import { similar } from '../../core/similar.ts'
import type { Namespace } from '../../resources/define.ts'
import { namesOf } from '../../resources/namespaces.ts'
import { type Located, nodeAt } from '../../yaml/located.ts'
import type { Rule, RuleContext, RuleObject } from './context.ts'
import { forEachText } from './names.ts'

/** Beyond it, looking for names that are alike is left out: it takes long, and such a file is no configuration. */
const maximumSuggestions = 100

/** What objects refer to is in the file, as an object or as `external: true`; what only servers know is checked there. */
export const knownReferences: Rule = ({ config, objects, report }) => {
  const known = new Map<Namespace, ReadonlySet<string>>()
  let reported = 0
  for (const target of objects) {
    for (const { namespace, id, path } of target.object.kind.references(target.values)) {
      const { naming } = namesOf(namespace)
      if (!naming?.section) continue
      // All names of the section, those of objects that have problems of their own included.
      const names =
        known.get(namespace) ?? new Set([...namesIn(config.root, naming.section), ...(naming.builtIn ?? [])])
      known.set(namespace, names)
      if (names.has(id)) continue
      reported += 1
      const close = reported > maximumSuggestions ? undefined : similar(id, names)
      report(target, path, {
        code: naming.missing,
        message: `${naming.noun} "${id}" is not in the file`,
        hint: close
          ? `did you mean "${close}"?`
          : `add it under ${naming.section}:, or "${id}: {external: true}" there if it exists on the server`,
      })
    }
  }
}

function namesIn(root: Located, section: string): string[] {
  const node = nodeAt(root, [section])
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

/** A group that contains itself, directly or through other groups. Each membership that closes a circle is told once. */
export const noMemberCycles: Rule = ({ repositories, report }) => {
  const groups = new Map(
    repositories.filter(({ type }) => type === 'group').map((group) => [group.id, group]),
  )
  const done = new Set<string>()
  for (const start of groups.values()) {
    // The groups from the start to the one whose members are being looked at, each with the next member to look at.
    const way = done.has(start.id) ? [] : [{ group: start, next: 0 }]
    const places = new Map(way.map(({ group }, index) => [group.id, index]))
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const { group, next } = last
      const member = membersOf(group)[next]
      last.next += 1
      if (member === undefined) {
        done.add(group.id)
        places.delete(group.id)
        way.pop()
        continue
      }
      const circle = places.get(member)
      if (circle !== undefined) reportCycle(way, circle, report)
      const inner = groups.get(member)
      if (!inner || circle !== undefined || done.has(member)) continue
      places.set(member, way.length)
      way.push({ group: inner, next: 0 })
    }
  }
}

function membersOf({ values }: RuleObject): string[] {
  const members = values['members']
  return Array.isArray(members) ? members : []
}

/** Groups of a circle that are named: of a long one its beginning and its end tell enough. */
const namedGroups = 10

function reportCycle(
  way: readonly { group: RuleObject; next: number }[],
  start: number,
  report: RuleContext['report'],
): void {
  const first = way[start]
  if (!first) return
  const shown = way.slice(start, start + namedGroups).map(({ group }) => group.id)
  const left = way.length - start - shown.length
  const names = [...shown, ...(left > 0 ? [`… ${left} more`] : []), first.group.id]
  report(first.group, `members[${first.next - 1}]`, {
    code: 'member-cycle',
    message: `group "${first.group.id}" contains itself: ${names.join(' → ')}`,
    hint: 'remove one of these memberships',
  })
}

/** What is pushed to a group goes to a hosted member (nexus-api 6). */
export const writableMemberFits: Rule = ({ repositories, report }) => {
  const byName = new Map(repositories.map((repository) => [repository.id, repository]))
  for (const group of repositories) {
    const name = group.values['writableMember']
    if (typeof name !== 'string') continue
    const members = group.values['members']
    const target = byName.get(name)
    if (!Array.isArray(members) || !members.includes(name)) {
      const hint = `add "${name}" to members, or choose one of them`
      report(group, 'writableMember', {
        code: 'writable-member',
        message: `"${name}" is not a member of the group`,
        hint,
        absent: ['members'],
      })
    } else if (target && target.type !== 'hosted') {
      const hint = 'only a hosted repository can take what is pushed'
      report(group, 'writableMember', {
        code: 'writable-member',
        message: `"${name}" is a ${target.type} repository`,
        hint,
      })
    }
  }
}

/** Content of a proxy that is asked before a hosted repository can shadow your own images. */
export const hostedBeforeProxies: Rule = ({ repositories, report }) => {
  const typeOf = new Map(repositories.map(({ id, type }) => [id, type]))
  for (const group of repositories) {
    let proxy: string | undefined
    let told = false
    forEachText(group, 'members', (member, field) => {
      if (typeOf.get(member) === 'proxy') proxy ??= member
      // One warning a group: the order is one mistake, however many members it concerns.
      if (typeOf.get(member) !== 'hosted' || proxy === undefined || told) return
      told = true
      report(group, field, {
        severity: 'warning',
        code: 'member-order',
        message: `proxy "${proxy}" is asked before hosted "${member}"`,
        hint: 'an image of the same name upstream would hide yours; put hosted members first',
      })
    })
  }
}

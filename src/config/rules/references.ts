import { similar } from '../../core/similar.ts'
import { nodeAt } from '../located.ts'
import type { Rule, RuleContext, RuleObject } from './context.ts'
import { forEachText } from './names.ts'

/** Every Nexus has it. */
const builtInBlobStore = 'default'

/** What repositories refer to is in the file, as an object or as `external: true`. */
export const knownReferences: Rule = (context) => {
  for (const repository of context.repositories) {
    for (const reference of repository.object.kind.references(repository.values)) {
      const names = namesIn(context, reference.namespace)
      if (names.includes(reference.id)) continue
      const what = reference.namespace === 'blobStore' ? 'blob store' : 'repository'
      const section = reference.namespace === 'blobStore' ? 'blobStores' : 'repositories'
      const close = similar(reference.id, names)
      context.report(repository, reference.path, {
        code: reference.namespace === 'blobStore' ? 'blob-store-missing' : 'member-missing',
        message: `${what} "${reference.id}" is not in the file`,
        hint: close
          ? `did you mean "${close}"?`
          : `add it under ${section}:, or "${reference.id}: {external: true}" there if it exists on the server`,
      })
    }
  }
}

/** All names of the section, those of objects that have problems of their own included. */
function namesIn({ config }: RuleContext, namespace: string): string[] {
  const section = nodeAt(config.root, [namespace === 'blobStore' ? 'blobStores' : 'repositories'])
  const names = section?.kind === 'map' ? [...section.entries.keys()] : []
  return namespace === 'blobStore' ? [...names, builtInBlobStore] : names
}

/** A group that contains itself, directly or through other groups. */
export const noMemberCycles: Rule = (context) => {
  const groups = new Map(
    context.repositories.filter(({ type }) => type === 'group').map((group) => [group.id, group]),
  )
  const reported = new Set<string>()
  for (const group of groups.values()) {
    const cycle = findCycle(group, groups)
    const key = cycle && [...new Set(cycle)].sort().join(' ')
    if (!cycle || !key || reported.has(key)) continue
    reported.add(key)
    const members = group.values['members'] as string[]
    const index = members.indexOf(cycle[1] ?? group.id)
    context.report(group, `members[${index}]`, {
      code: 'member-cycle',
      message: `group "${group.id}" contains itself: ${cycle.join(' → ')}`,
      hint: 'remove one of these memberships',
    })
  }
}

/** The way from a group back to itself, or undefined. */
function findCycle(start: RuleObject, groups: Map<string, RuleObject>): string[] | undefined {
  const visited = new Set<string>()
  const stack = [[start.id]]
  for (let way = stack.pop(); way; way = stack.pop()) {
    const members = groups.get(way.at(-1) ?? '')?.values['members']
    for (const member of Array.isArray(members) ? members : []) {
      if (member === start.id) return [...way, member]
      if (visited.has(member) || !groups.has(member)) continue
      visited.add(member)
      stack.push([...way, member])
    }
  }
  return undefined
}

/** What is pushed to a group goes to a hosted member (nexus-api 6). */
export const writableMemberFits: Rule = ({ repositories, report }) => {
  for (const group of repositories) {
    const name = group.values['writableMember']
    if (typeof name !== 'string') continue
    const members = group.values['members']
    const target = repositories.find((repository) => repository.id === name)
    if (!Array.isArray(members) || !members.includes(name)) {
      const hint = `add "${name}" to members, or choose one of them`
      report(group, 'writableMember', {
        code: 'writable-member',
        message: `"${name}" is not a member of the group`,
        hint,
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
    forEachText(group, 'members', (member, field) => {
      if (typeOf.get(member) === 'proxy') proxy ??= member
      if (typeOf.get(member) !== 'hosted' || proxy === undefined) return
      report(group, field, {
        severity: 'warning',
        code: 'member-order',
        message: `proxy "${proxy}" is asked before hosted "${member}"`,
        hint: 'an image of the same name upstream would hide yours; put hosted members first',
      })
    })
  }
}

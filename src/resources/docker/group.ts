import type { DockerGroupRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { fieldsOf, type ValuesOf } from '../contract/fields.ts'
import type { Kind } from '../contract/kind.ts'
import { eachText, type Rule, type RuleContext, type RuleObject } from '../contract/rule.ts'
import { nameList } from '../contract/schemas.ts'
import { dockerFields, dockerReferences } from './fields.ts'
import { hostedBeforeProxies } from './member-order.ts'
import { dockerKind, isDocker } from './repository.ts'
import { dockerRules } from './repository-rules.ts'

const { field } = fieldsOf<DockerGroupRepositoryApiRequest>()

const fields = {
  ...dockerFields,
  members: field('group.memberNames', nameList.min(1, { error: 'a group needs at least one member' }), {
    describe: 'Names of the member repositories; the first one that has an image answers.',
    required: true,
  }),
  writableMember: field('group.writableMember', z.string().min(1).nullable(), {
    describe: 'The hosted member that receives what is pushed to the group (Pro).',
    needs: 'writableMember',
    // Nexus leaves the key out when there is none (nexus-api 2.6).
    absent: null,
  }),
}

type Group = RuleObject<typeof fields>

/** Servers look members up ignoring case (nexus-api 2.6); of two that differ only in case they see the first. */
function byName<Item extends RuleObject>(repositories: readonly Item[]): Map<string, Item> {
  const found = new Map<string, Item>()
  for (const repository of repositories) {
    const key = repository.id.toLowerCase()
    if (!found.has(key)) found.set(key, repository)
  }
  return found
}

/**
 * A group that contains itself, directly or through other groups, those of the server among them: refused with an update (nexus-api 6).
 * Each membership that closes a circle is told once.
 */
const noMemberCycles: Rule = ({ ofKind, report }) => {
  const groups = byName(ofKind<typeof fields>('dockerGroup'))
  const done = new Set<string>()
  for (const start of groups.values()) {
    // The groups from the start to the one whose members are being looked at, each with the next member to look at.
    const way = done.has(start.id.toLowerCase()) ? [] : [{ group: start, next: 0 }]
    const places = new Map(way.map(({ group }, index) => [group.id.toLowerCase(), index]))
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const { group, next } = last
      const member = group.values.members?.[next]?.toLowerCase()
      last.next += 1
      if (member === undefined) {
        done.add(group.id.toLowerCase())
        places.delete(group.id.toLowerCase())
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

/** Groups of a circle that are named: of a long one its beginning and its end tell enough. */
const namedGroups = 10

function reportCycle(
  way: readonly { group: Group; next: number }[],
  start: number,
  report: RuleContext['report'],
): void {
  // Told at a group that the file has: there the circle begins.
  let begin = start
  while (way[begin]?.group.part === 'neighbour') begin += 1
  const first = way[begin]
  if (!first) return
  const length = way.length - start
  const shown = Array.from({ length: Math.min(length, namedGroups) }, (_, index) => {
    const at = begin + index
    return way[at < way.length ? at : at - length]?.group.id
  })
  const left = length - shown.length
  const names = [...shown, ...(left > 0 ? [`… ${left} more`] : []), first.group.id]
  report(first.group, `members[${first.next - 1}]`, {
    refused: true,
    code: 'member-cycle',
    message: `group "${first.group.id}" contains itself: ${names.join(' → ')}`,
    hint: 'remove one of these memberships',
  })
}

/** A docker group takes docker repositories alone: of another format, `oci` among them, none is a member (nexus-api 6). */
const membersAreDocker: Rule = ({ ofKind, inNamespace, report }) => {
  const foreign = byName(inNamespace('repository').filter(({ kind }) => !isDocker(kind)))
  if (foreign.size === 0) return
  for (const group of ofKind<typeof fields>('dockerGroup'))
    eachText(group, 'members', (name, field) => {
      const member = foreign.get(name.toLowerCase())
      if (!member) return
      report(group, field, {
        refused: true,
        code: 'member-format',
        message: `"${member.id}" is a repository of another kind: ${member.kind.label}`,
        hint: `remove "${name}" from members: a Docker group takes only Docker repositories`,
      })
    })
}

/** What is pushed to a group goes to a hosted member (nexus-api 6). */
const writableMemberFits: Rule = ({ ofKind, inNamespace, report }) => {
  const repositories = byName(inNamespace('repository'))
  for (const group of ofKind<typeof fields>('dockerGroup')) {
    const { writableMember: name, members } = group.values
    if (typeof name !== 'string') continue
    const kind = repositories.get(name.toLowerCase())?.kind
    if (!members?.includes(name)) {
      report(group, 'writableMember', {
        refused: true,
        code: 'writable-member',
        message: `"${name}" is not a member of the group`,
        hint: `add "${name}" to members, or choose one of them`,
        absent: ['members'],
      })
    } else if (kind && isDocker(kind) && kind.kind !== 'dockerHosted') {
      report(group, 'writableMember', {
        refused: true,
        code: 'writable-member',
        message: `"${name}" is a ${kind.label.replace('docker/', '')} repository`,
        hint: 'choose a hosted repository: only those accept pushes',
      })
    }
  }
}

function references(values: ValuesOf<typeof fields>) {
  const { members = [] } = values
  const named = members.map((id, index) => ({ namespace: 'repository', id, path: `members[${index}]` }))
  return [...dockerReferences(values), ...named]
}

/** Docker group repository: one name for several repositories. `/v1/repositories/docker/group`, Nexus 3.26 and later. */
export const dockerGroup: Kind<typeof fields> = {
  ...dockerKind('group', fields),
  rules: [...dockerRules, noMemberCycles, membersAreDocker, writableMemberFits, hostedBeforeProxies],
  references,
}

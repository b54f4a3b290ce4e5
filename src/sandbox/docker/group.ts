// A group repository: its members in their order, groups among them looked through; what is pushed to it goes to one member, on Pro.
import type { Profile } from '../kernel/profile.ts'
import type { Repository, State } from '../kernel/state.ts'
import { findRepository, memberNames } from '../repositories/catalog.ts'
import { RegistryRefusal } from './refusal.ts'
import type { Call, RepositoryHandler } from './repository-handler.ts'

/**
 * The hosted and proxy repositories that a group asks, each once, in the order of its members and of their members. From 3.89 what is
 * offline is left out; before, it was asked all the same, and a proxy answered what it had cached (nexus-public issue 991).
 */
export function groupMembers(group: Repository, state: State, profile: Profile): Repository[] {
  const seen = new Set([group])
  function below(repository: Repository): Repository[] {
    return memberNames(repository.attributes).flatMap((name) => {
      const member = findRepository(state, profile, name)
      if (!member || seen.has(member)) return []
      if (profile.since('3.89') && member.attributes['online'] === false) return []
      seen.add(member)
      return member.type === 'group' ? below(member) : [member]
    })
  }
  return below(group)
}

/** The first member's answer; one that refuses counts as one that has nothing (open core: GroupHandler.getFirst). */
async function first<T>(call: Call, ask: (there: Call) => Promise<T | undefined>): Promise<T | undefined> {
  for (const found of members(call)) {
    const answer = await ask(found).catch(withoutRefusal)
    if (answer !== undefined) return answer
  }
  return undefined
}

function members(call: Call): Call[] {
  return groupMembers(call.repository, call.state, call.profile).map((member) => call.at(member))
}

function withoutRefusal(error: unknown): undefined {
  if (!(error instanceof RegistryRefusal)) throw error
  return undefined
}

async function union(
  call: Call,
  ask: (there: Call) => Promise<readonly string[] | undefined>,
): Promise<string[] | undefined> {
  const lists = await Promise.all(members(call).map((there) => ask(there).catch(withoutRefusal)))
  const found = lists.filter((list) => list !== undefined)
  return found.length === 0 ? undefined : [...new Set(found.flat())].sort()
}

const blob: RepositoryHandler['blob'] = (call, name, digest, isHead) =>
  first(call, (there) => there.handler.blob(there, name, digest, isHead))

const proOnly =
  'Deploying to groups is a PRO-licensed feature. See https://links.sonatype.com/product-nexus-repository'

function writable(call: Call): Call {
  const { repository, state, profile } = call
  if (profile.edition !== 'pro') throw new RegistryRefusal('DENIED', { message: proOnly, detail: proOnly })
  const { writableMember } = repository.attributes['group'] as { writableMember?: string | null }
  const member = writableMember == null ? undefined : findRepository(state, profile, writableMember)
  if (!member) throw new RegistryRefusal('UNSUPPORTED')
  const { writePolicy } = member.attributes['storage'] as { writePolicy?: string }
  if (profile.since('3.30') && writePolicy?.toUpperCase() === 'DENY') {
    const message = `Group repository member ${member.name} is read only`
    throw new RegistryRefusal('UNSUPPORTED', { message, detail: message })
  }
  const there = call.at(member)
  return there.handler.writable(there)
}

/** A client skips the layers that the group shows it, wherever they are: they are copied before the manifest is taken (a guess). */
async function gather(call: Call, name: string, digests: readonly string[]): Promise<void> {
  const { content, user } = writable(call)
  for (const digest of digests) {
    if (content.blob(digest)) continue
    const found = await blob(call, name, digest, false)
    if (found) await content.writeBlob(found.open(), digest, user)
  }
}

export const group: RepositoryHandler = {
  manifest: (call, name, reference, isHead) =>
    first(call, (there) => there.handler.manifest(there, name, reference, isHead)),
  blob,
  tags: (call, name) => union(call, (there) => there.handler.tags(there, name)),
  names: async (call) => (await union(call, (there) => there.handler.names(there))) ?? [],
  writable,
  gather,
}

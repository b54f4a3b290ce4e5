// Finding, adding and removing repositories. Names are looked up as the version does (nexus-api 2.3).
import type { Profile } from '../kernel/profile.ts'
import type { Repository, State } from '../kernel/state.ts'

/** The repositories by the name that lookups use; of two that differ only in case the older one is seen. */
export type RepositoryIndex = ReadonlyMap<string, Repository>

/** The key under which a name is found: names are case-sensitive before 3.39 (nexus-api 2.3, R 3.28). */
export function lookupKey(profile: Profile, name: string): string {
  return profile.since('3.39') ? name.toLowerCase() : name
}

export function indexRepositories(state: State, profile: Profile): RepositoryIndex {
  const index = new Map<string, Repository>()
  for (const repository of state.repositories) {
    const key = lookupKey(profile, repository.name)
    if (!index.has(key)) index.set(key, repository)
  }
  return index
}

export function findRepository(state: State, profile: Profile, name: string): Repository | undefined {
  const key = lookupKey(profile, name)
  return state.repositories.find((repository) => lookupKey(profile, repository.name) === key)
}

/** Whether a new repository of this name is refused: SQL servers from 3.62 to before 3.89 accept a twin in another case. */
export function isNameTaken(repositories: readonly Repository[], profile: Profile, name: string): boolean {
  const acceptsTwins = profile.database === 'h2' && profile.since('3.62') && !profile.since('3.89')
  const same = acceptsTwins
    ? (other: string) => other === name
    : (other: string) => other.toLowerCase() === name.toLowerCase()
  return repositories.some((repository) => same(repository.name))
}

/** What a duplicate name is answered with before 3.89, where it is a bean violation instead (nexus-api 2.3). */
export function duplicateText(profile: Profile, name: string): string {
  if (profile.since('3.41') && !profile.since('3.44')) return 'Repository has created already!'
  if (profile.database === 'h2') return 'Duplicate key'
  return (
    `Cannot index record #17:3: found duplicated key '${name}' in index 'repository_repository_name_idx' ` +
    'previously assigned to the record #18:2\r\n\tDB name="config"'
  )
}

/** A repository by name, loaded: the first access to a stored one makes `repositorySettings` list it (nexus-api 2.3, 3.89). */
export function accessRepository(state: State, profile: Profile, name: string): Repository | undefined {
  const repository = findRepository(state, profile, name)
  if (repository) markAccessed(repository)
  return repository
}

export function markAccessed(repository: Repository): void {
  if (repository.lifecycle === 'unloaded') delete repository.lifecycle
}

export function memberNames(attributes: Record<string, unknown>): string[] {
  const group = attributes['group'] as { memberNames?: string[] } | undefined
  return group?.memberNames ?? []
}

/** Removes the repository, also from every group; groups may end up empty and it is not added again later (nexus-api 2.3). */
export function removeRepository(state: State, profile: Profile, repository: Repository): void {
  state.repositories = state.repositories.filter((other) => other !== repository)
  const key = lookupKey(profile, repository.name)
  for (const other of state.repositories) {
    const members = memberNames(other.attributes)
    const remaining = members.filter((member) => lookupKey(profile, member) !== key)
    if (remaining.length === members.length) continue
    Object.assign(other.attributes['group'] as object, { memberNames: remaining })
  }
}

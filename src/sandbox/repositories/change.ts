// The last steps of a write: permission, checks of the facets, the row itself, and the states that go wrong on the way.
import { setTimeout as delay } from 'node:timers/promises'
import { emptyFault, message400, notFoundEmpty, unexpected500, violations } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply } from '../kernel/types.ts'
import { duplicateText, isNameTaken, markAccessed, removeRepository } from './catalog.ts'
import { dockerChecks } from './docker-checks.ts'
import { mavenChecks, typeChecks } from './facet-checks.ts'
import { type Check, type Draft, wordViolation } from './findings.ts'
import { checkBlobStore, checkReferences, isBlobStoreMissing } from './references.ts'

const FORMAT_CHECKS: Readonly<Record<string, readonly Check[]>> = {
  maven2: mavenChecks,
  docker: dockerChecks,
}

/** How long starting, restarting or deleting takes; another write that arrives meanwhile is refused (nexus-api section 7). */
const TRANSITION_MS = 3

/** Holds the repository in a state that is not started for a moment, as a real one is. */
async function pass(repository: Repository, lifecycle: NonNullable<Repository['lifecycle']>): Promise<void> {
  repository.lifecycle = lifecycle
  await delay(TRANSITION_MS)
  delete repository.lifecycle
}

/** E2 and E4 of the facets; 3.41 to 3.56 answer 404 instead of violations of a PUT (nexus-api 2.3). */
function runChecks(draft: Draft): Reply | undefined {
  const { profile } = draft
  const checks = [
    checkBlobStore,
    checkReferences,
    ...typeChecks[draft.type],
    ...(FORMAT_CHECKS[draft.format] ?? []),
  ]
  const findings = checks.flatMap((check) => check(draft))
  const failure = findings.find((finding) => 'failure' in finding)
  if (failure) return message400(profile, failure.failure)
  const found = findings.filter((finding) => 'id' in finding)
  if (found.length === 0) return undefined
  if (draft.current && profile.since('3.41') && !profile.since('3.57')) return notFoundEmpty()
  return violations(found.map((finding) => wordViolation(profile, finding)))
}

/** SQL servers from 3.41 to before 3.62 leave half-made repositories behind some refused requests (nexus-api 2.3, 8). */
function leavesGhosts({ profile }: Context): boolean {
  return profile.database === 'h2' && profile.since('3.41') && !profile.since('3.62')
}

/**
 * Of two that are created at the same time the one that is refused takes the place of the other, which then can't be deleted
 * (R `concurrency/same-repository-twice-*`).
 */
function takeOver({ state, profile }: Context, { name, format, type, attributes, secrets }: Draft): void {
  const place = state.repositories.findIndex((other) => isNameTaken([other], profile, name))
  if (state.repositories[place]?.lifecycle !== 'initialised') return
  state.repositories[place] = { name, format, type, attributes, secrets, lifecycle: 'initialised' }
}

/** Stores a new repository: 201. */
export async function insertRepository(context: Context, draft: Draft): Promise<Reply> {
  const { state, profile } = context
  const { name, format, type, attributes, secrets } = draft
  if (!context.may(`nexus:repository-admin:${format}:${name}:add`)) return emptyFault(403)
  const isTaken = isNameTaken(state.repositories, profile, name)
  const duplicate = message400(profile, duplicateText(profile, name))
  if (isTaken && leavesGhosts(context)) takeOver(context, draft)
  if (isTaken && profile.since('3.41') && !profile.since('3.44')) return duplicate
  const refused = runChecks(draft)
  if (refused) return refused
  const repository: Repository = { name, format, type, attributes, secrets }
  const problem = insertProblem(context, draft)
  if (problem) {
    if (problem.leavesGhost) state.repositories.push({ ...repository, lifecycle: 'initialised' })
    return message400(profile, problem.text)
  }
  if (isTaken) return duplicate
  state.repositories.push(repository)
  await pass(repository, 'initialised')
  return { status: 201 }
}

function insertProblem(context: Context, draft: Draft): { text: string; leavesGhost: boolean } | undefined {
  const { state, profile } = context
  const leavesGhost = leavesGhosts(context)
  const onOrient = profile.database === 'orient'
  if (state.frozen) {
    const prohibited = 'Modification requests are prohibited\r\n\tDB name="component"'
    const text = onOrient
      ? `Failed to initialize facets; 1 failure\n${prohibited}`
      : 'INSERT is not allowed while the application is frozen'
    return { text, leavesGhost }
  }
  if (!onOrient && draft.name.length > 200) {
    const text =
      '\n### Error updating database.  Cause: Value too long for column "NAME CHARACTER VARYING(200)"'
    return { text, leavesGhost }
  }
  const lacksStore = leavesGhost && isBlobStoreMissing(state, draft.attributes)
  return lacksStore ? { text: 'Failed to initialize facets; 1 failure\nnull', leavesGhost: false } : undefined
}

/** Replaces the settings of a repository: 204. */
export async function changeRepository(context: Context, draft: Draft, current: Repository): Promise<Reply> {
  const { state, profile } = context
  if (!context.may(`nexus:repository-admin:${current.format}:${current.name}:edit`)) return emptyFault(403)
  markAccessed(current)
  const refused = runChecks(draft)
  if (refused) return refused
  if (state.frozen) {
    const prohibited = 'Modification requests are prohibited\r\n\tDB name="config"'
    const text = 'UPDATE is not allowed while the application is frozen'
    return message400(profile, profile.database === 'orient' ? prohibited : text)
  }
  if (current.lifecycle) return message400(profile, invalidState(current.lifecycle))
  current.attributes = { ...draft.attributes, name: current.name }
  current.secrets = draft.secrets
  const isWedged = leavesGhosts(context) && isBlobStoreMissing(state, draft.attributes)
  if (isWedged) {
    current.lifecycle = 'stopped'
    return message400(profile, 'Failed to update facets; 1 failure\nnull')
  }
  await pass(current, 'stopped')
  return { status: 204 }
}

function invalidState(lifecycle: string): string {
  return `Invalid state: ${lifecycle.toUpperCase()}; allowed: [STARTED]`
}

/** Deletes a repository: 204. One that was not started can't be stopped: 500 (R `raw-hosted/delete-raw-bs*`, `concurrency/*`). */
export async function deleteRepository(context: Context, repository: Repository): Promise<Reply> {
  const { state, profile } = context
  if (repository.lifecycle) {
    const exception = 'org.sonatype.nexus.common.stateguard.InvalidStateException'
    return unexpected500(`${exception}: ${invalidState(repository.lifecycle)}`)
  }
  if (profile.database === 'orient' && isBlobStoreMissing(state, repository.attributes)) {
    repository.lifecycle = 'failed'
    const exception = 'org.sonatype.goodies.common.MultipleFailures$MultipleFailuresException'
    return unexpected500(`${exception}: Failed to delete facets; 1 failure`)
  }
  await pass(repository, 'deleted')
  removeRepository(state, profile, repository)
  return { status: 204 }
}

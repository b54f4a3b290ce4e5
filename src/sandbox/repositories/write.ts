// POST and PUT of a repository: the checks in the order of a real server (nexus-api 2.3), then the change.
import { setTimeout as delay } from 'node:timers/promises'
import { decodeBean, validateBean } from '../kernel/body.ts'
import { emptyFault, message400, notFoundEmpty, unexpected500, violations } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply } from '../kernel/types.ts'
import { duplicateText, findRepository, indexRepositories, isNameTaken, markAccessed } from './catalog.ts'
import { dockerChecks } from './docker-checks.ts'
import { groupChecks, hostedChecks, mavenChecks, proxyChecks } from './facet-checks.ts'
import { requestBean, toStored } from './fields.ts'
import { type Check, type Draft, isFailure, type Violation, wordViolation } from './findings.ts'
import { checkMembers } from './members.ts'
import { checkReferences, isBlobStoreMissing, keepsBlobStore, resolveRoutingRule } from './references.ts'
import type { Recipe } from './sections.ts'

type Type = Repository['type']

const TYPE_CHECKS: Readonly<Record<Type, readonly Check[]>> = {
  hosted: hostedChecks,
  proxy: proxyChecks,
  group: groupChecks,
}
const FORMAT_CHECKS: Readonly<Record<string, readonly Check[]>> = {
  maven2: mavenChecks,
  docker: dockerChecks,
}

/** How long a changed repository is stopped; a second PUT that arrives meanwhile is refused (nexus-api section 7). */
const RESTART_MS = 3

export function createRepository(context: Context, recipe: Recipe, type: Type): Reply | Promise<Reply> {
  return writeRepository(context, recipe, type, undefined)
}

export function updateRepository(context: Context, recipe: Recipe, type: Type): Reply | Promise<Reply> {
  return writeRepository(context, recipe, type, context.params['name'] ?? '')
}

/** `pathName` is undefined for a POST. */
function writeRepository(
  context: Context,
  recipe: Recipe,
  type: Type,
  pathName: string | undefined,
): Reply | Promise<Reply> {
  const { state, profile } = context
  const isNew = pathName === undefined
  const bean = recipe.types[type]
  const decoded = decodeBean(context.request.body, requestBean(bean, profile))
  if (decoded.refused) return decoded.refused
  const request = decoded.value
  if (!request) return violations([{ id: 'PARAMETER arg0', message: 'must not be null' }])
  const invalid = validateRequest(context, recipe, type, request, isNew)
  if (invalid) return invalid

  const refused = refuseBeforeLookup(context, recipe, type, request, pathName)
  if (refused) return refused
  const { attributes, secrets } = toStored(bean, request, profile)
  const unknownRule = resolveRoutingRule(attributes, request, state, profile)
  if (unknownRule) return message400(profile, unknownRule)
  if (profile.since('3.68') && isBlobStoreMissing(state, attributes))
    return message400(profile, 'Blob store not found')

  const name = String(request['name'])
  const current = findRepository(state, profile, name)
  if (current && profile.since('3.65') && !keepsBlobStore(current, attributes)) {
    return message400(profile, 'You cannot change a repository’s blob store through the API')
  }
  if (!isNew && !current) return notFoundEmpty()
  const draft: Draft = {
    name,
    ...(isNew || !current ? { format: recipe.format, type } : { format: current.format, type: current.type }),
    attributes,
    secrets,
    current: isNew ? undefined : current,
    state,
    profile,
    index: indexRepositories(state, profile),
    serverPort: Number(new URL(context.baseUrl).port || 80),
  }
  return draft.current ? changeRepository(context, draft, draft.current) : insertRepository(context, draft)
}

/** E1: bean validation, by 3.89 with the unique name; Docker names are lower case from 3.89. */
function validateRequest(
  { state, profile }: Context,
  recipe: Recipe,
  type: Type,
  request: Record<string, unknown>,
  isNew: boolean,
): Reply | undefined {
  const found = validateBean(request, requestBean(recipe.types[type], profile), profile)
  const name = request['name']
  if (typeof name === 'string' && profile.since('3.89')) {
    if (isNew && isNameTaken(state, profile, name)) {
      found.push({ id: 'PARAMETER name', message: 'Name is already used, must be unique (ignoring case)' })
    }
    if (recipe.format === 'docker' && name !== name.toLowerCase()) {
      const message = 'Docker repository names must be lowercase to support path-based routing'
      found.push({ id: 'PARAMETER arg0', message })
    }
  }
  return found.length > 0 ? violations(found) : undefined
}

/** What is refused before any repository is looked at; requests without credentials never see more than a 403. */
function refuseBeforeLookup(
  context: Context,
  recipe: Recipe,
  type: Type,
  request: Record<string, unknown>,
  pathName: string | undefined,
): Reply | undefined {
  const { profile } = context
  const isAnonymous = context.request.user === undefined
  if (isAnonymous && !profile.since('3.77')) return emptyFault(403)
  if (type === 'group') {
    const members = checkMembers(context, recipe.format, request)
    if (members) return members
  }
  if (isAnonymous) return emptyFault(403)
  if (pathName !== undefined && pathName !== request['name']) {
    return message400(profile, 'Renaming a repository is not supported')
  }
  const cleanup = request['cleanup'] as { policyNames?: string[] | null } | null | undefined
  if (cleanup && !cleanup.policyNames) {
    return message400(profile, 'Cannot invoke "java.lang.Iterable.iterator()" because "elements" is null')
  }
  return undefined
}

/** E2 and E4 of the facets; 3.41 to 3.56 answer 404 instead of violations of a PUT (nexus-api 2.3). */
function runChecks(draft: Draft): Reply | undefined {
  const { profile } = draft
  const checks = [checkReferences, ...TYPE_CHECKS[draft.type], ...(FORMAT_CHECKS[draft.format] ?? [])]
  const findings = checks.flatMap((check) => check(draft))
  const failure = findings.find(isFailure)
  if (failure) return message400(profile, failure.failure)
  const found = findings.filter((finding): finding is Violation => !isFailure(finding))
  if (found.length === 0) return undefined
  if (draft.current && profile.since('3.41') && !profile.since('3.57')) return notFoundEmpty()
  return violations(found.map((finding) => wordViolation(profile, finding)))
}

/** SQL servers from 3.41 to before 3.62 leave a half-made repository behind some refused requests (nexus-api 2.3, 8). */
function leavesGhosts({ profile }: Context): boolean {
  return profile.since('3.41') && !profile.since('3.62')
}

function insertRepository(context: Context, draft: Draft): Reply {
  const { state, profile } = context
  const { name, format, type, attributes, secrets } = draft
  if (!context.may(`nexus:repository-admin:${format}:${name}:add`)) return emptyFault(403)
  const isTaken = isNameTaken(state, profile, name)
  const duplicate = message400(profile, duplicateText(profile, name))
  if (isTaken && profile.since('3.41') && !profile.since('3.44')) return duplicate
  const refused = runChecks(draft)
  if (refused) return refused
  const repository: Repository = { name, format, type, attributes, secrets }
  const problem = insertProblem(context, draft)
  if (problem) {
    if (leavesGhosts(context) && problem.leavesGhost) {
      state.repositories.push({ ...repository, lifecycle: 'initialised' })
    }
    return message400(profile, problem.text)
  }
  if (isTaken) return duplicate
  state.repositories.push(repository)
  return { status: 201 }
}

function insertProblem(context: Context, draft: Draft): { text: string; leavesGhost: boolean } | undefined {
  const { state, profile } = context
  const onOrient = profile.database === 'orient'
  if (state.frozen) {
    const text = onOrient
      ? 'Failed to initialize facets; 1 failure\nModification requests are prohibited\r\n\tDB name="component"'
      : 'INSERT is not allowed while the application is frozen'
    return { text, leavesGhost: true }
  }
  if (!onOrient && draft.name.length > 200) {
    const text =
      '\n### Error updating database.  Cause: Value too long for column "NAME CHARACTER VARYING(200)"'
    return { text, leavesGhost: true }
  }
  if (leavesGhosts(context) && isBlobStoreMissing(state, draft.attributes)) {
    return { text: 'Failed to initialize facets; 1 failure\nnull', leavesGhost: false }
  }
  return undefined
}

async function changeRepository(context: Context, draft: Draft, current: Repository): Promise<Reply> {
  const { state, profile } = context
  if (!context.may(`nexus:repository-admin:${current.format}:${current.name}:edit`)) return emptyFault(403)
  markAccessed(current)
  const refused = runChecks(draft)
  if (refused) return refused
  if (state.frozen) {
    const onOrient = profile.database === 'orient'
    const prohibited = 'Modification requests are prohibited\r\n\tDB name="config"'
    return message400(
      profile,
      onOrient ? prohibited : 'UPDATE is not allowed while the application is frozen',
    )
  }
  if (current.lifecycle) return message400(profile, invalidState(current))
  const wedges = leavesGhosts(context) && isBlobStoreMissing(state, draft.attributes)
  current.lifecycle = 'stopped'
  current.attributes = { ...draft.attributes, name: current.name }
  current.secrets = draft.secrets
  if (wedges) return message400(profile, 'Failed to update facets; 1 failure\nnull')
  await delay(RESTART_MS)
  delete current.lifecycle
  return { status: 204 }
}

/** The text of a state guard; unloaded repositories are started ones that nobody asked for yet. */
function invalidState(repository: Repository): string {
  return `Invalid state: ${(repository.lifecycle ?? 'started').toUpperCase()}; allowed: [STARTED]`
}

/** Why a repository can't be stopped for its deletion, if so (R `raw-hosted/delete-raw-bs*`, 3.28 and 3.41). */
export function refuseDeletion(context: Context, repository: Repository): Reply | undefined {
  if (repository.lifecycle) {
    return unexpected500(
      `org.sonatype.nexus.common.stateguard.InvalidStateException: ${invalidState(repository)}`,
    )
  }
  if (context.profile.database !== 'orient' || !isBlobStoreMissing(context.state, repository.attributes))
    return undefined
  repository.lifecycle = 'failed'
  return unexpected500(
    'org.sonatype.goodies.common.MultipleFailures$MultipleFailuresException: Failed to delete facets; 1 failure',
  )
}

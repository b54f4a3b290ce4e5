// POST and PUT of a repository up to the point where it is stored: the checks in the order of a real server (nexus-api 2.3).
import { decodeBean, validateBean } from '../kernel/body.ts'
import { emptyFault, message400, notFoundEmpty, violations } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply } from '../kernel/types.ts'
import { findRepository, indexRepositories, isNameTaken } from './catalog.ts'
import { changeRepository, insertRepository } from './change.ts'
import { requestBean, toStored } from './fields.ts'
import { checkMembers } from './members.ts'
import type { Recipe } from './recipes.ts'
import { blobStoreOf, isBlobStoreKnown, resolveRoutingRule } from './references.ts'

/** One write request, decoded. */
interface Write {
  context: Context
  recipe: Recipe
  type: Repository['type']
  /** Name in the path; undefined for a POST. */
  pathName: string | undefined
  request: Record<string, unknown>
}

/** POST (no `name` parameter) and PUT of a recipe's type. */
export function writeRepository(
  context: Context,
  recipe: Recipe,
  type: Repository['type'],
): Reply | Promise<Reply> {
  const refused = violations([{ id: 'PARAMETER arg0', message: 'must not be null' }])
  const bean = requestBean(recipe.types[type], context.profile)
  const decoded = decodeBean(context.request.body, bean, { refused })
  if (decoded.refused) return decoded.refused
  const write: Write = { context, recipe, type, pathName: context.params['name'], request: decoded.value }
  return refuseBody(write) ?? refuseUnseen(write) ?? writeStored(write)
}

/** E1: bean validation; Docker names are lower case from 3.89. */
function refuseBody({ context, recipe, type, request }: Write): Reply | undefined {
  const { profile } = context
  const found = validateBean(request, requestBean(recipe.types[type], profile), profile)
  const name = request['name']
  const isDocker = recipe.format === 'docker' && profile.since('3.89')
  if (isDocker && typeof name === 'string' && name !== name.toLowerCase()) {
    const message = 'Docker repository names must be lowercase to support path-based routing'
    found.push({ id: 'PARAMETER arg0', message })
  }
  return found.length > 0 ? violations(found) : undefined
}

/** By 3.89 a name that is taken is a violation that is told alone, when the fields and the members are right. */
function refuseTakenName({ context, pathName, request }: Write): Reply | undefined {
  const { state, profile } = context
  if (pathName !== undefined || !profile.since('3.89')) return undefined
  // two that are created at the same time do not see each other here: the database refuses the second (R `concurrency/*`)
  const started = state.repositories.filter(({ lifecycle }) => lifecycle !== 'initialised')
  if (!isNameTaken(started, profile, String(request['name']))) return undefined
  const message = 'Name is already used, must be unique (ignoring case)'
  return violations([{ id: 'PARAMETER name', message }])
}

/** What is refused before the named repository is looked at; without credentials nothing but a 403 comes of it. */
function refuseUnseen(write: Write): Reply | undefined {
  const { context, recipe, type, pathName, request } = write
  const { profile } = context
  const isAnonymous = context.request.user === undefined
  if (isAnonymous && !profile.since('3.77')) return emptyFault(403)
  const members = type === 'group' ? checkMembers(context, recipe.format, request) : undefined
  const refused = members ?? refuseTakenName(write)
  if (refused) return refused
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

function writeStored({ context, recipe, type, pathName, request }: Write): Reply | Promise<Reply> {
  const { state, profile } = context
  const { attributes, secrets } = toStored(recipe.types[type], request, profile)
  const unknownRule = resolveRoutingRule(attributes, request, state, profile)
  if (unknownRule) return message400(profile, unknownRule)
  if (profile.since('3.68') && !isBlobStoreKnown(state, attributes)) {
    return message400(profile, 'Blob store not found')
  }
  const name = String(request['name'])
  const existing = findRepository(state, profile, name)
  const keepsStore = !existing || blobStoreOf(existing.attributes) === blobStoreOf(attributes)
  if (!keepsStore && profile.since('3.65')) {
    return message400(profile, 'You cannot change a repository’s blob store through the API')
  }
  const index = indexRepositories(state, profile)
  const serverPort = Number(new URL(context.baseUrl).port || 80)
  const draft = { name, format: recipe.format, type, attributes, secrets, state, profile, index, serverPort }
  if (pathName === undefined) return insertRepository(context, { ...draft, current: undefined })
  if (!existing) return notFoundEmpty()
  const { format, type: storedType } = existing
  return changeRepository(context, { ...draft, format, type: storedType, current: existing }, existing)
}

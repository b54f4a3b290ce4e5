// The repository endpoints (nexus-api 2.3). Reads hide what the caller may not see, writes are in write.ts.
// That `/v1` starts with 3.26 is known to the list of modules.

import type { Profile } from '../kernel/profile.ts'
import { emptyFault, message, notFoundEmpty, readOnly } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { accessRepository, indexRepositories } from './catalog.ts'
import { deleteRepository } from './change.ts'
import { isOffered, RECIPES, type Recipe } from './recipes.ts'
import { routingRuleRoutes } from './routing-rules.ts'
import { listEntry, settingsView, shortView } from './views.ts'
import { writeRepository } from './write.ts'

const TYPES = ['hosted', 'proxy', 'group'] as const

function mayAdmin({ may }: Context, { format, name }: Repository, action: string): boolean {
  return may(`nexus:repository-admin:${format}:${name}:${action}`)
}

function mayBrowse({ may }: Context, { format, name }: Repository): boolean {
  return may(`nexus:repository-view:${format}:${name}:browse`)
}

/** Always complete, except for half-made repositories that were never started. */
function list(context: Context): Reply {
  const visible = context.state.repositories.filter(
    (repository) => repository.lifecycle !== 'initialised' && mayBrowse(context, repository),
  )
  return { status: 200, body: visible.map((repository) => listEntry(context, repository)) }
}

function settings(context: Context): Reply {
  if (context.request.user === undefined) return emptyFault(403)
  const { state, profile } = context
  const loaded = [...indexRepositories(state, profile).values()].filter(
    (repository) => repository.lifecycle !== 'unloaded' && mayAdmin(context, repository, 'read'),
  )
  return { status: 200, body: loaded.map(settingsView(context)) }
}

function lookUp({ state, profile, params }: Context): Repository | undefined {
  return accessRepository(state, profile, params['name'] ?? '')
}

function short(context: Context): Reply {
  const repository = lookUp(context)
  if (!repository) return emptyFault(404)
  return mayBrowse(context, repository)
    ? { status: 200, body: shortView(context, repository) }
    : emptyFault(403)
}

function notFound(profile: Profile): Reply {
  return message(profile, 404, 'Repository not found')
}

/** Another type or format, or no right to read it, looks like a missing one; without credentials 403 but at 3.77 (nexus-api 1.2). */
function single(context: Context, recipe: Recipe, type: Repository['type']): Reply {
  const { profile } = context
  const hides = profile.since('3.77') && !profile.since('3.89')
  if (context.request.user === undefined && !hides) return emptyFault(403)
  const repository = lookUp(context)
  if (!repository || repository.format !== recipe.format || repository.type !== type) return notFound(profile)
  if (!mayAdmin(context, repository, 'read')) return notFound(profile)
  return { status: 200, body: settingsView(context)(repository) }
}

function remove(context: Context): Reply | Promise<Reply> {
  if (context.request.user === undefined) return emptyFault(403)
  const { state, profile } = context
  const repository = lookUp(context)
  if (!repository) return notFoundEmpty()
  if (!mayAdmin(context, repository, 'delete'))
    return profile.since('3.89') ? notFoundEmpty() : emptyFault(403)
  if (state.frozen) return readOnly()
  return deleteRepository(context, repository)
}

/** Cache and index: a repository of the right type, else a message. */
function actOn(context: Context, types: readonly string[], refusal: string): Reply {
  const repository = lookUp(context)
  if (!repository) return notFound(context.profile)
  if (!mayAdmin(context, repository, 'edit')) return emptyFault(403)
  return types.includes(repository.type) ? { status: 204 } : message(context.profile, 400, refusal)
}

function invalidateCache(context: Context): Reply {
  return actOn(context, ['proxy', 'group'], 'You can invalidate cache of proxy or group repository only')
}

function rebuildIndex(context: Context): Reply {
  return actOn(
    context,
    ['hosted', 'proxy'],
    'You can rebuild search index of hosted or proxy repository only',
  )
}

function since(version: string): (profile: Profile) => boolean {
  return (profile) => profile.since(version)
}

/** The endpoints of one format and type; GET came with 3.27 (nexus-api section 3). */
function recipeRoutes(prefix: string, recipe: Recipe, type: Repository['type']): Route[] {
  const path = `${prefix}/repositories/${recipe.path}/${type}`
  const named = `${path}/:name`
  const handler = (context: Context) => writeRepository(context, recipe, type)
  return [
    { method: 'POST', path, handler, available: offered('3.20', recipe) },
    { method: 'PUT', path: named, handler, available: offered('3.20', recipe) },
    {
      method: 'GET',
      path: named,
      handler: (context) => single(context, recipe, type),
      available: offered('3.27', recipe),
    },
  ]
}

function offered(first: string, recipe: Recipe): (profile: Profile) => boolean {
  return (profile) => profile.since(first) && isOffered(recipe, profile)
}

/** `/beta` is where the endpoints were from 3.20 to 3.25 and still answer (R `repositories-general/beta-*`); `/v1` came with 3.26. */
function versioned(prefix: string): Route[] {
  return RECIPES.flatMap((recipe) => TYPES.flatMap((type) => recipeRoutes(prefix, recipe, type)))
}

const ACTIONS: readonly { name: string; handler: (context: Context) => Reply }[] = [
  { name: 'invalidate-cache', handler: invalidateCache },
  { name: 'rebuild-index', handler: rebuildIndex },
]

export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/repositories', handler: list },
  { method: 'GET', path: '/v1/repositorySettings', handler: settings },
  { method: 'GET', path: '/beta/repositories', handler: settings, available: since('3.20') },
  { method: 'GET', path: '/v1/repositories/:name', handler: short, available: since('3.38') },
  { method: 'DELETE', path: '/v1/repositories/:name', handler: remove },
  ...ACTIONS.map(({ name, handler }): Route => {
    return {
      method: 'POST',
      path: `/v1/repositories/:name/${name}`,
      handler,
      consumes: 'any',
    }
  }),
  ...versioned('/v1'),
  ...versioned('/beta'),
  ...routingRuleRoutes,
]

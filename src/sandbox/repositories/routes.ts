// The repository endpoints (nexus-api 2.3). Reads hide what the caller may not see, writes are in write.ts.
// That `/v1` starts with 3.26 is known to the list of modules.

import type { Profile } from '../kernel/profile.ts'
import { emptyFault, message, message400, notFoundEmpty, readOnly } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { accessRepository, indexRepositories } from './catalog.ts'
import { deleteRepository } from './change.ts'
import { RECIPES, type Recipe } from './recipes.ts'
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
  return { status: 200, body: loaded.map((repository) => settingsView(context, repository)) }
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
  const isAsked = repository?.format === recipe.format && repository.type === type
  if (!isAsked || !mayAdmin(context, repository, 'read')) return notFound(profile)
  return { status: 200, body: settingsView(context, repository) }
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

/** Cache and index: something that is done to a repository of the right type, else a message. */
function action(
  name: string,
  types: readonly string[],
  refusal: string,
  act?: (repository: Repository) => void,
): Route {
  return {
    method: 'POST',
    path: `/v1/repositories/:name/${name}`,
    consumes: 'any',
    handler(context) {
      const repository = lookUp(context)
      if (!repository) return notFound(context.profile)
      if (!mayAdmin(context, repository, 'edit')) return emptyFault(403)
      if (!types.includes(repository.type)) return message400(context.profile, refusal)
      act?.(repository)
      return { status: 204 }
    },
  }
}

/** The endpoints of one format and type; GET came with 3.27 (nexus-api section 3). */
function recipeRoutes(prefix: string, recipe: Recipe, type: Repository['type']): Route[] {
  const path = `${prefix}/repositories/${recipe.path}/${type}`
  const named = `${path}/:name`
  const handler = (context: Context) => writeRepository(context, recipe, type)
  const read = (context: Context) => single(context, recipe, type)
  const since = (version: string) => (profile: Profile) =>
    profile.since(version) && (recipe.isProprietary !== true || profile.edition !== 'core')
  return [
    { method: 'POST', path, handler, available: since('3.20') },
    { method: 'PUT', path: named, handler, available: since('3.20') },
    { method: 'GET', path: named, handler: read, available: since('3.27') },
  ]
}

/** `/beta` is where the endpoints were from 3.20 to 3.25 and still answer (R `repositories-general/beta-*`); `/v1` came with 3.26. */
function versioned(prefix: string): Route[] {
  return RECIPES.flatMap((recipe) => TYPES.flatMap((type) => recipeRoutes(prefix, recipe, type)))
}

export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/repositories', handler: list },
  { method: 'GET', path: '/v1/repositorySettings', handler: settings },
  {
    method: 'GET',
    path: '/beta/repositories',
    handler: settings,
    available: (profile) => profile.since('3.20'),
  },
  {
    method: 'GET',
    path: '/v1/repositories/:name',
    handler: short,
    available: (profile) => profile.since('3.38'),
  },
  { method: 'DELETE', path: '/v1/repositories/:name', handler: remove },
  action(
    'invalidate-cache',
    ['proxy', 'group'],
    'You can invalidate cache of proxy or group repository only',
    (repository) => {
      repository.invalidatedAt = Date.now()
    },
  ),
  action(
    'rebuild-index',
    ['hosted', 'proxy'],
    'You can rebuild search index of hosted or proxy repository only',
  ),
  ...versioned('/v1'),
  ...versioned('/beta'),
  ...routingRuleRoutes,
]

// How stored repositories are shown: as settings (`/v1/repositories/raw/hosted/x`, `repositorySettings`) and in the short list.
import type { Repository } from '../kernel/state.ts'
import type { Context } from '../kernel/types.ts'
import { toAnswer } from './fields.ts'
import { RECIPES } from './recipes.ts'

type Settings = Record<string, unknown>

/** The full settings of a repository. */
export function settingsView(context: Context, { format, type, attributes, name }: Repository): Settings {
  const { profile, state } = context
  const recipe = RECIPES.find((entry) => entry.format === format)
  const settings = recipe ? toAnswer(recipe.types[type], attributes, profile) : {}
  if (state.omitLatestPolicy) delete (settings['storage'] as Settings | undefined)?.['latestPolicy']
  return Object.assign(settings, { format, type, url: urlOf(context, name) })
}

function urlOf({ baseUrl }: Context, name: string): string {
  return `${baseUrl}/repository/${encodeURIComponent(name)}`
}

/** What the list and `GET /v1/repositories/{name}` show of a repository; `online` from 3.94 (nexus-api 2.3). */
export function shortView(context: Context, repository: Repository): Settings {
  const { name, format, type, attributes } = repository
  const proxy = attributes['proxy'] as Settings | undefined
  return {
    name,
    format,
    type,
    url: urlOf(context, name),
    attributes: type === 'proxy' ? { proxy: { remoteUrl: proxy?.['remoteUrl'] } } : {},
    ...(context.profile.since('3.94') ? { online: attributes['online'] } : {}),
  }
}

/** One entry of the list, which has a size by 3.89 (R `raw-hosted/get-in-list`, not in `get-short`). */
export function listEntry(context: Context, repository: Repository): Settings {
  const entry = shortView(context, repository)
  return context.profile.since('3.89') ? { ...entry, size: 0 } : entry
}

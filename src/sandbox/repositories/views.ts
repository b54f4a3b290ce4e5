// How stored repositories are shown: as settings (`/v1/repositories/raw/hosted/x`, `repositorySettings`) and in the short list.
import type { Profile } from '../kernel/profile.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context } from '../kernel/types.ts'
import { type SettingBean, toAnswer } from './fields.ts'
import { recipesOf } from './sections.ts'

type Settings = Record<string, unknown>

/** Shows the full settings of repositories; the field tables are built once for a whole list. */
export function settingsView(context: Context): (repository: Repository) => Settings {
  const { profile, state } = context
  const recipes = new Map(recipesOf(profile).map((recipe) => [recipe.format, recipe]))
  return (repository) => {
    const bean: SettingBean = recipes.get(repository.format)?.types[repository.type] ?? {}
    const settings = toAnswer(bean, repository.attributes, profile)
    if (state.omitLatestPolicy) delete (settings['storage'] as Settings | undefined)?.['latestPolicy']
    const { format, type } = repository
    return { ...settings, format, type, url: urlOf(context, repository) }
  }
}

function urlOf({ baseUrl }: Context, repository: Repository): string {
  return `${baseUrl}/repository/${encodeURIComponent(repository.name)}`
}

/** One entry of `GET /v1/repositories`; `size` by 3.89, `online` from 3.94 (nexus-api 2.3). */
export function listEntry(context: Context, repository: Repository): Settings {
  const { name, format, type, attributes } = repository
  const proxy = attributes['proxy'] as Settings | undefined
  return {
    name,
    format,
    type,
    url: urlOf(context, repository),
    ...newerListFields(context.profile, attributes),
    attributes: type === 'proxy' ? { proxy: { remoteUrl: proxy?.['remoteUrl'] } } : {},
  }
}

function newerListFields(profile: Profile, attributes: Settings): Settings {
  if (!profile.since('3.89')) return {}
  return profile.since('3.94') ? { size: 0, online: attributes['online'] } : { size: 0 }
}

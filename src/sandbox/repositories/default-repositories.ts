// The repositories of a fresh server, as recorded (`repositories-general/settings`); NuGet's are listed data alone.
// Their remotes are placeholders: the sandbox fetches nothing.
import type { Profile } from '../kernel/profile.ts'
import type { Repository, State } from '../kernel/state.ts'

type Settings = Record<string, unknown>

interface Default {
  name: string
  format: string
  type: Repository['type']
  settings: Settings
}

function storage(extra: Settings = {}): Settings {
  return { blobStoreName: 'default', strictContentTypeValidation: false, ...extra }
}

function mavenHosted(name: string, versionPolicy: string, writePolicy: string): Default {
  const maven = { versionPolicy, layoutPolicy: 'STRICT', contentDisposition: 'INLINE' }
  return { name, format: 'maven2', type: 'hosted', settings: { storage: storage({ writePolicy }), maven } }
}

function proxyOf(name: string, format: string, proxy: Settings, extra: Settings): Default {
  const settings = { storage: storage(), proxy: { metadataMaxAge: 1440, ...proxy }, ...extra }
  return { name, format, type: 'proxy', settings }
}

function groupOf(name: string, format: string, memberNames: string[], strict: boolean): Default {
  const settings = { storage: storage({ strictContentTypeValidation: strict }), group: { memberNames } }
  return { name, format, type: 'group', settings }
}

function defaultsOf(profile: Profile): Default[] {
  // maven-public checks content types until 3.71 and no longer at 3.77.1 (R `repositories-general/beta-get`)
  const strictGroups = !profile.since('3.77')
  const central = { remoteUrl: 'https://central.example/maven2/', contentMaxAge: -1 }
  const release = { versionPolicy: 'RELEASE', layoutPolicy: 'PERMISSIVE', contentDisposition: 'INLINE' }
  const maven = [
    mavenHosted('maven-releases', 'RELEASE', 'ALLOW_ONCE'),
    mavenHosted('maven-snapshots', 'SNAPSHOT', 'ALLOW'),
    proxyOf('maven-central', 'maven2', central, { maven: release }),
    groupOf('maven-public', 'maven2', ['maven-releases', 'maven-snapshots', 'maven-central'], strictGroups),
  ]
  if (profile.edition === 'core') return maven // the core has no NuGet
  const gallery = { remoteUrl: 'https://nuget.example/v3/index.json', contentMaxAge: 1440 }
  const nugetProxy = { queryCacheItemMaxAge: 3600, nugetVersion: 'V3' }
  return [
    ...maven,
    {
      name: 'nuget-hosted',
      format: 'nuget',
      type: 'hosted',
      settings: { storage: storage({ writePolicy: 'ALLOW' }) },
    },
    proxyOf('nuget.org-proxy', 'nuget', gallery, { nugetProxy }),
    groupOf('nuget-group', 'nuget', ['nuget-hosted', 'nuget.org-proxy'], strictGroups),
  ]
}

/** Adds the default repositories; by 3.89 they are loaded one by one on first access (nexus-api 2.3). */
export function seedRepositories(state: State, profile: Profile): void {
  if (profile.property('nexus.skipDefaultRepositories')) return
  for (const { name, format, type, settings } of defaultsOf(profile)) {
    state.repositories.push({
      name,
      format,
      type,
      attributes: { name, online: true, ...settings },
      secrets: {},
      ...(profile.since('3.89') ? { lifecycle: 'unloaded' } : {}),
    })
  }
}

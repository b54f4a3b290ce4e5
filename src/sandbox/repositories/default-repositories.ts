// The repositories of a fresh server, as recorded (`repositories-general/settings`); NuGet's are listed data alone.
// Their remotes are placeholders: the sandbox fetches nothing.
import type { Profile } from '../kernel/profile.ts'
import type { Repository } from '../kernel/state.ts'

type Settings = Record<string, unknown>

function repository(
  name: string,
  format: string,
  type: Repository['type'],
  { storage, ...settings }: Settings,
): Repository {
  const own = { blobStoreName: 'default', strictContentTypeValidation: false, ...(storage as Settings) }
  return { name, format, type, attributes: { name, online: true, storage: own, ...settings }, secrets: {} }
}

function maven(versionPolicy: string, layoutPolicy: string): Settings {
  return { versionPolicy, layoutPolicy, contentDisposition: 'INLINE' }
}

function defaultsOf(profile: Profile): Repository[] {
  // maven-public checks content types until 3.71 and no longer at 3.77.1 (R `repositories-general/beta-get`)
  const groupStorage = { strictContentTypeValidation: !profile.since('3.77') }
  const core = [
    repository('maven-releases', 'maven2', 'hosted', {
      storage: { writePolicy: 'ALLOW_ONCE' },
      maven: maven('RELEASE', 'STRICT'),
    }),
    repository('maven-snapshots', 'maven2', 'hosted', {
      storage: { writePolicy: 'ALLOW' },
      maven: maven('SNAPSHOT', 'STRICT'),
    }),
    repository('maven-central', 'maven2', 'proxy', {
      proxy: { remoteUrl: 'https://central.example/maven2/', contentMaxAge: -1, metadataMaxAge: 1440 },
      maven: maven('RELEASE', 'PERMISSIVE'),
    }),
    repository('maven-public', 'maven2', 'group', {
      storage: groupStorage,
      group: { memberNames: ['maven-releases', 'maven-snapshots', 'maven-central'] },
    }),
  ]
  if (profile.edition === 'core') return core // it has no NuGet
  return [
    ...core,
    repository('nuget-hosted', 'nuget', 'hosted', { storage: { writePolicy: 'ALLOW' } }),
    repository('nuget.org-proxy', 'nuget', 'proxy', {
      proxy: { remoteUrl: 'https://nuget.example/v3/index.json', contentMaxAge: 1440, metadataMaxAge: 1440 },
      nugetProxy: { queryCacheItemMaxAge: 3600, nugetVersion: 'V3' },
    }),
    repository('nuget-group', 'nuget', 'group', {
      storage: groupStorage,
      group: { memberNames: ['nuget-hosted', 'nuget.org-proxy'] },
    }),
  ]
}

/** The default repositories; by 3.89 they are loaded one by one on first access (nexus-api 2.3). */
export function defaultRepositories(profile: Profile): Repository[] {
  if (profile.property('nexus.skipDefaultRepositories')) return []
  const defaults = defaultsOf(profile)
  return profile.since('3.89') ? defaults.map((entry) => ({ ...entry, lifecycle: 'unloaded' })) : defaults
}

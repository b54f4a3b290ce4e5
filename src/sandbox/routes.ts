// The modules of the sandbox: each adds its routes.
import { blobStoreRoutes } from './blob-stores/routes.ts'
import { contentRoutes } from './content/routes.ts'
import { componentRoutes } from './docker/components.ts'
import type { ContentStore } from './docker/store.ts'
import { extDirectRoutes } from './extdirect/routes.ts'
import { httpRestRoutes } from './http-settings/rest.ts'
import type { Profile } from './kernel/profile.ts'
import type { Route } from './kernel/types.ts'
import { cleanupPolicyRoutes } from './repositories/cleanup-policies.ts'
import { repositoryRoutes } from './repositories/routes.ts'
import { anonymousRoutes } from './security/anonymous.ts'
import { realmRoutes } from './security/realms.ts'
import { sessionRoutes } from './security/session.ts'
import { userRoutes } from './security/users.ts'
import { eulaRoutes } from './system/eula.ts'
import { pageRoutes } from './system/pages.ts'
import { readOnlyRoutes } from './system/read-only.ts'
import { statusRoutes, swaggerRoute } from './system/status.ts'

const modules: readonly Route[] = [
  ...pageRoutes,
  ...statusRoutes,
  ...readOnlyRoutes,
  ...eulaRoutes,
  ...realmRoutes,
  ...anonymousRoutes,
  ...userRoutes,
  ...sessionRoutes,
  ...httpRestRoutes,
  ...extDirectRoutes,
  ...contentRoutes,
  ...blobStoreRoutes,
  ...repositoryRoutes,
  ...cleanupPolicyRoutes,
]

/** Before 3.26 only these of the stable API existed; the tool has to notice that the others are missing (nexus-api section 3). */
const oldStablePaths = /^\/v1\/(status(\/writable)?|read-only.*|repositories|blobstores.*|routing-rules.*)$/

/** The routes that a server offers; `store` is what its docker repositories hold. */
export function routesOf(profile: Profile, store: ContentStore): readonly Route[] {
  const offered = [...modules, ...componentRoutes(store)].filter(({ path, available }) => {
    const isOldEnough = profile.since('3.26') || !path.startsWith('/v1/') || oldStablePaths.test(path)
    return isOldEnough && (available?.(profile) ?? true)
  })
  return [...offered, swaggerRoute(offered)]
}

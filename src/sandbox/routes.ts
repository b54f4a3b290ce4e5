// The modules of the sandbox: each adds its routes, and what a fresh server of a version already holds.
import { blobStoreRoutes, seedBlobStores } from './blob-stores/routes.ts'
import type { Profile } from './kernel/profile.ts'
import type { State } from './kernel/state.ts'
import type { Route } from './kernel/types.ts'
import { seedRepositories } from './repositories/default-repositories.ts'
import { repositoryRoutes } from './repositories/routes.ts'

/** Fills the state of a fresh server. */
export type Seed = (state: State, profile: Profile) => void

/** Every route of the sandbox; `Route.available` decides per server. */
export const routes: readonly Route[] = [...blobStoreRoutes, ...repositoryRoutes]

/** What a fresh server holds beside users and settings: default blob store, default repositories. */
export const seeds: readonly Seed[] = [seedBlobStores, seedRepositories]

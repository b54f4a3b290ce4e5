// What answers for each type of repository.
import { hosted } from './hosted.ts'
import { RegistryRefusal } from './refusal.ts'
import type { Handlers, RepositoryHandler } from './repository-handler.ts'

/** Holds what it was given and takes nothing. */
const closed: RepositoryHandler = {
  ...hosted,
  writable() {
    throw new RegistryRefusal('UNSUPPORTED')
  },
}

export const handlers: Handlers = { hosted, proxy: closed, group: closed }

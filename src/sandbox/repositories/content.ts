// `/repository/<name>/…`: there is no content, only what an offline or empty repository answers.
import { htmlPage } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { accessRepository } from './catalog.ts'

function read({ state, profile, params }: Context): Reply {
  const repository = accessRepository(state, profile, params['name'] ?? '')
  if (repository?.attributes['online'] === false) {
    return htmlPage(profile, 503, 'Service Unavailable', 'Repository offline')
  }
  return htmlPage(profile, 404, 'Not Found', 'Not Found')
}

export const contentRoutes: readonly Route[] = [
  { method: 'GET', path: '/repository/:name/*', root: true, handler: read },
]

// `/repository/<name>/…`: who may look at content, and what a proxy repository fetches. Nothing is ever stored. What is below `/v2` of a
// docker repository is answered by docker/ before it comes here.
import { htmlPage, unauthorized } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { fetchRemote } from '../outbound/fetch.ts'
import { loginOf } from '../outbound/login.ts'
import { accessRepository } from '../repositories/catalog.ts'
import { isBlocked } from '../repositories/routing-rules.ts'

function notFound({ profile }: Context, text: string): Reply {
  return htmlPage(profile, 404, 'Not Found', text)
}

async function fetchThrough(repository: Repository, path: string, context: Context): Promise<Reply> {
  const proxy = repository.attributes['proxy'] as { remoteUrl?: string } | undefined
  const remote = proxy?.remoteUrl
  if (remote === undefined) return notFound(context, path)
  if (isBlocked(context.state, repository.attributes, `/${path}`)) return blocked(context)
  const url = `${remote.replace(/\/*$/, '/')}${path}`
  const { httpSettings: settings } = context.state
  const answer = await fetchRemote(url, { settings, login: loginOf(repository) })
  if (answer.status !== 200) return notFound(context, path)
  return { status: 200, body: answer.body, contentType: 'text/plain' }
}

function blocked({ profile }: Context): Reply {
  const text = 'Routing rules block the requested item from this repository'
  return htmlPage(profile, 403, 'Forbidden', text)
}

function read(repository: Repository, path: string, context: Context): Reply | Promise<Reply> {
  if (path === '') {
    const text = `This ${repository.format} ${repository.type} repository is not directly browseable at this URL.`
    return {
      status: 200,
      contentType: 'text/html',
      body: `<!DOCTYPE html>\n<html lang="en">\n<head><title>Repository - Sonatype Nexus Repository</title></head>\n<body>${repository.name} ${text}</body>\n</html>\n`,
    }
  }
  if (repository.type === 'proxy') return fetchThrough(repository, path, context)
  const reply = notFound(context, path)
  return { ...reply, headers: { 'Content-Disposition': 'inline' } }
}

function serve(context: Context): Reply | Promise<Reply> {
  const { state, params, profile, request, may } = context
  const name = params['name'] ?? ''
  const repository = accessRepository(state, profile, name)
  if (!repository) return notFound(context, 'Repository not found')
  const action = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'edit'
  const allowed = may(`nexus:repository-view:${repository.format}:${name}:${action}`)
  if (!allowed)
    return request.user === undefined ? unauthorized() : htmlPage(profile, 403, 'Forbidden', 'Forbidden')
  if (action === 'edit') {
    if (state.frozen) return { status: profile.since('3.77') ? 500 : 503 }
    return { status: 201 }
  }
  if (repository.attributes['online'] === false)
    return htmlPage(profile, 503, 'Service Unavailable', 'Repository offline')
  return read(repository, params['*'] ?? '', context)
}

export const contentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repository',
    root: true,
    handler: ({ profile }) =>
      htmlPage(profile, 400, 'Bad Request', "Repository path must have another '/' after initial '/'"),
  },
  { method: 'GET', path: '/repository/:name/*', root: true, handler: serve },
  { method: 'PUT', path: '/repository/:name/*', root: true, consumes: 'any', handler: serve },
]

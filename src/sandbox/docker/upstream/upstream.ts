// The registry behind a proxy repository, with the login that it asks for.
import type { Repository, State } from '../../kernel/state.ts'
import type { RemoteResponse } from '../../outbound/ask.ts'
import { loginOf } from '../../outbound/login.ts'
import { basic } from '../../outbound/proxies.ts'
import { createRemote } from './remote.ts'
import { type Authorization, authorizationFor } from './token.ts'

export interface Upstream {
  /**
   * GETs a path below the remote's URL for an image: the answer after logins and redirects, whatever its status. Rejects with
   * RemoteBlocked, or with an Error where no answer came.
   */
  get(path: string, image: string, headers?: Readonly<Record<string, string>>): Promise<RemoteResponse>
}

/** The upstream of a repository with the settings that it has now. */
export function createUpstream(repository: Repository, state: State, signal: AbortSignal): Upstream {
  const { remoteUrl } = repository.attributes['proxy'] as { remoteUrl: string }
  const base = remoteUrl.replace(/\/*$/, '/')
  const login = loginOf(repository)
  const credentials = login && basic(login.username, login.password)
  const remote = createRemote(repository, base, state, signal)
  const known = new Map<string, Promise<Authorization | undefined>>()

  async function valid(image: string): Promise<Authorization | undefined> {
    const authorization = await known.get(image)?.catch(() => undefined)
    return authorization && authorization.until > Date.now() ? authorization : undefined
  }

  /** One token for all who were refused with the same one. */
  function renew(image: string, challenge: string | undefined, refused: Authorization | undefined) {
    const renewed = valid(image).then((last) =>
      last && last !== refused ? last : authorizationFor(challenge, credentials, remote.way()),
    )
    known.set(image, renewed)
    return renewed
  }

  return {
    async get(path, image, headers = {}) {
      const url = base + path
      const first = await valid(image)
      const response = await remote.get(url, { ...headers, ...(first && { Authorization: first.header }) })
      if (response.status !== 401) return response
      const authorization = await renew(image, response.headers['www-authenticate'], first)
      if (!authorization) return response
      response.body.destroy()
      return remote.get(url, { ...headers, Authorization: authorization.header })
    },
  }
}

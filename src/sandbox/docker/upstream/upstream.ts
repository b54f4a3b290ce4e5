// The registry behind a proxy repository: what the server asks it, with which login, along redirects, and when it asks nothing.
import type { Repository, State } from '../../kernel/state.ts'
import { askRemote, type RemoteResponse, type WayOut } from '../../outbound/ask.ts'
import { loginOf } from '../../outbound/login.ts'
import { basic } from '../../outbound/proxies.ts'
import { createAutoBlock } from './auto-block.ts'
import { type Authorization, authorizationFor } from './token.ts'

/** The repository's settings say that nothing is asked, or its remote has not been answering. The message is the server's. */
export class RemoteBlocked extends Error {}

export interface Upstream {
  /**
   * GETs a path below the remote's URL for an image: the answer after logins and redirects, whatever its status. Rejects with
   * RemoteBlocked, or with an Error where no answer came.
   */
  get(path: string, image: string, headers?: Readonly<Record<string, string>>): Promise<RemoteResponse>
}

const mostRedirects = 10
const defaultTimeoutS = 20
const redirects = [301, 302, 303, 307, 308]

interface HttpClient {
  blocked?: boolean
  autoBlock?: boolean
  connection?: { timeout?: number | null; useTrustStore?: boolean } | null
}

/** The upstream of a repository with the settings that it has now. */
export function createUpstream(repository: Repository, state: State, signal: AbortSignal): Upstream {
  const { remoteUrl } = repository.attributes['proxy'] as { remoteUrl: string }
  const client = repository.attributes['httpClient'] as HttpClient
  const base = remoteUrl.replace(/\/*$/, '/')
  const login = loginOf(repository)
  const block = createAutoBlock()
  const known = new Map<string, Promise<Authorization | undefined>>()

  function way(): WayOut {
    const { httpSettings: settings, trustStore = [] } = state
    const seconds = client.connection?.timeout ?? (settings['timeout'] as number | null) ?? defaultTimeoutS
    const trusted = client.connection?.useTrustStore === true ? trustStore : undefined
    return { settings, timeoutMs: seconds * 1000, trusted, signal }
  }

  /** Blocks are of the remote itself: what it redirects to, and token servers, are asked all the same. */
  async function ask(url: string, headers: Record<string, string>): Promise<RemoteResponse> {
    if (new URL(url).host !== new URL(base).host) return askRemote(url, way(), { headers })
    if (client.blocked === true) throw new RemoteBlocked('Remote Manually Blocked')
    const { until } = block
    if (until && client.autoBlock === true)
      throw new RemoteBlocked(`Remote Auto Blocked until ${until.toISOString()}`)
    try {
      const response = await askRemote(url, way(), { headers })
      if (response.status === 407 || response.status >= 500) block.failed()
      else block.answered()
      return response
    } catch (error) {
      if (!signal.aborted) block.failed()
      throw error
    }
  }

  /** Credentials stay with the host that they are for. */
  async function follow(url: string, headers: Record<string, string>): Promise<RemoteResponse> {
    let [at, sent] = [url, headers]
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const response = await ask(at, sent)
      const { location } = response.headers
      if (!redirects.includes(response.status) || location === undefined) return response
      response.body.resume()
      const to = new URL(location, at)
      if (to.origin !== new URL(at).origin) sent = without('Authorization', sent)
      at = to.href
    }
    throw new Error('too many redirects')
  }

  async function authorizationOf(image: string): Promise<string | undefined> {
    const authorization = await known.get(image)?.catch(() => undefined)
    return authorization && authorization.until > Date.now() ? authorization.header : undefined
  }

  /** Asks once for all who were refused with the same credentials. */
  function renew(image: string, challenge: string | undefined, refused: string | undefined) {
    const renewed = (known.get(image) ?? Promise.resolve(undefined))
      .catch(() => undefined)
      .then((last) =>
        last && last.header !== refused && last.until > Date.now()
          ? last
          : authorizationFor(challenge, login && basic(login.username, login.password), way()),
      )
    known.set(image, renewed)
    return renewed
  }

  return {
    async get(path, image, headers = {}) {
      const url = base + path
      const first = await authorizationOf(image)
      const response = await follow(url, { ...headers, ...(first && { Authorization: first }) })
      if (response.status !== 401) return response
      const authorization = await renew(image, response.headers['www-authenticate'], first)
      if (!authorization) return response
      response.body.resume()
      return follow(url, { ...headers, Authorization: authorization.header })
    },
  }
}

function without(name: string, headers: Record<string, string>): Record<string, string> {
  const { [name]: _, ...rest } = headers
  return rest
}

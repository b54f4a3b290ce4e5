// The host behind a proxy repository: how the server reaches it, and when it does not even try.
import type { Repository, State } from '../../kernel/state.ts'
import { askRemote, type RemoteResponse, type WayOut } from '../../outbound/ask.ts'
import { createAutoBlock } from './auto-block.ts'

/** The repository's settings say that nothing is asked, or its remote has not been answering. The message is the server's. */
export class RemoteBlocked extends Error {}

export interface Remote {
  /** GETs a URL, along redirects. Rejects with RemoteBlocked, or with an Error where no answer came. */
  get(url: string, headers: Readonly<Record<string, string>>): Promise<RemoteResponse>
  /** The way that requests take now. */
  way(): WayOut
}

const mostRedirects = 10
const defaultTimeoutS = 20
const redirects = [301, 302, 303, 307, 308]

interface HttpClient {
  blocked?: boolean
  autoBlock?: boolean
  connection?: { timeout?: number | null; useTrustStore?: boolean } | null
}

function wayOf({ httpSettings: settings, trustStore = [] }: State, { connection }: HttpClient): WayOut {
  const seconds = connection?.timeout ?? (settings['timeout'] as number | null | undefined) ?? defaultTimeoutS
  return { settings, timeoutMs: seconds * 1000, ...(connection?.useTrustStore && { trusted: trustStore }) }
}

/** The remote of a repository with the settings that it has now; `signal` ends what is under way. */
export function createRemote(
  { attributes }: Repository,
  base: string,
  state: State,
  signal: AbortSignal,
): Remote {
  const client = attributes['httpClient'] as HttpClient
  const block = createAutoBlock()
  const way = (): WayOut => ({ ...wayOf(state, client), signal })

  function refuseBlocked(): void {
    if (client.blocked === true) throw new RemoteBlocked('Remote Manually Blocked')
    if (client.autoBlock === true && block.until)
      throw new RemoteBlocked(`Remote Auto Blocked until ${block.until.toISOString()}`)
  }

  /** Blocks are of the remote itself: what it redirects to is asked all the same. */
  async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<RemoteResponse> {
    if (new URL(url).host !== new URL(base).host) return askRemote(url, way(), headers)
    refuseBlocked()
    try {
      const response = await askRemote(url, way(), headers)
      if (response.status === 407 || response.status >= 500) block.failed()
      else block.answered()
      return response
    } catch (error) {
      if (!signal.aborted) block.failed()
      throw error
    }
  }

  return {
    way,
    async get(url, headers) {
      let [at, sent] = [url, headers]
      for (let hop = 0; hop <= mostRedirects; hop++) {
        const response = await ask(at, sent)
        const { location } = response.headers
        if (!redirects.includes(response.status) || location === undefined) return response
        response.body.destroy()
        const to = new URL(location, at)
        if (!/^https?:$/.test(to.protocol)) throw new Error('a redirect to no web address')
        // credentials stay with the host that they are for
        if (to.origin !== new URL(at).origin) {
          const { Authorization: _, ...rest } = sent
          sent = rest
        }
        at = to.href
      }
      throw new Error('too many redirects')
    },
  }
}

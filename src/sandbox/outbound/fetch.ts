// What the server fetches for a proxy repository of the simple formats: one text, with the repository's login.
import { buffer } from 'node:stream/consumers'
import { askRemote, type RemoteResponse, type WayOut } from './ask.ts'
import { basic } from './proxies.ts'

/** Status and body of the remote's answer; status 0 = nothing was reached. */
export interface RemoteAnswer {
  status: number
  body: string
}

/** What goes out for one proxy repository: its login at the remote, the server's HTTP settings. */
export interface Outbound extends WayOut {
  login?: { username: string; password: string } | undefined
}

async function askTwice(url: string, outbound: Outbound): Promise<RemoteResponse> {
  const first = await askRemote(url, outbound)
  const { login } = outbound
  if (first.status !== 401 || !login) return first
  first.body.destroy()
  return askRemote(url, outbound, { Authorization: basic(login.username, login.password) })
}

/**
 * Fetches a URL as the server would. Credentials are sent after a 401 of the remote or a 407 of the proxy only (R `proxy-credentials/*`,
 * `http-settings/*`).
 */
export async function fetchRemote(url: string, outbound: Outbound): Promise<RemoteAnswer> {
  try {
    const { status, body } = await askTwice(url, outbound)
    return { status, body: (await buffer(body)).toString('utf8') }
  } catch {
    return { status: 0, body: '' }
  }
}

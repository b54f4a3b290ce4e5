import type { Nexus } from '../../nexus/client.ts'

/** GET with 403 and 404 as undefined: what the server does not have, or does not show to this user. */
export function lenientReader(nexus: Nexus): (path: string, what: string) => Promise<unknown> {
  return async (path, what) => {
    const { status, body } = await nexus.request({ method: 'GET', path, what, allow: [403, 404] })
    return status < 400 ? body : undefined
  }
}

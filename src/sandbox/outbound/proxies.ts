// Which of the server's two proxies a target goes through (nexus-api section 4, "Runtime semantics").
import type { HttpSettings } from '../http-settings/settings.ts'

export interface ForwardProxy {
  host: string
  port: number
  /** What a 407 is answered with. */
  authorization: string | undefined
}

/** Exclusions are held against the host name alone, ignoring case, as a whole; `*` stands for any text. */
function isExcluded(host: string, exclusions: readonly string[]): boolean {
  return exclusions.some((pattern) => {
    const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*?')
    return new RegExp(`^${source}$`, 'i').test(host)
  })
}

/** The proxy for a target: an enabled HTTPS proxy serves https, else the HTTP proxy serves both. */
export function proxyFor(target: URL, settings: HttpSettings): ForwardProxy | undefined {
  const exclusions = (settings['nonProxyHosts'] as string[] | null | undefined) ?? []
  if (isExcluded(target.hostname, exclusions)) return undefined
  const scheme = target.protocol === 'https:' && settings['httpsEnabled'] === true ? 'https' : 'http'
  if (settings[`${scheme}Enabled`] !== true) return undefined
  const text = (name: string): string =>
    String((settings[scheme + name] as string | number | null | undefined) ?? null)
  // a password that is not there is sent as the text "null"
  const isSent = settings[`${scheme}AuthEnabled`] === true
  const authorization = isSent ? basic(text('AuthUsername'), text('AuthPassword')) : undefined
  return { host: text('Host'), port: Number(settings[`${scheme}Port`]), authorization }
}

/** The header for a user and a password. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

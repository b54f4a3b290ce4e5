// What an operator writes into etc/nexus.properties, as far as it changes what the server answers
// (nexus-api section 5; recordings `lifecycle properties/*`, `lifecycle password-*`).

/** The part of a profile that a default may depend on. */
type Since = (version: string) => boolean

const defaults = {
  /** Without the repositories of a fresh server; the blob store `default` stays. */
  'nexus.skipDefaultRepositories': () => false,
  /** Whether the web interface asks a new administrator anything. */
  'nexus.onboarding.enabled': () => true,
  /** Whether a fresh server makes up a first password; else it is `admin123`. */
  'nexus.security.randompassword': () => true,
  /** Anonymous access until somebody decides. */
  'nexus.security.default.anonymous': (since: Since) => !since('3.89'),
  /** Whether NexusAuthorizingRealm is listed and has to be in the list; it always is from 3.60 without this. */
  'nexus.security.enableAuthorizationRealmManagement': (since: Since) => !since('3.60'),
} as const

export type PropertyName = keyof typeof defaults

/** Properties as in nexus.properties: names and texts. Unknown names are ignored, as the server ignores them. */
export type ServerProperties = Readonly<Record<string, string>>

/** The value that a server of this version goes by. */
export function propertyOf(name: PropertyName, given: ServerProperties, since: Since): boolean {
  const text = given[name]
  return text === undefined ? defaults[name](since) : text.trim().toLowerCase() === 'true'
}

import { fold } from './vocabulary.ts'

// What a Nexus has, other tools have words for, and this one does not manage: names of Nexus's REST API (nexus-api section 2), of the
// Terraform providers datadrivers/nexus and sonatyperepo, and of the Ansible role nexus3-oss.

/** Keys at the top of a file, by what they are about. */
const sections: Readonly<Record<string, readonly string[]>> = {
  users: ['users', 'user', 'localUsers'],
  roles: ['roles', 'role'],
  privileges: ['privileges', 'privilege'],
  'content selectors': ['contentSelectors', 'contentSelector', 'selectors'],
  'cleanup policies': ['cleanupPolicies', 'cleanupPolicy', 'cleanup'],
  'LDAP servers': ['ldap', 'ldapServers', 'ldapConnections'],
  'SAML settings': ['saml', 'sso'],
  'Crowd settings': ['crowd'],
  'user tokens': ['userTokens', 'userToken', 'apiKeys'],
  tasks: ['tasks', 'task', 'scheduledTasks'],
  scripts: ['scripts', 'groovyScripts'],
  capabilities: ['capabilities', 'capability', 'webhooks'],
  certificates: ['certificates', 'sslCertificates', 'trustStore', 'sslTruststore'],
  'mail settings': ['mail', 'email', 'smtp', 'emailConfig'],
  'the licence': ['licence', 'license'],
  'log levels': ['loggers', 'logging'],
  'the connection to IQ Server': ['iq', 'iqServer', 'iqConnection'],
}

/** What to write in the file all the same. */
const instead: Readonly<Record<string, string>> = {
  'cleanup policies': '; a repository names those that exist: "cleanupPolicies: [name]"',
  certificates: '; a proxy uses the trust store with "httpClient: {useTrustStore: true}"',
}

const names = new Map(
  Object.entries(sections).flatMap(([what, keys]) => keys.map((key) => [fold(key), what] as const)),
)

/** What to do about a section of something that is not managed; undefined for any other word. */
export function unmanagedSection(key: string): string | undefined {
  const what = names.get(fold(key))
  if (what === undefined) return undefined
  return `nexus-docker does not manage ${what} (yet): remove this section and set this up in Nexus itself${instead[what] ?? ''}`
}

/** Formats of repositories, and types of blob stores, by the section that has them. Docker repositories and file stores are managed. */
const types: Readonly<Record<string, { known: readonly string[]; hint: (name: string) => string }>> = {
  repositories: {
    known:
      'apt bower cargo cocoapods composer conan conda gitlfs go golang helm huggingface maven maven2 npm nuget oci p2 puppet pypi r raw rubygems swift terraform yum'.split(
        ' ',
      ),
    hint: () =>
      'only Docker repositories are managed: leave this one out; what the file does not name is not touched',
  },
  blobStores: {
    known: 's3 aws azure azurecloudstorage acs google googlecloud gcs gcp group'.split(' '),
    hint: (name) =>
      `only file stores are managed: set this one up in Nexus itself, and refer to it with "${name}: {external: true}"`,
  },
}

/** What to do about an object of a type that is not managed. `type` may say more than the format: `maven2-proxy`. */
export function unmanagedType(section: string, type: string, name: string): string | undefined {
  const found = types[section]
  const isKnown = type.split(/[^A-Za-z0-9]+/).some((part) => found?.known.includes(fold(part)))
  return found && (isKnown || found.known.includes(fold(type))) ? found.hint(name) : undefined
}

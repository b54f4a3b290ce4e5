// The server's way out: one object (ExtDirect's XO) with an HTTP and an HTTPS proxy. Every rule here is recorded
// (`http-settings/*`) and told in nexus-api section 4.
import { type Bean, hostnameRule, portRule, type Rule, rangeRules } from '../kernel/body.ts'
import type { Profile } from '../kernel/profile.ts'
import type { State } from '../kernel/state.ts'

/** Field values of the XO as stored: passwords in clear, everything that is unset null. */
export type HttpSettings = Record<string, unknown>

const schemes = ['http', 'https'] as const
export type Scheme = (typeof schemes)[number]

/** Letters of any script, as in the server's own pattern (nexus-api section 6). */
const nonProxyHostsRule: Rule = {
  holds: (value) =>
    (value as (string | null)[]).every(
      (host) => host !== null && /^\*?[\p{Alphabetic}\d\-_.:[\]]+\*?$/u.test(host),
    ),
  message: () => 'Invalid Java http.nonProxyHosts expression',
}

function proxyFields(scheme: Scheme): Bean {
  return {
    [`${scheme}Enabled`]: { type: 'boolean' },
    [`${scheme}Host`]: { type: 'string', rules: [hostnameRule] },
    [`${scheme}Port`]: { type: 'integer', rules: [portRule] },
    [`${scheme}AuthEnabled`]: { type: 'boolean' },
    [`${scheme}AuthUsername`]: { type: 'string' },
    [`${scheme}AuthPassword`]: { type: 'string' },
    [`${scheme}AuthNtlmHost`]: { type: 'string' },
    [`${scheme}AuthNtlmDomain`]: { type: 'string' },
  }
}

/** The XO's fields in the order of its answers, with their rules. */
export const httpSettingsBean = {
  userAgentSuffix: { type: 'string' },
  timeout: { type: 'integer', rules: rangeRules(1, 3600) },
  retries: { type: 'integer', rules: rangeRules(0, 10) },
  ...proxyFields('http'),
  ...proxyFields('https'),
  nonProxyHosts: { type: 'strings', rules: [nonProxyHostsRule] },
} satisfies Bean

/** From 3.77 the server's code is Java, before Groovy: they treat null and empty values differently. */
function isJavaGeneration(profile: Profile): boolean {
  return profile.since('3.77')
}

/** What a read shows in place of a stored password. */
function placeholder(profile: Profile): string {
  return profile.since('3.30.1') ? '#~NXRM~PLACEHOLDER~PASSWORD~#' : '#~NEXUS~PLACEHOLDER~PASSWORD~#'
}

/** The settings as answered: every field, null where unset, passwords as placeholder. */
export function shownSettings(state: State, profile: Profile): HttpSettings {
  const shown: HttpSettings = {}
  for (const name of Object.keys(httpSettingsBean)) {
    const value = state.httpSettings[name] ?? null
    shown[name] = name.endsWith('AuthPassword') && value !== null ? placeholder(profile) : value
  }
  return shown
}

function nextPassword(given: unknown, stored: unknown, profile: Profile): unknown {
  const keeps = given === placeholder(profile) || (isJavaGeneration(profile) && (given ?? '') === '')
  return (keeps ? stored : given) ?? null
}

function authFields(
  scheme: Scheme,
  given: HttpSettings,
  stored: HttpSettings,
  profile: Profile,
): HttpSettings {
  const wanted = given[`${scheme}AuthEnabled`]
  const enabled = isJavaGeneration(profile) ? wanted !== false : wanted === true
  if (!enabled) return {}
  const password = `${scheme}AuthPassword`
  return {
    [`${scheme}AuthEnabled`]: true,
    [`${scheme}AuthUsername`]: given[`${scheme}AuthUsername`] ?? null,
    [password]: nextPassword(given[password], stored[password], profile),
    [`${scheme}AuthNtlmHost`]: given[`${scheme}AuthNtlmHost`] ?? null,
    [`${scheme}AuthNtlmDomain`]: given[`${scheme}AuthNtlmDomain`] ?? null,
  }
}

function portMissing(profile: Profile, scheme: Scheme): string {
  if (!isJavaGeneration(profile)) return 'java.lang.IllegalArgumentException'
  const getter = scheme === 'http' ? 'getHttpPort' : 'getHttpsPort'
  return `Cannot invoke "java.lang.Integer.intValue()" because the return value of "org.sonatype.nexus.coreui.HttpSettingsXO.${getter}()" is null`
}

/** The settings after an update (full replace), or the server's text for what it cannot store. */
export function replacedSettings(
  given: HttpSettings,
  stored: HttpSettings,
  profile: Profile,
): { settings: HttpSettings; failed?: undefined } | { failed: string } {
  const exclusions = given['nonProxyHosts'] as string[] | null | undefined
  const settings: HttpSettings = {
    userAgentSuffix: given['userAgentSuffix'] === '' ? null : (given['userAgentSuffix'] ?? null),
    timeout: given['timeout'] ?? null,
    retries: given['retries'] ?? null,
    nonProxyHosts: exclusions ? [...new Set(exclusions)] : null,
  }
  if (exclusions?.length === 0 && !isJavaGeneration(profile)) settings['nonProxyHosts'] = null
  for (const scheme of schemes) {
    if (given[`${scheme}Enabled`] !== true) continue
    if (given[`${scheme}Port`] == null) return { failed: portMissing(profile, scheme) }
    settings[`${scheme}Enabled`] = true
    settings[`${scheme}Host`] = given[`${scheme}Host`] ?? null
    settings[`${scheme}Port`] = given[`${scheme}Port`]
    Object.assign(settings, authFields(scheme, given, stored, profile))
  }
  return { settings }
}

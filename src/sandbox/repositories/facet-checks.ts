// The checks that repositories of every format share, run after permissions and before the row is stored (nexus-api 2.3, step 8).
import type { Repository } from '../kernel/state.ts'
import { lookupKey, memberNames } from './catalog.ts'
import { type Check, type Draft, type Finding, nested, section } from './findings.ts'

const INVALID = 'Failed to validate facets; 1 failure\n'
const WRITE_POLICIES = ['ALLOW', 'DENY', 'ALLOW_ONCE']

export const typeChecks: Readonly<Record<Repository['type'], readonly Check[]>> = {
  hosted: [checkWritePolicy],
  proxy: [checkRemoteUrl, checkNegativeCache, checkAuthentication, checkTrustStore],
  group: [checkCycles],
}
export const mavenChecks: readonly Check[] = [checkPreemptive, checkMavenSection]

function checkWritePolicy(draft: Draft): Finding[] {
  const policy = section(draft, 'storage')['writePolicy']
  if (policy == null) return [{ id: 'Config.attributes[storage].writePolicy', message: 'must not be null' }]
  return isOneOf(policy, WRITE_POLICIES) ? [] : [enumFailure('config.WritePolicy', policy, WRITE_POLICIES)]
}

/** Enums that are read from stored attributes: case-insensitive, a bad value is a failure of the facets (nexus-api 2.4). */
function enumFailure(type: string, value: unknown, allowed: readonly string[]): Finding {
  return {
    failure:
      `${INVALID}Cannot deserialize value of type \`org.sonatype.nexus.repository.${type}\` ` +
      `from String "${String(value)}": not one of the values accepted for Enum class: [${allowed.join(', ')}]`,
  }
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value.toUpperCase())
}

/** nexus-api section 6, "Proxy": scheme http or https and a port up to 65535; credentials and queries are accepted. */
function checkRemoteUrl(draft: Draft): Finding[] {
  const url = section(draft, 'proxy')['remoteUrl']
  const id = 'ProxyConfig.attributes[proxy].remoteUrl'
  if (typeof url !== 'string') return [{ id, message: 'must not be null' }]
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return []
  return [{ id, message: "URL should be in the format 'http://www.example.com'" }]
}

function checkNegativeCache(draft: Draft): Finding[] {
  const timeToLive = section(draft, 'negativeCache')['timeToLive']
  if (typeof timeToLive !== 'number' || timeToLive >= 0) return []
  return [
    { id: 'Config.attributes[negativeCache].timeToLive', message: 'must be greater than or equal to 0' },
  ]
}

/** What each type of authentication needs; secrets may be empty from 3.73, where they became Secret values (nexus-api section 6). */
const AUTHENTICATION: Record<string, { bean: string; needs: readonly string[] }> = {
  username: { bean: 'UsernameAuthenticationConfiguration', needs: ['username', 'password'] },
  ntlm: { bean: 'NtlmAuthenticationConfiguration', needs: ['username', 'password'] },
  bearerToken: { bean: 'BearerTokenAuthenticationConfiguration', needs: ['bearerToken'] },
}

function checkAuthentication(draft: Draft): Finding[] {
  const authentication = section(draft, 'httpClient')['authentication'] as Record<string, unknown> | null
  if (!authentication) return []
  const type = String(authentication['type'])
  const rule = AUTHENTICATION[type]
  if (!rule) return [{ failure: `${INVALID}Unknown AuthenticationConfiguration type: ${type}` }]
  const secretsMayBeEmpty = draft.profile.since('3.73')
  return rule.needs.flatMap((name) => {
    const isSecret = name !== 'username'
    const value = isSecret ? draft.secrets[`httpClient.authentication.${name}`] : authentication[name]
    if (isSecret && secretsMayBeEmpty ? value != null : typeof value === 'string' && value.trim() !== '')
      return []
    const message = isSecret && secretsMayBeEmpty ? 'must not be null' : 'must not be blank'
    return [{ id: `${rule.bean}.attributes[httpclient].authentication.${name}`, message }]
  })
}

function isHttps(draft: Draft): boolean {
  return /^https:/i.test(String(section(draft, 'proxy')['remoteUrl']))
}

function checkTrustStore(draft: Draft): Finding[] {
  const connection = nested(section(draft, 'httpClient'), 'connection')
  if (connection['useTrustStore'] !== true || isHttps(draft)) return []
  return [{ failure: 'TrustStore is available only with HTTPS remote URLs' }]
}

function checkPreemptive(draft: Draft): Finding[] {
  const authentication = nested(section(draft, 'httpClient'), 'authentication')
  if (authentication['preemptive'] !== true || isHttps(draft)) return []
  return [
    {
      id: 'HelperBean.attributes.httpclient.authentication.preemptive',
      message: 'Pre-emptive authentication is allowed only when using HTTPS remote URL',
    },
  ]
}

const MAVEN_ENUMS = [
  { name: 'versionPolicy', type: 'maven.VersionPolicy', allowed: ['MIXED', 'SNAPSHOT', 'RELEASE'] },
  { name: 'layoutPolicy', type: 'maven.LayoutPolicy', allowed: ['STRICT', 'PERMISSIVE'] },
]

/** Before 3.77 the section is checked here: null only on OrientDB, values without regard to case (R `maven/hosted-*`). */
function checkMavenSection(draft: Draft): Finding[] {
  if (draft.type === 'group') return []
  const maven = section(draft, 'maven')
  return MAVEN_ENUMS.flatMap(({ name, type, allowed }) => {
    const value = maven[name]
    if (value != null) return isOneOf(value, allowed) ? [] : [enumFailure(type, value, allowed)]
    return draft.profile.database === 'h2'
      ? []
      : [{ id: `Config.attributes[maven].${name}`, message: 'must not be null' }]
  })
}

/** Cycles are found on update alone: a new group can't be a member of anything yet (nexus-api section 6, "Groups"). */
function checkCycles(draft: Draft): Finding[] {
  if (!draft.current) return []
  const direct = memberNames(draft.attributes)
  if (direct.length === 0)
    return [{ id: 'Config.attributes[group].memberNames', message: 'must not be empty' }]
  return [...new Set(direct)]
    .filter((member) => reaches(draft, lookupKey(draft.profile, member), new Set()))
    .map((member) => ({
      id: 'HelperBean.group.memberNames',
      message: `Group '${member}' has a member repository '${draft.name}' and cannot be added to this list.`,
    }))
}

/** Whether the repository found under `from` is the drafted one, or a group that holds it at any depth. */
function reaches(draft: Draft, from: string, seen: Set<string>): boolean {
  const repository = draft.index.get(from)
  if (!repository || seen.has(from)) return false
  seen.add(from)
  if (repository === draft.current) return true
  return memberNames(repository.attributes).some((member) =>
    reaches(draft, lookupKey(draft.profile, member), seen),
  )
}

// Every field of the REST models that repositories of any format share, by section (nexus-api 2.4 to 2.7 and section 3).
import { nameRule, type Rule, rangeRules } from '../kernel/body.ts'
import type { Profile } from '../kernel/profile.ts'
import type { SettingBean, SettingField } from './fields.ts'

const uriRule: Rule = {
  holds: (value) =>
    value === '' ||
    (/^[^\s<>"{}|\\^`]+$/.test(String(value)) && !/^[a-z][\w+.-]*:(\/\/)?$/i.test(String(value))),
  message: () => "URI should be in the format 'scheme:[//authority][/path][?query][#fragment]'",
}

export const flag: SettingField = { type: 'boolean' }
export const text: SettingField = { type: 'string' }
export const count: SettingField = { type: 'integer' }
export const requiredFlag: SettingField = { type: 'boolean', required: 'null' }
const requiredCount: SettingField = { type: 'integer', required: 'null' }
export const falseWhenMissing: SettingField = { type: 'boolean', fallback: false }

const identity: SettingBean = {
  name: { type: 'string', required: 'empty', rules: [nameRule] },
  online: requiredFlag,
}

const storage: SettingBean = {
  blobStoreName: { type: 'string', required: 'empty' },
  strictContentTypeValidation: { ...requiredFlag, fallback: true },
}

const WRITE_POLICIES = ['ALLOW', 'ALLOW_ONCE', 'DENY']

/** By 3.89 the write policy is checked while the body is read (E8 on `storage`), before it is a bean or facet violation. */
function hostedStorageProblem(
  value: Readonly<Record<string, unknown>>,
  profile: Profile,
): string | undefined {
  if (!profile.since('3.89')) return undefined
  const policy = value['writePolicy'] as string | null | undefined
  const problem =
    'Cannot construct instance of `org.sonatype.nexus.repository.rest.api.model.HostedStorageAttributes`, problem: '
  if (policy == null) return `${problem}writePolicy is required`
  if (WRITE_POLICIES.includes(policy.toUpperCase())) return undefined
  return `${problem}Invalid writePolicy: '${policy}'. Valid values: ${WRITE_POLICIES.join(', ')}`
}

const writePolicy: SettingField = {
  type: 'string',
  required: 'null',
  fallback: 'ALLOW',
  store: (value, profile) => (profile.since('3.89') ? String(value).toUpperCase() : value),
}

/** The field is left over in the answers of proxies (of raw ones since 3.41), and by 3.89 of most groups (nexus-api 2.7). */
export function shownWritePolicy(since: string): SettingBean {
  return { writePolicy: { type: 'string', only: 'answer', since, fallback: 'ALLOW' } }
}

export function requiredObject(fields: SettingBean, extra: Partial<SettingField> = {}): SettingField {
  return { type: 'object', required: 'null', fields, ...extra }
}

export function optionalObject(fields: SettingBean, extra: Partial<SettingField> = {}): SettingField {
  return { type: 'object', fields, ...extra }
}

const cleanup = optionalObject({ policyNames: { type: 'strings' } }, { nullable: true })

/** Fields of a hosted repository; `extraStorage` are the format's own. */
export function hosted(extraStorage: SettingBean = {}): SettingBean {
  return {
    ...identity,
    storage: requiredObject({ ...storage, writePolicy, ...extraStorage }, { problem: hostedStorageProblem }),
    cleanup,
    component: optionalObject({ proprietaryComponents: falseWhenMissing }, { since: '3.30' }),
  }
}

const connection: SettingBean = {
  retries: { type: 'integer', rules: rangeRules(0, 10) },
  userAgentSuffix: text,
  timeout: { type: 'integer', rules: rangeRules(1, 3600) },
  enableCircularRedirects: falseWhenMissing,
  enableCookies: falseWhenMissing,
  useTrustStore: { ...falseWhenMissing, since: '3.30' },
}

const authentication: SettingBean = {
  type: { type: 'string', required: 'empty' },
  username: text,
  password: { type: 'string', only: 'request', secret: true },
  ntlmHost: text,
  ntlmDomain: text,
  bearerToken: { type: 'string', since: '3.76', only: 'request', secret: true },
}

/** Fields of a proxy repository. */
export function proxy(shownStorage: SettingBean, extraAuthentication: SettingBean = {}): SettingBean {
  return {
    ...identity,
    storage: requiredObject({ ...storage, ...shownStorage }),
    cleanup,
    proxy: requiredObject({
      remoteUrl: { type: 'string', required: 'empty', rules: [uriRule] },
      contentMaxAge: { ...requiredCount, fallback: 1440 },
      metadataMaxAge: { ...requiredCount, fallback: 1440 },
      preserveEncodedCharacters: { ...falseWhenMissing, since: '3.90' },
    }),
    negativeCache: requiredObject({
      enabled: { ...requiredFlag, fallback: true },
      timeToLive: { ...requiredCount, fallback: 1440 },
    }),
    httpClient: requiredObject({
      blocked: { ...requiredFlag, fallback: false },
      autoBlock: { ...requiredFlag, fallback: false },
      connection: optionalObject(connection),
      authentication: optionalObject({ ...authentication, ...extraAuthentication }, { nullable: true }),
    }),
    routingRule: { type: 'string', only: 'request', requestUntil: '3.94' },
    routingRuleName: { type: 'string', requestSince: '3.89' },
  }
}

/** Fields of a group repository; `extraGroup` are the format's own. */
export function group(shownStorage: SettingBean = {}, extraGroup: SettingBean = {}): SettingBean {
  return {
    ...identity,
    storage: requiredObject({ ...storage, ...shownStorage }),
    group: requiredObject({
      memberNames: { type: 'strings', required: 'empty', fallback: [] },
      ...extraGroup,
    }),
  }
}

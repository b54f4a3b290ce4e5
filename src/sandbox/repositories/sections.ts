// Every field of the REST models of raw, maven2 and docker repositories (nexus-api 2.4 to 2.7 and section 3; `raw-*`, `maven/*`).
import { nameRule, type Rule, rangeRules } from '../kernel/body.ts'
import type { Profile } from '../kernel/profile.ts'
import type { SettingBean, SettingField } from './fields.ts'

const uriRule: Rule = {
  holds: (value) =>
    value === '' ||
    (/^[^\s<>"{}|\\^`]+$/.test(String(value)) && !/^[a-z][\w+.-]*:(\/\/)?$/i.test(String(value))),
  message: () => "URI should be in the format 'scheme:[//authority][/path][?query][#fragment]'",
}

/** Maven's enums are case-sensitive bean violations from 3.77 on (nexus-api 2.4). */
function oneOf(...allowed: string[]): Rule {
  return {
    holds: (value) => allowed.includes(String(value)),
    message: () => `must be one of ${allowed.join(', ')}`,
  }
}

const flag: SettingField = { type: 'boolean' }
const text: SettingField = { type: 'string' }
const count: SettingField = { type: 'integer' }
const requiredFlag: SettingField = { type: 'boolean', required: 'null' }
const requiredCount: SettingField = { type: 'integer', required: 'null' }
const falseWhenMissing: SettingField = { type: 'boolean', fallback: false }

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
function constructHostedStorage(value: Readonly<Record<string, unknown>>): string | undefined {
  const policy = value['writePolicy']
  const problem =
    'Cannot construct instance of `org.sonatype.nexus.repository.rest.api.model.HostedStorageAttributes`, problem: '
  if (policy == null) return `${problem}writePolicy is required`
  if (WRITE_POLICIES.includes(String(policy).toUpperCase())) return undefined
  return `${problem}Invalid writePolicy: '${String(policy)}'. Valid values: ${WRITE_POLICIES.join(', ')}`
}

function storeWritePolicy(value: unknown, profile: Profile): unknown {
  return profile.since('3.89') ? String(value).toUpperCase() : value
}

const writePolicy: SettingField = {
  type: 'string',
  required: 'null',
  fallback: 'ALLOW',
  store: storeWritePolicy,
}

/** The field is left over in the answers of proxies, and by 3.89 of most groups (nexus-api 2.7). */
function shownWritePolicy(since: string): SettingBean {
  return { writePolicy: { type: 'string', only: 'answer', since, fallback: 'ALLOW' } }
}

function requiredObject(fields: SettingBean, extra: Partial<SettingField> = {}): SettingField {
  return { type: 'object', required: 'null', fields, ...extra }
}

function optionalObject(fields: SettingBean, extra: Partial<SettingField> = {}): SettingField {
  return { type: 'object', fields, ...extra }
}

const cleanup = optionalObject({ policyNames: { type: 'strings' } }, { nullable: true })

function hosted(profile: Profile, extraStorage: SettingBean = {}): SettingBean {
  const construct = profile.since('3.89') ? { construct: constructHostedStorage } : {}
  return {
    ...identity,
    storage: requiredObject({ ...storage, writePolicy, ...extraStorage }, construct),
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

function proxy(extraAuthentication: SettingBean = {}): SettingBean {
  return {
    ...identity,
    storage: requiredObject({ ...storage, ...shownWritePolicy('3.41') }),
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

function group(extra: SettingBean = {}, shownStorage: SettingBean = {}): SettingBean {
  return {
    ...identity,
    storage: requiredObject({ ...storage, ...shownStorage }),
    group: requiredObject({ memberNames: { type: 'strings', required: 'empty', fallback: [] }, ...extra }),
  }
}

const contentDisposition: SettingField = {
  type: 'string',
  values: ['INLINE', 'ATTACHMENT'],
  javaType: 'org.sonatype.nexus.repository.raw.ContentDisposition',
  initial: 'ATTACHMENT',
}

function raw(since: string): SettingBean {
  return { raw: optionalObject({ contentDisposition: { ...contentDisposition, answerSince: since } }) }
}

/** `since` 3.77: names checked with the body; before that only by the facets (facet-checks.ts). */
function maven(profile: Profile): SettingBean {
  const checked = profile.since('3.77')
  const choice = (...allowed: string[]): SettingField =>
    checked ? { type: 'string', required: 'empty', rules: [oneOf(...allowed)] } : text
  return {
    maven: requiredObject({
      versionPolicy: choice('RELEASE', 'SNAPSHOT', 'MIXED'),
      layoutPolicy: choice('STRICT', 'PERMISSIVE'),
      contentDisposition: {
        type: 'string',
        answerSince: '3.41',
        rules: checked ? [oneOf('INLINE', 'ATTACHMENT')] : [],
      },
    }),
  }
}

/** Preemptive authentication and the shown bearer token are maven's own (nexus-api 2.5, 2.7). */
const mavenAuthentication: SettingBean = {
  preemptive: { ...flag, since: '3.30' },
  bearerToken: { type: 'string', since: '3.76', secret: true },
}

const docker: SettingBean = {
  docker: requiredObject({
    v1Enabled: requiredFlag,
    forceBasicAuth: requiredFlag,
    httpPort: count,
    httpsPort: count,
    subdomain: text,
    pathEnabled: { ...flag, since: '3.83' },
  }),
}

const ecrAuth: SettingBean = {
  enabled: falseWhenMissing,
  awsRegion: text,
  registryId: text,
  accessKeyId: text,
  secretAccessKey: { type: 'string', only: 'request', secret: true },
  sessionToken: { type: 'string', only: 'request', secret: true },
}

const dockerProxy: SettingBean = {
  dockerProxy: requiredObject({
    indexType: { type: 'string', values: ['HUB', 'REGISTRY', 'CUSTOM'], required: 'empty' },
    indexUrl: text,
    cacheForeignLayers: falseWhenMissing,
    foreignLayerUrlWhitelist: { type: 'strings', fallback: [] },
    ecrAuth: optionalObject(ecrAuth, { since: '3.94', nullable: true }),
  }),
  firewall: optionalObject(
    { mode: { type: 'string', values: ['DISABLED', 'AUDIT', 'QUARANTINE', 'PCCS'], fallback: 'DISABLED' } },
    { since: '3.94', nullable: true },
  ),
}

const nugetProxy: SettingBean = {
  nugetProxy: requiredObject({ queryCacheItemMaxAge: count, nugetVersion: text }),
}

/** A recipe: the first path segment below `/v1/repositories`, the stored format, and the fields by type. */
export interface Recipe {
  path: string
  format: string
  types: Readonly<Record<'hosted' | 'proxy' | 'group', SettingBean>>
}

/** The recipes of a server by path. */
export function recipesOf(profile: Profile): Recipe[] {
  const recipes: Recipe[] = [
    {
      path: 'raw',
      format: 'raw',
      types: {
        hosted: { ...hosted(profile), ...raw('3.41') },
        proxy: { ...proxy(), ...raw('3.41') },
        group: { ...group({}, shownWritePolicy('3.89')), ...raw('3.89') },
      },
    },
    {
      path: 'maven',
      format: 'maven2',
      types: {
        hosted: { ...hosted(profile), ...maven(profile) },
        proxy: { ...proxy(mavenAuthentication), ...maven(profile) },
        group: group(),
      },
    },
  ]
  if (!profile.hasDocker) return recipes
  recipes.push({
    path: 'nuget',
    format: 'nuget',
    types: { hosted: hosted(profile), proxy: { ...proxy(), ...nugetProxy }, group: group() },
  })
  const latestPolicy: SettingField = { ...falseWhenMissing, since: '3.41' }
  const writableMember: SettingField = { ...text, since: '3.27', omitNull: true }
  recipes.push({
    path: 'docker',
    format: 'docker',
    types: {
      hosted: { ...hosted(profile, { latestPolicy }), ...docker },
      proxy: { ...proxy(), ...docker, ...dockerProxy },
      group: { ...group({ writableMember }, shownWritePolicy('3.89')), ...docker },
    },
  })
  return recipes
}

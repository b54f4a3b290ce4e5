// The formats: their own sections, and the fields of each of their types.
import type { Rule } from '../kernel/body.ts'
import type { Repository } from '../kernel/state.ts'
import type { SettingBean, SettingField } from './fields.ts'
import {
  count,
  falseWhenMissing,
  flag,
  group,
  hosted,
  optionalObject,
  proxy,
  requiredFlag,
  requiredObject,
  shownWritePolicy,
  text,
} from './sections.ts'

function raw(since: string): SettingBean {
  const contentDisposition: SettingField = {
    type: 'string',
    values: ['INLINE', 'ATTACHMENT'],
    javaType: 'org.sonatype.nexus.repository.raw.ContentDisposition',
    initial: 'ATTACHMENT',
    answerSince: since,
  }
  return { raw: optionalObject({ contentDisposition }) }
}

/** Checked with the body from 3.77 on, case-sensitively; before that by the facets alone (facet-checks.ts). */
function choice(...allowed: string[]): SettingField {
  const rule: Rule = {
    holds: (value) => allowed.includes(String(value)),
    message: () => `must be one of ${allowed.join(', ')}`,
  }
  return { type: 'string', rules: [rule], checkedSince: '3.77' }
}

const maven: SettingBean = {
  maven: requiredObject({
    versionPolicy: { ...choice('RELEASE', 'SNAPSHOT', 'MIXED'), required: 'empty' },
    layoutPolicy: { ...choice('STRICT', 'PERMISSIVE'), required: 'empty' },
    contentDisposition: { ...choice('INLINE', 'ATTACHMENT'), answerSince: '3.41' },
  }),
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
    // null where it was not sent: four sources, about 3.77 to 3.90
    cacheForeignLayers: flag,
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

const latestPolicy: SettingField = { ...falseWhenMissing, since: '3.41' }
const writableMember: SettingField = { ...text, since: '3.27', omitNull: true }

/** A format: the path segment below `/v1/repositories`, the name in answers, and the fields by type. */
export interface Recipe {
  path: string
  format: string
  types: Readonly<Record<Repository['type'], SettingBean>>
  /** Only in Sonatype's own builds, not in the open-source core. */
  isProprietary?: boolean
}

export const RECIPES: readonly Recipe[] = [
  {
    path: 'raw',
    format: 'raw',
    types: {
      hosted: { ...hosted(), ...raw('3.41') },
      proxy: { ...proxy(shownWritePolicy('3.41')), ...raw('3.41') },
      group: { ...group(shownWritePolicy('3.89')), ...raw('3.89') },
    },
  },
  {
    path: 'maven',
    format: 'maven2',
    types: {
      hosted: { ...hosted(), ...maven },
      proxy: { ...proxy(shownWritePolicy('3.20'), mavenAuthentication), ...maven },
      group: group(),
    },
  },
  {
    path: 'nuget',
    format: 'nuget',
    isProprietary: true,
    types: {
      hosted: hosted(),
      proxy: { ...proxy(shownWritePolicy('3.20')), ...nugetProxy },
      group: group(),
    },
  },
  {
    path: 'docker',
    format: 'docker',
    isProprietary: true,
    types: {
      hosted: { ...hosted({ latestPolicy }), ...docker },
      proxy: { ...proxy(shownWritePolicy('3.41')), ...docker, ...dockerProxy },
      group: { ...group(shownWritePolicy('3.89'), { writableMember }), ...docker },
    },
  },
]

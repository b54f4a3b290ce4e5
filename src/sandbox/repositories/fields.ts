// How a field table becomes a request bean, a stored settings object and an answer. The tables stand in sections.ts.
import type { Bean, Field } from '../kernel/body.ts'
import type { Profile } from '../kernel/profile.ts'

/** A field of a repository's settings, as requests send it and answers show it. */
export interface SettingField extends Omit<Field, 'fields' | 'construct'> {
  fields?: SettingBean
  /** First version that knows the field at all. */
  since?: string
  /** First version whose requests have the field, where answers have had it longer. */
  requestSince?: string
  /** First version whose requests lack the field again. */
  requestUntil?: string
  /** First version whose answers show the field, where requests have had it longer. */
  answerSince?: string
  /** First version that checks `required` and `rules` with the body; older ones take what comes. */
  checkedSince?: string
  /** Why the object can't be built from its fields (E8 on the object itself), if so. */
  problem?(value: Readonly<Record<string, unknown>>, profile: Profile): string | undefined
  /** Only sent or only shown. Request-only values are kept as secrets when `secret` is set. */
  only?: 'request' | 'answer'
  secret?: boolean
  /** Stored when a request leaves the field out or sends null. */
  initial?: unknown
  /** Answered when nothing is stored (null unless given). */
  fallback?: unknown
  /** An object that stays null when it was not sent; other objects are always answered, filled with fallbacks. */
  nullable?: boolean
  /** Left out of answers while it is null. */
  omitNull?: boolean
  /** How a value is stored. */
  store?(value: unknown, profile: Profile): unknown
}

export type SettingBean = Readonly<Record<string, SettingField>>

type Settings = Record<string, unknown>

/** What a request of this version may hold, as the kernel's decoder and validator take it. */
export function requestBean(bean: SettingBean, profile: Profile): Bean {
  const fields = Object.entries(bean).filter(([, field]) => isRequested(field, profile))
  return Object.fromEntries(fields.map(([name, field]) => [name, requestField(field, profile)]))
}

function isRequested(field: SettingField, profile: Profile): boolean {
  if (field.only === 'answer' || !profile.since(field.requestSince ?? field.since ?? '3.0')) return false
  return field.requestUntil === undefined || !profile.since(field.requestUntil)
}

function requestField(field: SettingField, profile: Profile): Field {
  const { fields, required, rules, ...rest } = field
  const isChecked = field.checkedSince === undefined || profile.since(field.checkedSince)
  return {
    ...rest,
    ...(isChecked && required ? { required } : {}),
    ...(isChecked && rules ? { rules } : {}),
    ...(fields ? { fields: requestBean(fields, profile) } : {}),
    ...(field.problem ? { construct: (value) => field.problem?.(value, profile) } : {}),
  }
}

/** The settings object that a decoded request stores, and the secrets in it by dotted path. Replaces everything stored before. */
export function toStored(
  bean: SettingBean,
  request: Settings,
  profile: Profile,
): { attributes: Settings; secrets: Record<string, string> } {
  const secrets: Record<string, string> = {}
  return { attributes: storeObject(bean, request, { profile, secrets, path: '' }), secrets }
}

interface Storing {
  profile: Profile
  secrets: Record<string, string>
  /** Dotted path of the object with a final dot; empty for the whole. */
  path: string
}

function storeObject(bean: SettingBean, request: Settings, storing: Storing): Settings {
  const stored: Settings = {}
  for (const [name, field] of Object.entries(bean)) {
    if (!isRequested(field, storing.profile)) continue
    const value = request[name] ?? field.initial ?? null
    if (field.secret) {
      if (typeof value === 'string') storing.secrets[storing.path + name] = value
    } else if (field.fields && !(value === null && field.nullable)) {
      const inner = { ...storing, path: `${storing.path}${name}.` }
      stored[name] = storeObject(field.fields, (value ?? {}) as Settings, inner)
    } else {
      stored[name] = value !== null && field.store ? field.store(value, storing.profile) : value
    }
  }
  return stored
}

function isAnswered(field: SettingField, profile: Profile): boolean {
  return field.only !== 'request' && profile.since(field.answerSince ?? field.since ?? '3.0')
}

type Fields = [name: string, field: SettingField][]
const answeredFields = new WeakMap<Profile, Map<SettingBean, Fields>>()

/** What the version answers of a bean; worked out once, because a list asks it of every repository. */
function answeredOf(bean: SettingBean, profile: Profile): Fields {
  const beans = answeredFields.get(profile) ?? new Map<SettingBean, Fields>()
  answeredFields.set(profile, beans)
  const known = beans.get(bean) ?? Object.entries(bean).filter(([, field]) => isAnswered(field, profile))
  beans.set(bean, known)
  return known
}

/** The answer of a GET: every field of the version, what is not stored filled with fallbacks. */
export function toAnswer(bean: SettingBean, stored: Settings, profile: Profile): Settings {
  const answer: Settings = {}
  for (const [name, field] of answeredOf(bean, profile)) {
    const value = stored[name] ?? field.fallback ?? null
    if (field.fields && !(value === null && field.nullable)) {
      const section = toAnswer(field.fields, (value ?? {}) as Settings, profile)
      if (Object.keys(section).length > 0) answer[name] = section
    } else if (value !== null || !field.omitNull) {
      answer[name] = value
    }
  }
  return answer
}

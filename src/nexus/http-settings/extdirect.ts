import * as z from 'zod'
import type { JsonObject } from '../../core/json.ts'
import { type Shape, shaped } from '../answer-shape.ts'
import type { Nexus } from '../connection.ts'
import { callExtDirect } from '../extdirect.ts'
import type { HttpSettings, ProxySettings, ReadHttpSettings, Scheme } from './form.ts'
import { httpSettingsOf, passwordOf, READING, shown, WRITING } from './form.ts'

const { expected, flag, text, number, texts } = shown
const action = 'coreui_HttpSettings'

function proxySchema(scheme: Scheme) {
  return {
    // Null when unset, and never left out (recorded from 3.28 to 3.89).
    [`${scheme}Enabled`]: z.boolean().nullable(),
    [`${scheme}Host`]: text,
    [`${scheme}Port`]: number,
    [`${scheme}AuthEnabled`]: flag,
    [`${scheme}AuthUsername`]: text,
    [`${scheme}AuthPassword`]: text,
    [`${scheme}AuthNtlmHost`]: text,
    [`${scheme}AuthNtlmDomain`]: text,
  }
}

const shape: Shape<Record<string, unknown>> = {
  expected,
  schema: z.looseObject({
    ...proxySchema('http'),
    ...proxySchema('https'),
    nonProxyHosts: texts,
    userAgentSuffix: text,
    timeout: number,
    retries: number,
  }),
}

export async function readExtDirect(nexus: Nexus): Promise<ReadHttpSettings> {
  const data = await callExtDirect(nexus, action, 'read', null, READING)
  const request = { method: 'POST', path: '/service/extdirect', what: READING } as const
  const raw = shaped(data, shape, request) as JsonObject
  const [http, https] = [proxyFromExtDirect(raw, 'http'), proxyFromExtDirect(raw, 'https')]
  return { settings: httpSettingsOf({ ...raw, http, https }), via: 'extdirect', raw }
}

export async function writeExtDirect(nexus: Nexus, settings: HttpSettings, raw: JsonObject): Promise<void> {
  await callExtDirect(nexus, action, 'update', [toExtDirect(settings, raw)], WRITING)
}

function proxyFromExtDirect(raw: JsonObject, scheme: Scheme): JsonObject | null {
  if (raw[`${scheme}Enabled`] !== true) return null
  const authentication = {
    username: raw[`${scheme}AuthUsername`],
    password: raw[`${scheme}AuthPassword`] || undefined,
    ntlmHost: raw[`${scheme}AuthNtlmHost`],
    ntlmDomain: raw[`${scheme}AuthNtlmDomain`],
  }
  return {
    host: raw[`${scheme}Host`] ?? '',
    port: raw[`${scheme}Port`] ?? 0,
    authentication: raw[`${scheme}AuthEnabled`] === true ? authentication : null,
  }
}

function toExtDirect({ http, https, ...settings }: HttpSettings, raw: JsonObject): JsonObject {
  return { ...raw, ...settings, ...proxyToExtDirect(http, 'http'), ...proxyToExtDirect(https, 'https') }
}

/**
 * `authEnabled` is always explicit, because null means enabled from 3.77; NTLM names are null and never empty, because an
 * empty one chooses NTLM; a password that is kept is the placeholder that the server itself sent (nexus-api 4).
 */
function proxyToExtDirect(settings: ProxySettings | null, scheme: Scheme): JsonObject {
  const authentication = settings?.authentication ?? null
  return {
    [`${scheme}Enabled`]: settings !== null,
    [`${scheme}Host`]: settings?.host ?? null,
    [`${scheme}Port`]: settings?.port ?? null,
    [`${scheme}AuthEnabled`]: authentication !== null,
    [`${scheme}AuthUsername`]: authentication?.username ?? null,
    [`${scheme}AuthPassword`]: authentication && passwordOf(authentication),
    [`${scheme}AuthNtlmHost`]: authentication?.ntlmHost ?? null,
    [`${scheme}AuthNtlmDomain`]: authentication?.ntlmDomain ?? null,
  }
}

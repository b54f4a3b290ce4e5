import { describe, expect, test } from 'vitest'
import { getPath, type JsonObject } from '../../src/core/json.ts'
import { diffValues, layOver } from '../../src/plan/diff.ts'
import { valuesOf } from '../../src/resources/contract/fields.ts'
import { httpProxy } from '../../src/resources/http-proxy.ts'
import { recordingNexus, writing } from './table.ts'

interface Row {
  field: string
  file: unknown
  /** In the request of `/v1/http`. */
  rest: [path: string, value: unknown]
  /** In the one of ExtDirect. */
  xo: [path: string, value: unknown]
}

function proxyRows(scheme: 'http' | 'https'): Row[] {
  const rest = `${scheme}Proxy`
  const auth = `${rest}.authInfo`
  return [
    { field: scheme, file: null, rest: [rest, null], xo: [`${scheme}Enabled`, false] },
    {
      field: `${scheme}.host`,
      file: 'proxy',
      rest: [`${rest}.host`, 'proxy'],
      xo: [`${scheme}Host`, 'proxy'],
    },
    // The REST model has the port as a text.
    { field: `${scheme}.port`, file: 3128, rest: [`${rest}.port`, '3128'], xo: [`${scheme}Port`, 3128] },
    {
      field: `${scheme}.authentication`,
      file: null,
      rest: [`${auth}.enabled`, false],
      xo: [`${scheme}AuthEnabled`, false],
    },
    {
      field: `${scheme}.authentication.username`,
      file: 'u',
      rest: [`${auth}.username`, 'u'],
      xo: [`${scheme}AuthUsername`, 'u'],
    },
    {
      field: `${scheme}.authentication.password`,
      file: 'p',
      rest: [`${auth}.password`, 'p'],
      xo: [`${scheme}AuthPassword`, 'p'],
    },
    {
      field: `${scheme}.authentication.ntlmHost`,
      file: 'h',
      rest: [`${auth}.ntlmHost`, 'h'],
      xo: [`${scheme}AuthNtlmHost`, 'h'],
    },
    // Empty chooses NTLM in ExtDirect: null there, empty in the REST model.
    {
      field: `${scheme}.authentication.ntlmHost`,
      file: null,
      rest: [`${auth}.ntlmHost`, ''],
      xo: [`${scheme}AuthNtlmHost`, null],
    },
    {
      field: `${scheme}.authentication.ntlmDomain`,
      file: 'd',
      rest: [`${auth}.ntlmDomain`, 'd'],
      xo: [`${scheme}AuthNtlmDomain`, 'd'],
    },
  ]
}

const rows: Row[] = [
  ...proxyRows('http'),
  ...proxyRows('https'),
  {
    field: 'exclude',
    file: ['localhost', '*.corp'],
    rest: ['nonProxyHosts', ['localhost', '*.corp']],
    xo: ['nonProxyHosts', ['localhost', '*.corp']],
  },
  { field: 'userAgentSuffix', file: 'x', rest: ['userAgent', 'x'], xo: ['userAgentSuffix', 'x'] },
  { field: 'timeout', file: 20, rest: ['timeout', 20], xo: ['timeout', 20] },
  { field: 'retries', file: 2, rest: ['retries', 2], xo: ['retries', 2] },
]

test('every field has a row', () => {
  expect([...new Set(rows.map(({ field }) => field))].toSorted()).toEqual(
    Object.keys(httpProxy.fields).toSorted(),
  )
})

/** What a server has before the update: two proxies with a login, and what keeps its password. */
const settings = (): JsonObject => {
  const authentication = { username: 'old', password: '#~PLACEHOLDER~#', ntlmHost: null, ntlmDomain: null }
  const proxy = { host: 'old', port: 1, authentication }
  return { http: proxy, https: proxy, nonProxyHosts: [], userAgentSuffix: null, timeout: null, retries: null }
}

describe.each(['rest', 'extdirect'] as const)('through %s', (via) => {
  test.each(rows)('$field: $file', async ({ field, file, rest, xo }) => {
    const keys = field.split('.')
    const spec = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), file)
    const values = valuesOf(httpProxy.fields, spec)
    expect(values).toEqual({ [field]: file })
    const body = layOver(httpProxy, settings(), values)
    const { nexus, sent } = recordingNexus()
    const answered = nexus.request.bind(nexus)
    nexus.request = async (request) => {
      await answered(request)
      return { status: 200, body: { result: { success: true, data: {} }, tid: 1, type: 'rpc' }, headers: {} }
    }
    await httpProxy.update(nexus, {
      ...writing('httpProxy', body),
      current: { id: 'httpProxy', wire: settings(), raw: { via, raw: {}, settings: settings() } },
    })
    const json = sent[0]?.json as { data: unknown[] }
    const [path, value] = via === 'rest' ? rest : xo
    expect(getPath(via === 'rest' ? json : json.data[0], path)).toEqual(value)
    const options = { because: {}, rotateSecrets: false }
    expect(diffValues(httpProxy, values, { id: 'httpProxy', wire: body }, options)).toEqual([])
  })

  test.each(['http', 'https'] as const)(
    'a login whose password is not known is never sent: %s',
    async (scheme) => {
      const { nexus, sent } = recordingNexus()
      const wire = { ...settings(), [scheme]: { host: 'old', port: 1, authentication: { username: 'u' } } }
      const actual = { id: 'httpProxy', wire, raw: { via, raw: {}, settings: wire } }
      const update = httpProxy.update(nexus, {
        ...writing('httpProxy', layOver(httpProxy, wire, { timeout: 2 })),
        current: actual,
      })
      await expect(update).rejects.toMatchObject({ code: 'upstream-password-missing' })
      expect(sent).toEqual([])
    },
  )

  test('no login is switched on that nobody wrote', async () => {
    const { nexus, sent } = recordingNexus()
    const answered = nexus.request.bind(nexus)
    nexus.request = async (request) => {
      await answered(request)
      return { status: 200, body: { result: { success: true, data: {} }, tid: 1, type: 'rpc' }, headers: {} }
    }
    const wire = { ...settings(), http: null, https: null }
    const body = layOver(httpProxy, wire, { 'http.host': 'proxy', 'http.port': 3128 })
    await httpProxy.update(nexus, {
      ...writing('httpProxy', body),
      current: { id: 'httpProxy', wire, raw: { via, raw: {}, settings: wire } },
    })
    const json = sent[0]?.json as { data: unknown[] }
    expect(
      via === 'rest' ? getPath(json, 'httpProxy.authInfo.enabled') : getPath(json.data[0], 'httpAuthEnabled'),
    ).toBe(false)
  })
})

test('null for the whole block is all proxies off and no exclusions', () => {
  expect(valuesOf(httpProxy.fields, httpProxy.removedAs)).toEqual({ http: null, https: null, exclude: [] })
})

import * as z from 'zod'
import { isObject } from '../core/json.ts'
import { isExclusion, neverMatches } from '../core/names.ts'
import {
  type HttpSettings,
  httpSettingsOf,
  type ReadHttpSettings,
  readHttpSettings,
  type Scheme,
  schemes,
  writeHttpSettings,
} from '../nexus/http-settings/index.ts'
import { type Field, fieldsOf, schemaOf, secretText } from './contract/fields.ts'
import type { Actual, Kind } from './contract/kind.ts'
import { eachOf, eachText } from './contract/rule.ts'
import { nameList, nonEmptyText, port } from './contract/schemas.ts'
import { repositoryList } from './docker/repository.ts'

const { field, removableSection } = fieldsOf<HttpSettings>()

/** Fields of one of the two proxies, by their paths. */
type ProxyFields<Prefix extends Scheme> = Record<
  Prefix | `${Prefix}.${'host' | 'port' | 'authentication'}`,
  Field
> &
  Record<`${Prefix}.authentication.${'username' | 'password' | 'ntlmHost' | 'ntlmDomain'}`, Field>

const fields = {
  ...proxyFields('http'),
  ...proxyFields('https'),
  exclude: field('nonProxyHosts', nameList, {
    describe:
      'Host names that are reached directly, without ports: `*` only at the start or the end of a name (`*.corp`, `10.*`).',
    set: true,
  }),
  userAgentSuffix: field('userAgentSuffix', nonEmptyText.nullable(), {
    describe: 'Text that Nexus adds to its User-Agent in all requests.',
  }),
  timeout: field('timeout', z.int().min(1).max(3600).nullable(), {
    describe: 'Seconds that Nexus waits for other servers.',
    unit: 'seconds',
  }),
  retries: field('retries', z.int().min(0).max(10).nullable(), {
    describe: 'How many times Nexus repeats a failed request.',
  }),
}

function proxyFields<Prefix extends Scheme>(prefix: Prefix): ProxyFields<Prefix> {
  const scheme: Scheme = prefix
  const login = `${scheme}.authentication` as const
  const what = scheme === 'http' ? 'for http and https' : 'only for https, overriding http'
  const fields: Record<string, Field> = {
    [scheme]: removableSection(scheme, `The proxy ${what}; null switches it off.`),
    [`${scheme}.host`]: field(`${scheme}.host`, nonEmptyText, {
      describe: 'Host name or address, not a URL.',
      required: true,
    }),
    [`${scheme}.port`]: field(`${scheme}.port`, port.unwrap(), {
      describe: 'Port of the proxy.',
      required: true,
    }),
    [login]: removableSection(login, 'How Nexus logs in to the proxy; null removes the login.'),
    [`${login}.username`]: field(`${login}.username`, nonEmptyText, {
      describe: 'User name.',
      required: true,
    }),
    [`${login}.password`]: field(`${login}.password`, secretText, {
      describe: 'Password.',
      secret: { presentWhen: 'section', placeholder: true },
      required: true,
    }),
    [`${login}.ntlmHost`]: field(`${login}.ntlmHost`, nonEmptyText.nullable(), {
      describe: 'NTLM host.',
    }),
    [`${login}.ntlmDomain`]: field(`${login}.ntlmDomain`, nonEmptyText.nullable(), {
      describe: 'NTLM domain.',
    }),
  }
  return fields
}

type Fields = typeof fields

/** A host name or address, not a URL (nexus-api 6). */
const hostIsNoUrl = eachOf<Fields>('httpProxy', (proxy, { report }) => {
  for (const field of ['http.host', 'https.host'] as const) {
    const host = proxy.values[field]
    if (typeof host !== 'string') continue
    if (/^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?)$/i.test(host)) continue
    report(proxy, field, {
      code: 'invalid-host',
      message: `${field}: this is not a host name`,
      hint: hostAdvice(host),
    })
  }
})

/** A URL, a port and an address without its brackets are what people write there; `::1` is refused, `[::1]` is not (nexus-api 4). */
function hostAdvice(host: string): string {
  if (/^[0-9a-f:.]+$/i.test(host) && URL.canParse(`http://[${host}]`))
    return `write it in brackets: "[${host}]"`
  if (host.includes('://')) return 'write only the host; the port has its own field'
  const [, port] = /^[^:]+:(\d{1,5})$|^\[.*\]:(\d{1,5})$/.exec(host)?.filter(Boolean) ?? []
  if (port !== undefined) return `write only the host; the port has its own field: "port: ${port}"`
  return 'write a host name or an IP address'
}

const validExclusions = eachOf<Fields>('httpProxy', (proxy, { report }) => {
  eachText(proxy, 'exclude', (host, field) => {
    if (isExclusion(host)) {
      const never = neverMatches(host)
      if (never)
        report(proxy, field, { severity: 'warning', code: 'idle-exclusion', ...wordsOn(host, never) })
      return
    }
    report(proxy, field, {
      code: 'invalid-exclusion',
      message: `"${host}" is not an exclusion that Nexus accepts`,
      hint: host.includes('/')
        ? 'write 10.* for 10.0.0.0/8: Nexus does not support networks'
        : 'write a host name with at most one * at its start or end: *.corp, 10.*',
    })
  })
})

function wordsOn(host: string, { why, meant }: { why: string; meant: string }) {
  const itself = /^\*\.[^*]+$/.test(meant) ? `, and "${meant.slice(2)}" for that host itself` : ''
  const hint = isExclusion(meant) ? `write "${meant}"${itself}` : 'remove it'
  return {
    message: `"${host}" excludes nothing: Nexus compares it with a host name, and ${why}`,
    hint,
  }
}

const exclusionsNeedProxy = eachOf<Fields>('httpProxy', (proxy, { report }) => {
  const { http, exclude, 'http.host': host, 'https.host': secureHost } = proxy.values
  if ((host ?? secureHost) !== undefined || http !== null) return
  if (!Array.isArray(exclude) || exclude.length === 0) return
  report(proxy, 'exclude', {
    severity: 'warning',
    code: 'exclusions-without-proxy',
    message: 'there is no proxy to exclude hosts from',
    hint: 'exclusions are only used while a proxy is set',
  })
})

async function find(nexus: Parameters<Kind['find']>[0], spec: Record<string, unknown> = {}): Promise<Actual> {
  const keeps = schemes.filter((scheme) => keepsLogin(spec[scheme]))
  const raw = await readHttpSettings(nexus, keeps)
  return { id: 'httpProxy', wire: raw.settings, raw }
}

/** The file neither writes the login nor removes it, with the proxy or without. */
function keepsLogin(written: unknown): boolean {
  return written === undefined || (isObject(written) && written['authentication'] === undefined)
}

/** The server's own way out: HTTP and HTTPS proxy and their exclusions. `/v1/http` or ExtDirect, every edition. */
export const httpProxy: Kind<typeof fields> = {
  kind: 'httpProxy',
  label: 'HTTP proxy',
  namespace: 'httpProxy',
  section: { key: 'httpProxy', form: 'block' },
  schema: schemaOf(fields),
  fields,
  rules: [hostIsNoUrl, validExclusions, exclusionsNeedProxy],
  removedAs: { http: null, https: null, exclude: [] },
  // What machines call it (NO_PROXY), and the Ansible role nexus3-oss (`http_proxy_host`).
  otherNames: {
    noproxy: ['exclude'],
    exclusions: ['exclude'],
    httpproxyhost: ['http.host'],
    httpproxyport: ['http.port'],
    httpsproxyhost: ['https.host'],
    httpsproxyport: ['https.port'],
  },
  references: () => [],
  // Asked for anyway where there are repositories; the version decides on the way to ask for the settings.
  first: repositoryList,
  async list(reads, wanted) {
    return [await find(reads.nexus, wanted.get('httpproxy'))]
  },
  find: (nexus, _id, spec) => find(nexus, spec),
  async update(nexus, { body, current }) {
    await writeHttpSettings(nexus, httpSettingsOf(body), current.raw as ReadHttpSettings)
  },
}

import * as z from 'zod'
import { isObject } from '../core/json.ts'
import {
  type HttpSettings,
  httpSettingsOf,
  type ReadHttpSettings,
  readHttpSettings,
  type Scheme,
  schemes,
  writeHttpSettings,
} from '../nexus/http-settings/index.ts'
import type { Actual, Kind } from './define.ts'
import { type Field, fieldsOf, schemaOf, secretText } from './fields.ts'
import { repositoryList } from './shared/docker-repository.ts'
import { nameList, nonEmptyText, port } from './shared/schemas.ts'

const { field, removableSection } = fieldsOf<HttpSettings>()

const fields = {
  ...proxyFields('http'),
  ...proxyFields('https'),
  exclude: field('nonProxyHosts', nameList, {
    describe:
      'Host names that are reached directly: `*` only at the start or the end of a name (`*.corp`, `10.*`).',
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
    describe: 'How often Nexus repeats a failed request.',
  }),
}

function proxyFields(scheme: Scheme): Record<string, Field> {
  const what = scheme === 'http' ? 'for http and https' : 'for https alone, overriding http'
  return {
    [scheme]: removableSection(scheme, `The proxy ${what}; null switches it off.`),
    [`${scheme}.host`]: field(`${scheme}.host`, nonEmptyText, {
      describe: 'Host name or address, not a URL.',
      required: true,
    }),
    [`${scheme}.port`]: field(`${scheme}.port`, port.unwrap(), {
      describe: 'Port of the proxy.',
      required: true,
    }),
    [`${scheme}.authentication`]: removableSection(
      `${scheme}.authentication`,
      'How Nexus logs in to the proxy; null removes it.',
    ),
    [`${scheme}.authentication.username`]: field(`${scheme}.authentication.username`, nonEmptyText, {
      describe: 'User name.',
      required: true,
    }),
    [`${scheme}.authentication.password`]: field(`${scheme}.authentication.password`, secretText, {
      describe: 'Password.',
      secret: true,
      placeholder: true,
      required: true,
    }),
    [`${scheme}.authentication.ntlmHost`]: field(
      `${scheme}.authentication.ntlmHost`,
      nonEmptyText.nullable(),
      {
        describe: 'NTLM host.',
      },
    ),
    [`${scheme}.authentication.ntlmDomain`]: field(
      `${scheme}.authentication.ntlmDomain`,
      nonEmptyText.nullable(),
      {
        describe: 'NTLM domain.',
      },
    ),
  }
}

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
export const httpProxy: Kind = {
  kind: 'httpProxy',
  label: 'HTTP proxy',
  namespace: 'httpProxy',
  section: { key: 'httpProxy', form: 'block' },
  schema: schemaOf(fields),
  fields,
  removedAs: { http: null, https: null, exclude: [] },
  references: () => [],
  async list(reads, wanted) {
    // Asked for anyway; its answer tells the version, which decides on the way to ask for the settings.
    await reads.get(repositoryList)
    return [await find(reads.nexus, wanted.get('httpproxy'))]
  },
  find: (nexus, _id, spec) => find(nexus, spec),
  async update(nexus, _id, body, current) {
    await writeHttpSettings(nexus, httpSettingsOf(body), current.raw as ReadHttpSettings)
  },
}

// A hint says what to do, whatever was written: the words of other tools, values of another type, kinds that are not managed.
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { vocabularyOf } from '../../../src/advice/vocabulary.ts'
import { schemaWith } from '../../../src/intents/contract.ts'
import { intents } from '../../../src/intents/index.ts'
import type { Kind } from '../../../src/resources/contract/kind.ts'
import { kinds } from '../../../src/resources/index.ts'
import { allFields, environmentFor, everyField } from '../example-files.ts'
import { loadText, placed } from '../load-text.ts'

interface Told {
  line: number
  code: string
  message: string
  hint: string
}

async function errorsOf(text: string, environment = environmentFor(text)): Promise<Told[]> {
  const problems = placed(await loadText(text, { environment }))
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line = 0, code, message, hint = '' }) => ({ line, code, message, hint }))
}

const proxy = (rest: string) => `repositories:\n  a: {type: proxy, upstream: docker-hub, ${rest}}\n`
const hosted = (rest: string) => `repositories:\n  a: {type: hosted, ${rest}}\n`
const group = (rest: string) => `repositories:\n  b: {type: hosted}\n  a: {type: group, ${rest}}\n`

describe('names of other tools', () => {
  test.each([
    ['blob_store_name: default', hosted, 'blobStore'],
    ['blobStoreName: default', hosted, 'blobStore'],
    ['blob_store: default', hosted, 'blobStore'],
    ['http_port: 8083', hosted, 'httpPort'],
    ['port: 8083', hosted, 'httpPort'],
    ['write_policy: ALLOW', hosted, 'writePolicy'],
    ['force_basic_auth: true', hosted, 'forceBasicAuth'],
    ['v1_enabled: true', hosted, 'v1Enabled'],
    ['strict_content_type_validation: true', hosted, 'strictContentTypeValidation'],
    ['strict_content_validation: true', hosted, 'strictContentTypeValidation'],
    ['policy_names: []', hosted, 'cleanupPolicies'],
    ['index_type: HUB', proxy, 'index'],
    [
      'index_url: "https://x.example"',
      (rest: string) =>
        `repositories:\n  a: {type: proxy, remoteUrl: "https://x.example", index: custom, ${rest}}\n`,
      'indexUrl',
    ],
    ['content_max_age: 5', proxy, 'contentMaxAge'],
    ['maximum_component_age: 5', proxy, 'contentMaxAge'],
    ['negative_cache_enabled: true', proxy, 'negativeCache.enabled'],
    ['negative_cache_ttl: 5', proxy, 'negativeCache.timeToLive'],
    ['routingRuleName: null', proxy, 'routingRule'],
    ['routing_rule_name: null', proxy, 'routingRule'],
    ['member_names: [b]', group, 'members'],
    ['member_repos: [b]', group, 'members'],
    ['storage: {blobStoreName: default}', hosted, 'blobStore'],
    ['storage: {blob_store_name: default}', hosted, 'blobStore'],
    ['docker: {http_port: 8083}', hosted, 'httpPort'],
    ['docker_proxy: {index_type: HUB}', proxy, 'index'],
    ['proxy: {contentMaxAge: 5}', proxy, 'contentMaxAge'],
    ['group: {member_names: [b]}', group, 'members'],
    ['cleanup: {policyNames: []}', hosted, 'cleanupPolicies'],
    ['component: {proprietaryComponents: true}', hosted, 'proprietaryComponents'],
    ['httpClient: {connection: {retries: 3}}', proxy, 'retries'],
    ['httpClient: {authentication: {username: u, password: {env: P}}}', proxy, 'authentication'],
    ['http_client: {auto_block: true}', proxy, 'httpClient|autoBlock'],
  ])('%s', async (line, file, key) => {
    const errors = await errorsOf(file(line), { P: 'secret-of-p' })
    const [first, ...others] = errors
    expect(others.filter(({ code }) => code !== 'unknown-key')).toEqual([])
    expect(first).toMatchObject({ code: 'unknown-key' })
    expect(first?.hint).toMatch(new RegExp(`(^|[^\\w.])(${key.replaceAll('.', '\\.')})\\b`))
    expect(first?.hint).not.toMatch(/^known here/)
  })

  test.each([
    ['url', 'nexus: {host: "http://x"}\n'],
    ['exclude', 'httpProxy: {nonProxyHosts: [a]}\n'],
    ['exclude', 'httpProxy: {no_proxy: [a]}\n'],
    ['http.host', 'httpProxy: {http_host: a, http: {port: 1}}\n'],
    ['ensure or exact', 'realms: {active: [A]}\n'],
    ['userId', 'anonymous: {user_id: a}\n'],
    ['quota', 'blobStores: {a: {softQuota: {type: spaceUsed, limit: 5}}}\n'],
    ['quota', 'blobStores: {a: {soft_quota: {type: spaceUsed, limit: 5}}}\n'],
  ])('%s in other sections', async (key, text) => {
    const errors = await errorsOf(text)
    expect(errors).toEqual([expect.objectContaining({ code: 'unknown-key' })])
    expect(errors[0]?.hint).toContain(key)
  })

  test('a name of another tool names fields that exist, and is no name of the file', () => {
    const named = kinds.all.filter(({ otherNames }) => otherNames)
    expect(named.length).toBeGreaterThan(3)
    const docker = named.filter(({ section }) => section.form === 'map' && section.key === 'repositories')
    const schemas = new Map(kinds.all.map((kind) => [kind, schemaWith(intents, kind)]))
    const keysOf = (kind: Kind) => vocabularyOf(kind, { schemas }).paths.map((path) => path.join('.'))
    for (const kind of named) {
      const family = docker.includes(kind) ? docker : [kind]
      const known = family.flatMap(keysOf)
      for (const [word, fields] of Object.entries(kind.otherNames ?? {})) {
        expect(word).toMatch(/^[a-z0-9]+$/)
        expect(known, word).toEqual(expect.arrayContaining([...fields]))
        expect(keysOf(kind).map((key) => key.toLowerCase())).not.toContain(word)
      }
    }
  })

  test('the name and the format are said without them', async () => {
    const errors = await errorsOf(hosted('name: a, format: docker'))
    expect(errors.map(({ hint }) => hint)).toEqual([
      'remove it: the name is the key above, "a"',
      'remove it: every repository in the file is a Docker repository',
    ])
  })
})

describe('what is not managed', () => {
  test.each(
    'users roles privileges contentSelectors content_selectors cleanupPolicies ldap tasks capabilities certificates mail'.split(
      ' ',
    ),
  )('%s', async (section) => {
    const errors = await errorsOf(`${section}:\n  some: {}\nrepositories:\n  a: {type: hosted}\n`)
    expect(errors).toEqual([
      expect.objectContaining({
        line: 1,
        code: 'unknown-key',
        hint: expect.stringMatching(/does not manage .* \(yet\): remove this section/) as unknown,
      }),
    ])
  })

  test.each(['s3', 'azure', 'google', 'group', 'S3', 'Azure Cloud Storage'])(
    'a blob store of type %s',
    async (type) => {
      const [error, ...others] = await errorsOf(
        `blobStores:\n  cloud: {type: ${type}}\nrepositories:\n  a: {type: hosted, blobStore: cloud}\n`,
      )
      expect(others).toEqual([])
      expect(error).toMatchObject({ line: 2, code: 'unknown-type' })
      expect(error?.hint).toContain('"cloud: {external: true}"')
    },
  )

  test.each(['maven2', 'npm', 'raw', 'maven2-proxy', 'helm (hosted)'])(
    'a repository of type %s',
    async (type) => {
      const [error] = await errorsOf(`repositories:\n  a: {type: ${type}}\n`)
      expect(error).toMatchObject({
        code: 'unknown-type',
        hint: expect.stringMatching(/^only Docker repositories are managed/) as unknown,
      })
    },
  )

  test.each([
    ['docker-hosted', 'hosted'],
    ['Proxy', 'proxy'],
    ['docker (group)', 'group'],
  ])('the type %s is the word %s', async (type, word) => {
    const [error] = await errorsOf(`repositories:\n  a: {type: ${type}}\n`)
    expect(error?.hint).toBe(`did you mean "${word}"?`)
  })

  test('a type that is missing is named where the fields leave one', async () => {
    const hintOf = async (fields: string) => (await errorsOf(`repositories:\n  a: ${fields}\n`))[0]?.hint
    expect(await hintOf('{upstream: quay.io}')).toBe('add "type: proxy"')
    expect(await hintOf('{members: [a]}')).toBe('add "type: group"')
    expect(await hintOf('{httpPort: 8083}')).toBe('add "type: hosted", "type: proxy", "type: group"')
  })
})

describe('values of another type', () => {
  const wrong: Record<string, unknown> = {
    'a text': 'zzz zzz',
    'an empty text': '',
    'a number': 123456789,
    'a fraction': 1.5,
    true: true,
    null: null,
    'a list': ['zzz zzz'],
    'a list of maps': [{ zzz: 1 }],
    'a map': { zzz: 1 },
    'a reference': { env: 'SOME_NAME' },
    'a place': { file: 'some/path' },
  }
  const doing =
    /^(write|add|remove|put|did you mean|use|move|known here|choose|change|give|keep|set|make|end|leave|only|networks)\b/

  test.each(
    allFields()
      .filter(({ kind, field }) => kind.section.form !== 'intent' && !field.options.intent)
      .map(({ kind, path }) => [`${kind.label} ${path}`, kind, path] as const),
  )('%s', async (_, kind, path) => {
    if (kind.kind === 'realms') return
    for (const [what, value] of Object.entries(wrong)) {
      const text = withValue(kind, path, value)
      for (const { code, hint, message } of await errorsOf(text)) {
        if (code !== 'invalid-value' && code !== 'unknown-key' && code !== 'missing-field') continue
        expect(hint, `${what}: ${message}`).toMatch(doing)
        expect(hint).not.toBe(kind.fields[path]?.options.describe)
      }
    }
  })

  const everything = parse(everyField) as Record<string, Record<string, unknown>>

  /** The object with every field, alone in its file, and another value in one. */
  function withValue(kind: Kind, path: string, value: unknown): string {
    const { section } = kind
    const key = section.form === 'intent' ? '' : section.key
    const names: Record<string, string> = {
      dockerHosted: 'hosted',
      dockerProxy: 'hub',
      dockerGroup: 'docker',
      blobStore: 'blob-docker',
      routingRule: 'only-ours',
    }
    const name = names[kind.kind]
    const own = structuredClone(name === undefined ? everything[key] : everything[key]?.[name]) as Record<
      string,
      unknown
    >
    let node = own
    const steps = path.split('.')
    for (const step of steps.slice(0, -1)) {
      node[step] ??= {}
      node = node[step] as Record<string, unknown>
    }
    node[steps.at(-1) ?? ''] = value
    return stringify({ version: 1, [key]: name === undefined ? own : { [name]: own } })
  }

  test.each([
    ['realms: [DockerToken]\n', 'write "realms: {ensure: […]}" or "realms: {exact: […]}"'],
    ['anonymous: true\n', 'write "anonymous: {enabled: true}"'],
    ['httpProxy: {http: "http://proxy:3128"}\n', 'write "http: {host: …, port: …}"'],
    ['nexus: {url: "nexus:8081"}\n', 'write "http://nexus:8081"'],
    ['nexus: {url: "ftp://nexus"}\n', 'write it like http://localhost:8081'],
    ['repositories: {a: {type: proxy, remoteUrl: quay.io}}\n', 'write "https://quay.io"'],
    ['repositories: {a: {type: proxy, remoteUrl: "harbor:5000/x"}}\n', 'write "https://harbor:5000/x"'],
    ['nexus: {version: 3.90}\n', 'put it in quotes to make it text'],
    ['nexus: {version: 1}\n', expect.stringMatching(/^write a version such as "3\.90\.0"/)],
    ['blobStores: {a: {quota: 10 GiB}}\n', 'write "quota: {limit: …, type: …}"'],
    [proxy('negativeCache: false'), 'write "negativeCache: {enabled: false}"'],
    [
      proxy('authentication: {username: {env: ROBOT}, password: x}'),
      'write "${ROBOT}": only secrets are written {env: NAME}',
    ],
    [hosted('httpPort: {env: PORT}'), 'write "${PORT}": only secrets are written {env: NAME}'],
    [proxy('authentication: {username: u, password: {evn: ROBOT}}'), 'did you mean "env"?'],
    ['version: 2\n', expect.stringMatching(/^write 1/)],
  ])('%s', async (text, hint) => {
    expect((await errorsOf(text)).map((error) => error.hint)).toEqual([hint])
  })

  test('a name that is perhaps the secret itself is not repeated', async () => {
    const [error] = await errorsOf(proxy('authentication: {username: {env: "s3cr3t-canary!"}, password: x}'))
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  test.each(['1', '"1"', "'1'"])('version: %s is version 1', async (version) => {
    expect(await errorsOf(`version: ${version}\n`)).toEqual([])
  })
})

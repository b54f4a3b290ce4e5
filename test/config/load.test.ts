import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { CAPABILITIES, gateOf } from '../../src/nexus/capabilities.ts'
import { folderWith } from '../helpers/run-cli.ts'
import { defined } from './defined.ts'
import { allFields, environmentFor, everyField } from './example-files.ts'
import { loadFiles, loadText, placed } from './load-text.ts'

describe('several files', () => {
  test('a later intent replaces an earlier one; fields merge', async () => {
    const cwd = folderWith({
      'base.yml': 'anonymousPull: true\nrepositories: {a: {type: hosted, httpPort: 8082}}\n',
      'prod.yml': 'anonymousPull: false\nrepositories: {a: {writePolicy: deny}}\n',
    })
    const { config, problems } = await loadFiles(['base.yml', 'prod.yml'], { cwd })
    expect(problems).toEqual([])
    expect(defined(config).objects.map(({ id, spec }) => ({ id, spec }))).toEqual([
      { id: 'a', spec: { httpPort: 8082, writePolicy: 'deny', forceBasicAuth: true } },
    ])
  })

  test('another upstream brings its own preset; an own URL needs upstream: null', async () => {
    const cwd = folderWith({
      'base.yml': 'repositories: {hub: {type: proxy, upstream: docker-hub}}\n',
      'quay.yml': 'repositories: {hub: {upstream: quay.io}}\n',
      'url.yml': 'repositories:\n  hub: {remoteUrl: "https://mirror.corp"}\n',
      'null.yml': 'repositories: {hub: {upstream: null}}\n',
    })
    const load = (...files: string[]) => loadFiles(['base.yml', ...files], { cwd })
    expect((await load('quay.yml')).config?.objects[0]?.spec).toEqual({
      remoteUrl: 'https://quay.io',
      index: 'registry',
      indexUrl: null,
      cacheForeignLayers: false,
      foreignLayerUrlWhitelist: [],
    })
    expect(placed(await load('url.yml'))).toMatchObject([
      { code: 'upstream-and-url', file: 'url.yml', line: 2, column: 9 },
    ])
    expect((await load('url.yml', 'null.yml')).config?.objects[0]?.spec).toMatchObject({
      remoteUrl: 'https://mirror.corp',
    })
  })

  test('a secret reference replaces another one, and is relative to the file that has it', async () => {
    const cwd = folderWith({
      'base.yml': 'nexus: {password: {env: NOT_SET}}\n',
      'prod/prod.yml': 'nexus: {password: {file: secret.txt}}\n',
      'prod/secret.txt': 'the password\r\n',
    })
    const { config, problems } = await loadFiles(['base.yml', 'prod/prod.yml'], {
      cwd,
      lenientSecrets: false,
    })
    expect(problems).toEqual([])
    expect(config?.nexus.password).toBe('the password')
  })

  test('a problem is shown in the file that has it', async () => {
    const cwd = folderWith({
      'a.yml': 'repositories:\n  a: {type: hosted, httpPort: 8082}\n',
      'b.yml': '\n\nrepositories:\n  b: {type: hosted, httpPort: 8082}\n',
    })
    expect(placed(await loadFiles(['a.yml', 'b.yml'], { cwd }))).toMatchObject([
      { code: 'port-conflict', file: 'b.yml', line: 4, column: 31 },
    ])
  })

  test('with one of the files unreadable nothing is said of what refers to it', async () => {
    const cwd = folderWith({
      'a.yml': 'repositories: {g: {type: group, members: [b]}}\n',
      'b.yml': 'repositories: {b: {type: hosted}\n',
    })
    expect(placed(await loadFiles(['a.yml', 'b.yml'], { cwd }))).toMatchObject([
      { code: 'yaml-unclosed', file: 'b.yml' },
    ])
    expect(placed(await loadFiles(['a.yml', 'c.yml'], { cwd }))).toMatchObject([
      { code: 'cannot-read', file: 'c.yml' },
    ])
  })
})

describe('what follows from a mistake is not told', () => {
  test.each([
    [
      'a variable that is missing',
      'repositories: {p: {type: proxy, remoteUrl: "${URL}", indexUrl: "${URL}"}}',
      ['unset-variable', 'unset-variable'],
    ],
    ['a misspelt field', 'repositories: {p: {type: proxy, remoteURL: "https://x.y"}}', ['unknown-key']],
    [
      "Nexus's name of a required field",
      'repositories: {g: {type: group, memberNames: [a]}, a: {type: hosted}}',
      ['unknown-key'],
    ],
    ['a wrong upstream', 'repositories: {p: {type: proxy, upstream: nowhere}}', ['invalid-value']],
    [
      'a wrong index URL',
      'repositories: {p: {type: proxy, remoteUrl: "https://x.y", index: custom, indexUrl: 5}}',
      ['invalid-value'],
    ],
    [
      'a wrong policy',
      'repositories: {a: {type: hosted, latestPolicy: true, writePolicy: never}}',
      ['invalid-value'],
    ],
    [
      'a wrong login',
      'repositories: {p: {type: proxy, upstream: quay.io, authentication: {usrname: u, password: 1234}}}',
      ['unknown-key', 'invalid-value'],
    ],
    ['an alias without an anchor', 'repositories: {p: *nowhere}', ['yaml-alias']],
    [
      'a member that is wrong itself',
      'repositories: {g: {type: group, members: [m]}, m: {type: hosted, onlin: true}}',
      ['unknown-key'],
    ],
  ])('%s', async (_, yaml, codes) => {
    expect(placed(await loadText(yaml)).map(({ code }) => code)).toEqual(codes)
  })

  test('what is right of a wrong object is still looked at', async () => {
    const yaml = 'repositories:\n  Apps: {type: hosted, onlin: true, httpPort: 8081, blobStore: nowhere}\n'
    const codes = placed(await loadText(yaml)).map(({ code }) => code)
    expect(codes.sort()).toEqual(['blob-store-missing', 'nexus-port', 'unknown-key', 'upper-case-name'])
  })

  test('a duplicate key does not hide the other problems', async () => {
    const yaml =
      'nexus: {url: "http://a", url: "http://b"}\nrepositories: {a: {type: hosted, httpPort: 8081}}\n'
    expect(placed(await loadText(yaml)).map(({ code }) => code)).toEqual(['duplicate-key', 'nexus-port'])
  })
})

describe('flags and the environment win over nexus:', () => {
  const yaml = 'nexus: {url: 5, username: ci, password: {env: NOT_SET}}\n'

  test('what they replace may be wrong or missing in the file; the rest of it counts', async () => {
    const options = {
      overridden: ['url', 'password'],
      lenientSecrets: false,
      serverUrl: 'http://localhost:8081',
    }
    const { config, problems } = await loadText(yaml, options)
    expect(problems).toEqual([])
    expect(config?.nexus.username).toBe('ci')
  })

  test('an unset variable inside a reference does not matter either', async () => {
    const options = { overridden: ['password'], lenientSecrets: false }
    expect((await loadText('nexus: {password: {env: "${WHICH}"}}', options)).problems).toEqual([])
  })

  // The port of an address may be that of a container's host; 8081 is where Nexus listens unless somebody changed it.
  test.each([
    [9000, 'http://localhost:9000/nexus', 'warning'],
    [9000, 'https://nexus.corp', undefined],
    [9000, undefined, undefined],
    [8081, 'http://localhost:9000', 'warning'],
    [8081, 'http://localhost:8081', 'error'],
    [8081, 'https://nexus.corp', 'error'],
    [8081, undefined, 'error'],
  ])('a connector at %i, Nexus at %s: %s', async (port, serverUrl, severity) => {
    const text = `repositories: {a: {type: hosted, httpPort: ${port}}}`
    const expected = severity === undefined ? [] : [{ code: 'nexus-port', severity }]
    expect(placed(await loadText(text, { serverUrl }))).toMatchObject(expected)
    expect(placed(await loadText(text, { serverUrl }))).toHaveLength(expected.length)
    const inFile = serverUrl === undefined ? '' : `nexus: {url: "${serverUrl}"}\n`
    expect(placed(await loadText(`${inFile}${text}`))).toMatchObject(expected)
  })
})

describe('bootstrap', () => {
  test('the initial password is not looked up, and one reference replaces another one', async () => {
    const cwd = folderWith({
      'base.yml': 'bootstrap: {initialPassword: {env: FIRST}, acceptEula: true}\n',
      'ci.yml': 'bootstrap: {initialPassword: {file: /none}}\n',
    })
    const { config, problems } = await loadFiles(['base.yml', 'ci.yml'], { cwd, lenientSecrets: false })
    expect(problems).toEqual([])
    expect(defined(config).sections['bootstrap']).toEqual({
      initialPassword: { file: '/none' },
      acceptEula: true,
    })
  })

  test('a text is a secret', async () => {
    const redactor = createRedactor()
    await loadText('bootstrap: {initialPassword: first-canary}\n', { redactor })
    expect(redactor.redact('it is first-canary')).toBe('it is ***')
  })

  test('a text in place of the name of a variable is a secret, a name is none', async () => {
    const redactor = createRedactor()
    await loadText('bootstrap: {initialPassword: {env: first-canary}}\n', { redactor })
    await loadText('bootstrap: {initialPassword: {env: FIRST_PASSWORD}}\n', { redactor })
    expect(redactor.redact('first-canary in FIRST_PASSWORD')).toBe('*** in FIRST_PASSWORD')
  })

  test('consent is true, and nothing that looks like it', async () => {
    for (const text of ['yes', '"true"', '1', 'null', '[true]']) {
      const found = placed(await loadText(`bootstrap: {acceptEula: ${text}}\n`))
      expect({ text, found }).toMatchObject({
        text,
        found: [{ code: 'invalid-value', path: 'bootstrap.acceptEula' }],
      })
    }
    const environment = { AGREED: 'true' }
    const { config } = await loadText('bootstrap: {acceptEula: "${AGREED}"}\n', { environment })
    expect(defined(config).objects.map(({ kind }) => kind)).toEqual(['eula', 'anonymous'])
  })

  test('false is no consent, and no revocation either', async () => {
    const { config } = await loadText('bootstrap: {acceptEula: false}\n')
    expect(defined(config).objects.map(({ kind }) => kind)).toEqual(['anonymous'])
  })
})

describe('secrets', () => {
  test.each([
    ['{env: A}', { A: 'from environment' }, 'from environment'],
    ['{file: s}', {}, ' from file '],
    ['"${A}"', { A: 'by variable' }, 'by variable'],
    ['"pa$$w0rd"', {}, 'pa$$w0rd'],
  ])('%s', async (password, environment, value) => {
    const cwd = folderWith({ 'f.yml': `nexus: {password: ${password}}`, s: ' from file \n' })
    const redactor = createRedactor()
    const { config, problems } = await loadFiles(['f.yml'], {
      cwd,
      environment,
      redactor,
      lenientSecrets: false,
    })
    expect(problems).toEqual([])
    expect(config?.nexus.password).toBe(value)
    expect(redactor.redact(`<${value}>`)).not.toContain(value.trim())
  })

  test.each([
    ['{env: A}', {}, /A is not set/],
    ['{env: A}', { A: '' }, /A is empty/],
    ['{env: constructor}', {}, /constructor is not set/],
    ['{env: "my secret!"}', {}, /^this is not the name/],
    ['{file: none}', {}, /none does not exist/],
    ['{file: empty}', {}, /empty is empty/],
    ['{file: .}', {}, /is a directory/],
    ['"${A}"', {}, /A is not set/],
  ])('%s: a warning for validate, an error for everything else', async (password, environment, message) => {
    const cwd = folderWith({ 'f.yml': `nexus: {password: ${password}}`, empty: '' })
    for (const lenientSecrets of [true, false]) {
      const { config, problems } = await loadFiles(['f.yml'], { cwd, environment, lenientSecrets })
      expect(problems).toMatchObject([
        { severity: lenientSecrets ? 'warning' : 'error', path: 'nexus.password' },
      ])
      expect(problems[0]?.message).toMatch(message)
      expect(config?.nexus.password).toBe(lenientSecrets ? 'unresolved' : undefined)
    }
  })

  test.each(['{env: A}', '"${A}"', '{file: a}'])('%s: 64 KiB at most', async (password) => {
    const load = (secret: string, lenientSecrets: boolean) => {
      const cwd = folderWith({ 'f.yml': `nexus: {password: ${password}}`, a: secret })
      return loadFiles(['f.yml'], { cwd, environment: { A: secret }, lenientSecrets })
    }
    const longest = 'ü'.repeat(32 * 1024)
    expect((await load(longest, false)).config?.nexus.password).toBe(longest)
    const { config, problems } = await load(`${longest}x`, false)
    expect(config).toBeUndefined()
    expect(problems).toMatchObject([{ code: 'secret-too-long', severity: 'error', path: 'nexus.password' }])
    expect(JSON.stringify(problems)).toMatch(/64 KiB/)
    expect(JSON.stringify(problems)).not.toContain('üü')
    // A text is what the file says itself; what it only names `validate` can do without.
    const severity = password.startsWith('{') ? 'warning' : 'error'
    expect((await load(`${longest}x`, true)).problems).toMatchObject([{ code: 'secret-too-long', severity }])
  })

  test('an environment variable is taken as it is', async () => {
    const secret = 'a\nb\r\n\tc '
    const { config } = await loadText('nexus: {password: {env: A}}', { environment: { A: secret } })
    expect(config?.nexus.password).toBe(secret)
  })

  test('validate opens no secret file', async () => {
    const redactor = createRedactor()
    const cwd = folderWith({ 'f.yml': 'nexus: {password: {file: key}}', key: 'somebody-elses-key\n' })
    const { config, problems } = await loadFiles(['f.yml'], { cwd, redactor, lenientSecrets: true })
    expect(problems).toEqual([])
    expect(config?.nexus.password).toBe('unresolved')
    // Masked, it would tell a stranger that he has guessed it.
    expect(redactor.redact('somebody-elses-key')).toBe('somebody-elses-key')
  })

  test('those of wrong objects are known to the redactor, numbers too', async () => {
    const redactor = createRedactor()
    const yaml =
      'nexus: {password: 123456789}\nrepositories: {p: {type: proxi, authentication: {password: hidden-one}}}\n'
    await loadText(yaml, { redactor })
    expect(redactor.redact('123456789 hidden-one')).toBe('*** ***')
  })

  test('the name of a missing variable is no secret', async () => {
    const redactor = createRedactor()
    await loadText('nexus: {password: "${NEXUS_PASSWORD}"}', { redactor })
    expect(redactor.redact('${NEXUS_PASSWORD}')).toBe('${NEXUS_PASSWORD}')
  })
})

describe('nexus.version and nexus.edition', () => {
  const fieldsWithGate = allFields().filter(({ field }) => field.options.needs !== undefined)

  test('the file with every field is accepted for the newest Pro and complained about for 3.26', async () => {
    const environment = environmentFor(everyField)
    const withVersion = (words: string) =>
      everyField.replace('nexus: {', `nexus: {${words}, `).replace('\n    httpPort: 8083\n', '\n')
    const newest = placed(await loadText(withVersion('version: 3.96.0, edition: pro'), { environment }))
    expect(newest.map(({ code }) => code)).toEqual(['https-connector'])
    const gated = placed(await loadText(withVersion('version: 3.26.0, edition: pro'), { environment }))
    const paths = gated
      .filter(({ code }) => code === 'not-offered')
      .map(({ path }) => path.split('.').slice(2).join('.'))
    const expected = fieldsWithGate.filter(({ path }) => path !== 'subdomain').map(({ path }) => path)
    expect([...new Set(paths)].sort()).toEqual([...new Set(expected)].sort())
  })

  test.each(fieldsWithGate.map(({ path, field }) => ({ path, needs: defined(field.options.needs) })))(
    '$path needs what the table of capabilities says',
    ({ needs }) => {
      expect(CAPABILITIES).toContain(needs)
      expect(gateOf(needs).since).toMatch(/^3\.\d+\.0$/)
    },
  )

  test('upper-case names are for servers before 3.89', async () => {
    const codes = async (nexus: string) =>
      placed(await loadText(`${nexus}repositories: {Apps: {type: hosted}}`)).map(({ code }) => code)
    expect(await codes('nexus: {version: 3.88.0}\n')).toEqual([])
    expect(await codes('nexus: {version: 3.89.0}\n')).toEqual(['upper-case-name'])
    expect(await codes('')).toEqual(['upper-case-name'])
  })

  test('path routing beside a port is for servers before 3.96', async () => {
    const yaml = 'repositories: {a: {type: hosted, pathEnabled: true, httpPort: 8082}}'
    expect(placed(await loadText(`nexus: {version: 3.90.0}\n${yaml}`))).toMatchObject([
      { code: 'path-and-port', severity: 'warning' },
    ])
    expect(placed(await loadText(`nexus: {version: 3.96.0}\n${yaml}`))).toMatchObject([
      { code: 'path-and-port', severity: 'error' },
    ])
    // Where there is none, that alone is what is wrong.
    expect(placed(await loadText(`nexus: {version: 3.77.0}\n${yaml}`))).toMatchObject([
      { code: 'not-offered', path: 'repositories.a.pathEnabled' },
    ])
  })
})

test('the file with every field writes every field of the kinds in it', async () => {
  const { config } = await loadText(everyField, { environment: environmentFor(everyField) })
  const { objects } = defined(config)
  const unwritten = allFields().filter(({ kind, path, field }) => {
    const specs = objects.filter((object) => object.kind === kind.kind).map(({ spec }) => spec)
    if (field.section || field.options.intent || kind.kind === 'realms' || specs.length === 0) return false
    return !specs.some((spec) => hasPath(spec, path.split('.')))
  })
  expect(unwritten.map(({ kind, path }) => `${kind.kind}.${path}`)).toEqual([])
})

function hasPath(value: unknown, [step, ...rest]: string[]): boolean {
  if (step === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false
  return hasPath((value as Record<string, unknown>)[step], rest)
}

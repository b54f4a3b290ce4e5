import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plain } from '../../src/core/paint.ts'
import type { Problem } from '../../src/core/problem.ts'
import { looksSecret } from '../../src/core/secrets/secret-words.ts'
import { renderProblems } from '../../src/report/problems.ts'
import { kinds } from '../../src/resources/index.ts'

const canary = 'hunter2'

/** All lines of the text as frames show them. */
function shown(text: string): string[] {
  const lines = text.split('\n')
  let start = 0
  const problems = lines.map((line): Problem => {
    const span = { file: 'f.yml', start, end: start + line.length }
    start += line.length + 1
    return { severity: 'error', code: 'any', message: 'm', path: '', span }
  })
  const rendered = renderProblems(problems, [{ name: 'f.yml', text }], plain)
  return [...rendered.matchAll(/^ {2}\d+ \| ?(.*)$/gm)].map((match) => match[1] ?? '')
}

describe('which words are secrets', () => {
  test.each([
    'password',
    'Password',
    'PASSWORD',
    'passwd',
    'NEXUS_PASSWORD',
    'adminPassword',
    'initialPassword',
    'secret',
    'clientSecret',
    'token',
    'bearerToken',
    'session-token',
    'sessionToken',
    'secretAccessKey',
    'credential',
    'credentials',
    'passphrase',
    'pwd',
    'pasword',
    'passwrd',
    'passwort',
    'pssword',
    'passowrd',
    'paswrd',
    'adminPasword',
    'secert',
    'tokn',
    'bearerTokn',
    'beaerToken',
    'secretAcessKey',
    'credentails',
    'apiKey',
    'passsword',
    'passworld',
  ])('%s', (word) => {
    expect(looksSecret(word)).toBe(true)
  })

  test.each([
    'httpPort',
    'remoteUrl',
    'members',
    'blobStore',
    'repositories',
    'username',
    'user',
    'realms',
    'host',
    'path',
    'keyword',
    'write',
    'type',
    'docker',
    'exclude',
    'accessKeyId',
    'authentication',
    'ensure',
    'forceBasicAuth2',
    'version',
    'nexus',
    'proxy',
  ])('%s is none', (word) => {
    expect(looksSecret(word)).toBe(false)
  })
})

describe('what must not be shown', () => {
  test.each([
    'password: hunter2',
    'password:   hunter2   # comment',
    'password: "hunter2"',
    "password: 'hunter2'",
    "password: 'it''s hunter2'",
    'password: "a \\" hunter2"',
    'password: "hunter2',
    "password: 'x' hunter2",
    'password: #hunter2',
    'password: @hunter2',
    'password: *hunter2',
    'password: &hunter2',
    'password: !hunter2',
    'password: !!str hunter2',
    'password: &p hunter2',
    'password: |hunter2',
    'password: a: hunter2',
    'password: a#b: hunter2',
    'password: {hunter2',
    'password: {a: hunter2}',
    'password: [hunter2]',
    'password: {env: X} hunter2',
    'password: {env: X hunter2}',
    'password: {env: X, default: hunter2}',
    'password: ${X}hunter2',
    'password: ${X:-hunter2}',
    'password: "${X:-hunter2}"',
    'password: $X hunter2',
    'password:hunter2',
    'password hunter2',
    'password = hunter2',
    'password=hunter2',
    'password :hunter2',
    'password\thunter2',
    'password:\thunter2',
    '\tpassword: hunter2',
    '"password": "hunter2"',
    "'password':hunter2",
    '"password" "hunter2"',
    '? password : hunter2',
    '- password: hunter2',
    '- - password: hunter2',
    '# password: hunter2',
    'my password: hunter2',
    'adminPasword: hunter2',
    'bearerTokn: hunter2',
    'nexus: {username: admin, password: hunter2}',
    'nexus: {password: hunter2, username: admin}',
    'nexus: {password: "hunter2", username: admin}',
    'nexus: {password: "hunter2, username: admin}',
    "nexus: {password: 'hunter2, username: admin}",
    'nexus: {"password":"hunter2"}',
    'nexus: {password: ab}hunter2, username: admin}',
    'nexus: {password: ab,hunter2, username: admin}',
    'nexus: {password: ab]hunter2}',
    'nexus: {password: "ab"hunter2, username: admin}',
    'nexus: {password: "ab" hunter2, username: admin}',
    'nexus: {password: ${X}hunter2, username: admin}',
    'nexus: {password: {env: X}hunter2, username: admin}',
    'nexus: {password: &p hunter2, username: admin}',
    'nexus: {password:hunter2, username: admin}',
    'nexus: {password hunter2, username: admin}',
    'nexus: {password: a, token: hunter2}',
    'nexus: [{password: a}, {password: hunter2}]',
    'password: 密码hunter2',
    'proxy_pass hunter2',
    'proxy_pass: https://hunter2',
    'proxy_pass=https://hunter2',
    'proxy_pass https://u:hunter2@nexus;',
    'db_pass https://hunter2',
    'url: https://admin:hunter2@host/',
    'url: "https://admin:a:b/hunter2@host/"',
    'url: https://hunter2@host/',
    'url: ${URL:-http://admin:hunter2@localhost:8081}',
    'url: https://admin:p@ss@hunter2@host',
    'urls: [https://a.example, https://u:hunter2@b.example]',
    'url: http:/admin:hunter2@host',
    'url: http:admin:hunter2@host',
    'url: "http:\\\\\\\\admin:hunter2@host"',
    'url: admin:hunter2@host',
    'url: ":hunter2@host"',
    'url: https://admin:a hunter2@host',
    'url: https://admin: hunter2@host',
    'url: https://admin:hunter2',
    'a: {url: "https://admin:a/hunter2"}',
  ])('%s', (line) => {
    const lines = shown(`version: 1\n${line}\nrealms: {}`)
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).not.toContain(canary)
    expect(lines[1]).toContain('***')
    expect([lines[0], lines[2]]).toEqual(['version: 1', 'realms: {}'])
  })

  test.each([
    'password: |\n  hunter2\n  more hunter2\n\n  hunter2',
    'password: >-\n    x\n  hunter2',
    'password: |\nhunter2',
    'password: |2\nhunter2 and\nmore hunter2',
    'password:\n  hunter2',
    'password:\nhunter2',
    'password:\n\n\n  hunter2',
    'password:\n  # why\n  hunter2',
    'password: # why\n  hunter2',
    'password:\n- hunter2',
    'password:\n  - a\n  - hunter2',
    'password:\n  value: hunter2',
    'password:\n  env: X\n  default: hunter2',
    'password: a\n  hunter2',
    'password: a\nhunter2',
    'password: "a\n  url: hunter2"',
    'password: "a\nurl: b\nhunter2"',
    "password: 'a\n\n  b: hunter2'",
    '- password: "a\n  hunter2"',
    '- name: x\n  password: |\n    hunter2',
    'nexus: {username: x, password:\n  hunter2}',
    'nexus: {username: x, password: [\nhunter2]}',
    'nexus: {username: x, password: "a\n hunter2"}',
    'nexus: {username: x, password: a\n hunter2}',
    'nexus:\n  password:\n    - hunter2\n  url: x',
    '? password\n: hunter2',
    'password\n  hunter2',
    'password: |\n  -----BEGIN KEY-----\n  Proc-Type: 4, hunter2\n  hunter2\n  -----END KEY-----',
    'token: a\\\n  hunter2',
  ])('over several lines: %j', (text) => {
    expect(shown(`version: 1\n${text}\n`).join('\n')).not.toContain(canary)
  })

  test('CRLF and a lone CR', () => {
    const text = 'a: 1\r\npassword: |\r\n  hunter2\r\nb: 1\r'
    const problems = [13, 24].map((start): Problem => {
      return {
        severity: 'error',
        code: 'any',
        message: 'm',
        path: '',
        span: { file: 'f', start, end: start + 1 },
      }
    })
    expect(renderProblems(problems, [{ name: 'f', text }], plain)).not.toContain(canary)
  })

  const before = [
    'a: 1',
    'x: "',
    "y: 'it",
    'z: {',
    'l: [',
    '- ',
    '  k:',
    '}',
    ']',
    '',
    'b: |',
    '# ',
    'q: "x" {',
    '\t',
    '? ',
    '---',
  ]
  const values = [
    'hunter2',
    '"hunter2"',
    "'hunter2'",
    '|\n  hunter2',
    '>\n hunter2',
    '"a\n hunter2"',
    'a,hunter2',
    '"hunter2',
    '[hunter2',
  ]

  test('wherever the key stands, and whatever is broken around it', () => {
    const noise = fc.array(fc.constantFrom(...before, ' ', '  ', '\n', ', ', ': '), { maxLength: 8 })
    const key = fc.constantFrom('password', '"password"', 'bearerToken', 'pasword', 'client_secret')
    const document = fc.tuple(
      noise,
      key,
      fc.constantFrom(': ', ':', ':  '),
      fc.constantFrom(...values),
      noise,
    )
    fc.assert(
      fc.property(document, ([head, name, colon, value, tail]) => {
        expect(shown(`${head.join('')} ${name}${colon}${value}\n${tail.join('')}`).join('\n')).not.toContain(
          canary,
        )
      }),
      { numRuns: 2000, seed: 7 },
    )
  })
})

describe('what stays readable', () => {
  test.each([
    ['password: {env: NEXUS_PASSWORD}'],
    ['password: {file: /run/secrets/nexus}   # mounted'],
    ['password: ${NEXUS_PASSWORD}'],
    ['password: "${NEXUS_PASSWORD}"'],
    ['nexus: {password: {env: NEXUS_PASSWORD}, url: x}'],
    ['nexus: {password: "${NEXUS_PASSWORD}", url: x}'],
    ['realms: {ensure: [DockerToken, LdapRealm]}'],
    ['realms: {ensure: ["DockerToken", "LdapRealm"]}'],
    ['remoteUrl: https://registry-1.docker.io/v2/'],
    ['a: {remoteUrl: "https://host:5000/v2/", url: https://[::1]:8081}'],
    ['url: http://${HOST:-localhost}:8081'],
    ['image: repo@sha256:0123'],
    ['mail: me@example.com'],
    ['    proxy_pass http://nexus_8081$request_uri;'],
    ['    proxy_pass "https://nexus_8081/a b$request_uri";'],
    ['    proxy_pass $nexus_1$request_uri;'],
    ['username: admin'],
    ['a: { type: hosted, forceBasicAuth: 5 }'],
    ['a: { type: hosted, forceBasicAuth: false, httpPort: 99999 }'],
    ['forceBasicAuth: null'],
    ['basicAuth: true'],
  ])('%s', (line) => {
    expect(shown(line)).toEqual([line])
  })

  test('what stands beside and after a secret', () => {
    expect(
      shown('nexus:\n  password: a b\n  url: x\nn: {password: "a, b", port: 1}\nl: [{token: a}, {port: 2}]'),
    ).toEqual([
      'nexus:',
      '  password: ***',
      '  url: x',
      'n: {password: ***, port: 1}',
      'l: [{token: ***}, {port: 2}]',
    ])
    expect(shown('password: |\n  a\n  b\nurl: x')).toEqual(['password: ***', '  ***', '  ***', 'url: x'])
    expect(shown('password:\n  env: NAME\nurl: https://u:p@h/p')).toEqual([
      'password:',
      '  env: NAME',
      'url: https://u:***@h/p',
    ])
    expect(shown('- password: a\n  port: 1\n- port: 2')).toEqual([
      '- password: ***',
      '  port: 1',
      '- port: 2',
    ])
  })
})

test('a switch is shown beside a secret that is hidden', () => {
  expect(shown('a: { forceBasicAuth: 5, password: hunter2, online: false, auth: hunter2 }')).toEqual([
    'a: { forceBasicAuth: 5, password: ***, online: false, auth: *** }',
  ])
})

test('long lines and many secrets take no time', () => {
  const started = performance.now()
  shown(`${'{ '.repeat(1000)}${'password: a, '.repeat(220)}\n`.repeat(200))
  shown(`a: {${'password: x, '.repeat(50_000)}}`)
  shown(`${'/'.repeat(200_000)}\n${'token" '.repeat(50_000)}\n${' '.repeat(200_000)}x`)
  shown('password: "\n'.repeat(5000))
  expect(performance.now() - started).toBeLessThan(10_000)
})

describe('what stands beside a secret is shown', () => {
  const others = [
    'forceBasicAuth: 5',
    'forceBasicAuth: false',
    'httpPort: 99999',
    'type: bearerToken',
    'index: hubb',
    'useTrustStore: yes',
    'online: null',
    'writePolicy: ALLOW_ONCE',
    'members: [DockerToken]',
  ]
  const secrets = [
    `password: ${canary}`,
    `authentication: { username: robot, password: ${canary} }`,
    `bearerToken: "${canary}"`,
    `pasword: '${canary}'`,
  ]

  test.each(secrets)('%s', (secret) => {
    for (const other of others) {
      for (const parts of [
        [other, secret],
        [secret, other],
        [other, secret, other],
      ]) {
        const [line = ''] = shown(`  a: { ${parts.join(', ')} }`)
        expect(line).toContain(other)
        expect(line).not.toContain(canary)
      }
    }
  })

  test('no key of the tool but the secrets themselves reads like one', () => {
    const words = kinds.all.flatMap(({ fields }) =>
      Object.entries(fields).map(([path, { options }]) => ({
        word: path.split('.').at(-1) ?? '',
        secret: options.secret,
      })),
    )
    expect(words.filter(({ word, secret }) => !secret && looksSecret(word))).toEqual([])
    expect(words.filter(({ word, secret }) => secret && !looksSecret(word))).toEqual([])
  })
})

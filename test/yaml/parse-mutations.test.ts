import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interpolate } from '../../src/config/interpolation/interpolate.ts'
import { overlay } from '../../src/config/overlay.ts'
import { plain } from '../../src/core/paint.ts'
import type { Problem, SourceFile } from '../../src/core/problem.ts'
import { renderProblems } from '../../src/report/problems.ts'
import { type Located, toPlain } from '../../src/yaml/located.ts'
import { parseYaml } from '../../src/yaml/parse.ts'

const examples = [
  `# yaml-language-server: $schema=./nexus-docker.schema.json
version: 1
nexus:
  url: \${NEXUS_URL:-http://localhost:8081}
  username: \${NEXUS_USERNAME:-admin}
  password: \${NEXUS_PASSWORD}            # unset: an error
bootstrap:
  initialPassword: {file: /nexus-data/admin.password}
  acceptEula: true
httpProxy:
  http: {host: 127.0.0.1, port: 30888}
  exclude: ["*.aliyuncs.com", "localhost", "10.*"]
realms: {ensure: [DockerToken]}
blobStores:
  blob-docker: {type: file, path: blob-docker, quota: {type: spaceRemaining, limit: 10 GiB}}
repositories:
  docker-hosted: {type: hosted, blobStore: blob-docker, httpPort: 8083, writePolicy: allow-once}
  k8s:           {type: proxy, upstream: registry.k8s.io, blobStore: blob-docker}
  docker:        {type: group, blobStore: blob-docker, httpPort: 8082, members: [docker-hosted, k8s]}
`,
  `---
x-defaults: &defaults
  blobStore: "blob\\u002ddocker"
  online: true
x-more: &more {strictContentTypeValidation: false, httpPort: 0o17620}
repositories:
  a:
    <<: [*defaults, *more]
    description: |
      text with \${NAME:?must be set} and $\${escaped}

      more
  b:
    <<: *defaults
    remoteUrl: >-
      https://example.com/
      path
    'quo''ted': "multi
      line"
    list:
    - 1
    - ~
    - *defaults
    ? explicit
    : value
...
`,
  'a: 1\r\nb:\r\n  - {c: "d", e: [1, 2.5, .inf]}\r\n\r\n# end\r\n',
]

const fragments = [
  '\t',
  '\n',
  '\r',
  ' ',
  ': ',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '!t ',
  '|',
  '>',
  '<<: ',
  '${',
  '}',
  '${A:-',
  '? ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '\0',
  '\uFEFF',
  '\uFFFD',
  '\ud83d',
  '🐳',
  '__proto__: ',
  '@',
  '`',
  '\\',
  'x-y: ',
  '['.repeat(90),
  '{a: '.repeat(110),
  'x'.repeat(3000),
  "'".repeat(2001),
  '\\'.repeat(2001),
  ' '.repeat(3000),
  '- '.repeat(60),
]

interface Edit {
  at: number
  remove: number
  insert: string
}

const edit = fc.record({
  at: fc.nat(4000),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(80)),
  insert: fc.oneof(
    fc.constantFrom(...fragments),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.tuple(fc.constantFrom(...examples), fc.nat(4000), fc.nat(200)).map(([text, at, length]) => {
      const start = at % text.length
      return text.slice(start, start + length)
    }),
    fc.constant(''),
  ),
})

const mutated = fc
  .record({
    text: fc.constantFrom(...examples),
    edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
    truncate: fc.option(fc.nat(4000), { freq: 4 }),
  })
  .map(({ text, edits, truncate }) => {
    const changed = edits.reduce(apply, text)
    return truncate === null ? changed : changed.slice(0, truncate % (changed.length + 1))
  })

function apply(text: string, { at, remove, insert }: Edit): string {
  const start = at % (text.length + 1)
  return text.slice(0, start) + insert + text.slice(start + remove)
}

function run(source: SourceFile): { root: Located | undefined; problems: Problem[] } {
  const parsed = parseYaml(source)
  if (!parsed.root) return parsed
  const laid = overlay(parsed.root, parsed.root)
  const environment = { NEXUS_PASSWORD: 'x', A: '1' }
  const options = { isSecret: () => false, isSpared: () => false }
  const done = interpolate(laid, environment, options, [source])
  return { root: done.root, problems: [...parsed.problems, ...done.problems] }
}

test.each(examples)('the example itself is accepted: %#', (text) => {
  const { root, problems } = run({ name: 'f.yml', text: text.replace('${NAME:?must be set}', '') })
  expect(problems).toEqual([])
  expect(root?.kind).toBe('map')
})

function isPlaced({ span, hint, message }: Problem, text: string): boolean {
  if (span?.file !== 'f.yml' || !hint || /[.\n]$/.test(message)) return false
  return span.start >= 0 && span.start <= span.end && span.end <= text.length
}

test('500 mutated files: no crash, no hang, every rejection has a place in the file', () => {
  let rejected = 0
  let binary = 0
  fc.assert(
    fc.property(mutated, (text) => {
      const source = { name: 'f.yml', text }
      const started = performance.now()
      const { root, problems } = run(source)
      const rendered = renderProblems(problems, [source], plain)
      expect(performance.now() - started).toBeLessThan(10_000)
      if (problems.length > 0) rejected += 1
      if (problems.some(({ code }) => code === 'not-text' || code === 'not-utf8')) binary += 1
      if (root) JSON.stringify(toPlain(root))
      else expect(problems.some(({ severity }) => severity === 'error')).toBe(true)
      expect(problems.filter((problem) => !isPlaced(problem, text))).toEqual([])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    }),
    { numRuns: 500, seed: 42 },
  )
  // The mutations must neither be harmless nor all be caught by the check for binary files.
  expect(rejected - binary).toBeGreaterThan(250)
  expect(rejected).toBeLessThan(500)
})

test('500 files of random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1')
      const { root, problems } = run({ name: 'f.yml', text })
      expect(root !== undefined || problems.length > 0).toBe(true)
    }),
    { numRuns: 500, seed: 42 },
  )
})

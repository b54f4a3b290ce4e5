// Files that are made to take long: each ends with problems or a result, in time and memory that its size bounds.
// What went wrong once: stacks that overflow from 120,000 problems on, searches inside of searches, patterns that backtrack.
import { expect, test } from 'vitest'
import { type Hostile, textOf, validateLarge } from './hostile-text.ts'
import { loadText } from './load-text.ts'

const repositories = 'repositories:\n'
const list = (field: string) => `repositories:\n  g: {type: group, ${field}: [`
const nexus = 'nexus: {username: "'

const hostile: Hostile[] = [
  { unit: 'k%:\n', code: 'unknown-key' },
  { unit: 'k:\n', code: 'duplicate-key', size: 400_000 },
  { head: '{', unit: 'k%,', tail: '}', code: 'unknown-key' },
  { unit: ']', code: 'yaml-syntax' },
  { unit: '"', code: 'yaml-syntax' },
  { unit: '? ', code: 'yaml-depth' },
  { head: "a: ', b: }\nc: '", unit: "''", tail: 'x', code: 'yaml-unclosed' },
  { head: 'c: }\na: "', unit: '\\\\', tail: 'x"', code: 'yaml-syntax' },
  { head: 'a: {', unit: ': ', tail: '}', code: 'yaml-syntax' },
  { head: 'a: [', unit: `${'['.repeat(95)}${']'.repeat(95)},`, tail: ']', code: 'unknown-key' },
  { head: 'a:\n', unit: '- &a% 1\n- *b%\n', code: 'yaml-alias' },
  { head: 'x-a: &a {b: 1}\n', unit: '<<: *a\n', code: 'duplicate-key' },
  {
    head: `x-d: &d ${'['.repeat(60)}${']'.repeat(60)}\na: [`,
    unit: `${'['.repeat(45)}*d${']'.repeat(45)},`,
    tail: ']',
    code: 'yaml-alias',
  },
  { head: 'a:\n', unit: '- ${}\n', code: 'bad-interpolation' },
  { head: nexus, unit: '${LONG}', tail: '"}', code: 'bad-interpolation' },
  { head: 'nexus: {password: "', unit: 'aaaaaaaa\\n', tail: '"}', code: 'secret-too-long' },
  { head: list('members'), unit: 'm,', tail: ']}', code: 'repeated-item', size: 260_000 },
  {
    head: repositories,
    unit: '  g%: {type: group, members: [z], writableMember: z}\n',
    tail: '  z: {type: proxy, upstream: quay.io}\n',
    code: 'writable-member',
  },
  { head: repositories, unit: '  g%: {type: group, members: [g%0, g%1, g0]}\n', code: 'member-missing' },
  { head: repositories, unit: '  r%: {type: hosted, k%: 1}\n', code: 'unknown-key' },
  { head: 'blobStores:\n', unit: '  s%: {path: a/b/c}\n', code: 'blob-store-path' },
  {
    head: 'blobStores:\n  a: {path: "',
    unit: '/b',
    tail: '"}\n  b: {path: "/b/b"}\n',
    code: 'blob-store-path',
  },
  {
    head: 'blobStores:\n  a: {quota: {type: spaceRemaining, limit: "1',
    unit: ' ',
    tail: '1"}}',
    code: 'invalid-value',
  },
  { head: 'blobStores:\n  ? "', unit: 'w', tail: '"\n  : {}\n', code: 'yaml-syntax' },
  { head: 'repositories:\n  a: {type: hosted, httpPort: ', unit: '9', tail: '}', code: 'invalid-value' },
  {
    head: 'routingRules:\n  r: {mode: block, matchers: ["',
    unit: '*',
    tail: '"]}',
    code: 'invalid-pattern',
  },
  { head: 'httpProxy: {http: {host: "a', unit: '-', tail: '!", port: 1}}', code: 'invalid-host' },
]

test.each(hostile.map((file) => ({ ...file, shown: JSON.stringify(file.unit.slice(0, 30)) })))(
  '$code out of $shown',
  async (file) => {
    const environment = { LONG: 'x'.repeat(10_000) }
    const { problems, config } = await loadText(textOf(file), { environment })
    expect(problems.map(({ code }) => code)).toContain(file.code)
    expect(config).toBeUndefined()
    // Nothing is multiplied: what is said of a file is no larger than some times the file.
    const said = problems.reduce(
      (sum, { message, hint, path }) => sum + message.length + (hint ?? '').length + path.length,
      0,
    )
    expect(said).toBeLessThan(100_000_000)
  },
  60_000,
)

test('a circle of ten thousand groups is told shortly, each time', async () => {
  const chain = Array.from({ length: 10_000 }, (_, n) => `  g${n}: {type: group, members: [g${n + 1}]}\n`)
  const members = Array.from({ length: 10_000 }, (_, n) => `g${n}`).join()
  const { problems } = await loadText(
    `repositories:\n${chain.join('')}  g10000: {type: group, members: [${members}]}\n`,
  )
  const cycles = problems.filter(({ code }) => code === 'member-cycle')
  expect(cycles).toHaveLength(10_000)
  expect(cycles[0]?.message).toMatch(/^group "g0" contains itself: g0 → g1 → .* → g9 → … 9991 more → g0$/)
  expect(Math.max(...cycles.map(({ message }) => message.length))).toBeLessThan(200)
}, 60_000)

// The densest and the thinnest; more of them are in test/slow/hostile.test.ts.
test.each<Hostile>([
  { unit: '[],', head: 'a: [', code: 'file-too-large' },
  { unit: `# ${'x'.repeat(200)}\n`, tail: 'blobStores: {a: {}}\n', code: '' },
])('16 MiB of $unit through the program', validateLarge, 120_000)

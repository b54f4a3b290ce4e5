// Files that are made to take long: each ends with problems or a result, in time and memory that its size bounds.
// What went wrong once: stacks that overflow from 120,000 problems on, searches inside of searches, patterns that backtrack.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folderWith } from '../helpers/run-cli.ts'
import { loadText } from './load-text.ts'

const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))

/** `head`, the unit as often as it fits (`%` in it is its number), `tail`. */
interface Hostile {
  head?: string
  unit: string
  tail?: string
  code: string
  size?: number
}

function textOf({ head = '', unit, tail = '', size = 120_000 }: Hostile): string {
  const parts = [head]
  const numbered = unit.includes('%')
  for (let length = head.length + tail.length, n = 0; length + unit.length + 6 < size; n++) {
    const part = numbered ? unit.replaceAll('%', String(n)) : unit
    parts.push(part)
    length += part.length
  }
  return parts.join('') + tail
}

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
  { head: list('members'), unit: 'm,', tail: ']}', code: 'repeated-item', size: 400_000 },
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
    head: 'repositories:\n  g: {type: proxy, upstream: quay.io, foreignLayerUrlWhitelist: ["',
    unit: '(',
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

// The heap is limited, so that what needs more ends the process; a quiet machine takes two seconds for each.
describe('16 MiB through the program', () => {
  test.each<Hostile>([
    { unit: '[],', head: 'a: [', code: 'file-too-large' },
    { unit: '\n', code: 'file-too-large' },
    { unit: 'k%: 1\n', code: 'file-too-large' },
    { unit: 'x', head: 'a: "', code: 'yaml-unclosed' },
    { unit: `# ${'x'.repeat(200)}\n`, tail: 'blobStores: {a: {}}\n', code: '' },
  ])(
    '$unit',
    (file) => {
      const path = join(folderWith({}), 'repos.yml')
      writeFileSync(path, textOf({ ...file, size: 16 * 1024 * 1024 }))
      const { status, stdout } = spawnSync(
        process.execPath,
        ['--max-old-space-size=900', bin, 'validate', '-o', 'json', '-f', path],
        { encoding: 'utf8', timeout: 100_000, maxBuffer: 1e9 },
      )
      const { problems } = JSON.parse(stdout) as { problems: { code: string }[] }
      expect(problems.map(({ code }) => code)).toEqual(file.code === '' ? [] : [file.code])
      expect(status).toBe(file.code === '' ? 0 : 3)
    },
    120_000,
  )
})

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { kinds } from '../../../src/resources/index.ts'
import { wrongFiles } from '../wrong/wrong-files.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

function sourcesIn(folder: string): string[] {
  return readdirSync(`${root}/src/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${root}/src/${folder}/${name}`, 'utf8'))
}

function literals(sources: readonly string[], pattern: RegExp): Set<string> {
  return new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')))
}

/** Words with a hyphen in the configuration's sources that are no codes. */
const otherWords = new Set([
  'double-quoted-scalar',
  'single-quoted-scalar',
  'flow-collection',
  'utf-8',
  'x-accept',
  'custom',
])

/** What a kind says when something refers to a name that its section lacks. */
const referenceCodes = kinds.all.flatMap(({ naming }) => (naming?.section ? [naming.missing] : []))

/** What kinds say of a server, not of a file. */
const serverCodes = new Set([
  'eula-not-accepted',
  'unknown-realm',
  'port-taken',
  'member-format',
  'cleanup-policy-format',
])

const ruleCodes = [
  ...literals(['resources', 'intents'].flatMap(sourcesIn), /\bcode: '([a-z]+(?:-[a-z0-9]+)*)'/g),
].filter((code) => !serverCodes.has(code))

const configCodes = [
  ...new Set([
    ...literals(['config', 'yaml'].flatMap(sourcesIn), /'([a-z0-9]+(?:-[a-z0-9]+)+)'/g),
    ...literals(sourcesIn('edge'), /'(edge-[a-z-]+)'/g),
    ...ruleCodes,
    ...referenceCodes,
  ]),
].filter((word) => !otherWords.has(word) && !serverCodes.has(word))

const otherSources = ['http', 'nexus', 'apply', 'plan', 'resources', 'run', 'commands', 'state'].flatMap(
  sourcesIn,
)
const otherCodes = [
  ...literals(otherSources, /\b(?:code|missing): '([a-z]+(?:-[a-z0-9]+)*)'/g),
  ...literals(otherSources, /\b(?:UserError|fail|failure)\(\s*'([a-z]+(?:-[a-z0-9]+)*)'/g),
  ...[...literals(otherSources, /'((?:ca|client)-(?:cert|key))'/g)].map((what) => `invalid-${what}`),
]

const documented = [
  ...readFileSync(`${root}/docs/reference/problems.md`, 'utf8').matchAll(/^\| `([a-z0-9-]+)` *\|/gm),
].map((match) => match[1] ?? '')

/** Codes of files that cannot be read: they have rows of their own in wrong-files.test.ts. */
const unreadable = ['cannot-read', 'no-files', 'stdin-twice', 'not-utf8', 'file-too-large']
/** Told of what a server has, never of a file alone: test/plan/server-rules.test.ts. */
const ofServers = ['offline']

test('every code of the configuration has a wrong file that shows it', () => {
  const shown = new Set([...wrongFiles.map(({ code }) => code), ...unreadable, ...ofServers])
  expect(configCodes.length).toBeGreaterThan(60)
  expect(configCodes.filter((code) => !shown.has(code))).toEqual([])
  expect([...shown].filter((code) => !configCodes.includes(code))).toEqual([])
})

test('docs/reference/problems.md has every code once, and no other', () => {
  const known = new Set([...configCodes, ...otherCodes])
  expect([...known].filter((code) => !documented.includes(code)).sort()).toEqual([])
  const all = [...sourcesIn('.')].join('\n')
  const spelled = (code: string) => all.includes(`'${code}'`) || known.has(code)
  expect(documented.filter((code) => !spelled(code))).toEqual([])
  expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([])
})

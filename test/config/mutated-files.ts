import fc from 'fast-check'
import { expect } from 'vitest'
import { environmentFor, exampleFiles } from './example-files.ts'
import { loadText, placed } from './load-text.ts'

export const environment = environmentFor(exampleFiles().join())

/** One change of a text, as an editor's slip or a bad merge makes it. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: fc.constantFrom(...snippets()) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constantFrom('drop-line' as const, 'twice' as const, 'indent' as const, 'dedent' as const),
    at: fc.nat(),
  }),
  fc.record({ kind: fc.constant('swap' as const), at: fc.nat(), other: fc.nat() }),
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(), text: fc.constantFrom(...words()) }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function snippets(): string[] {
  return [
    ...[
      ':',
      ' ',
      '\t',
      '\n',
      '\r',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '#',
      '-',
      '*',
      '&',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      '~',
    ],
    ...[
      '${',
      '${A',
      '${A:-',
      '$${',
      '\u0000',
      '\ufeff',
      '\u{1f980}',
      '<<: *a\n',
      '---\n',
      '? ',
      '- ',
      '{env: ',
      '__proto__: ',
    ],
    // Limits: depth, length of a key and of a secret, what aliases and variables add.
    ...[
      '['.repeat(99),
      '{a: '.repeat(120),
      '- '.repeat(150),
      'x'.repeat(70_000),
      '"'.repeat(5000),
      ' '.repeat(20_000),
      '${PATH}'.repeat(2000),
      'x-a: &a [*a, *a]\n',
      '<<: [*a, *a, {b: 1}]\n',
      '\n'.repeat(5000),
    ],
  ]
}

function words(): string[] {
  return [
    ...[
      'null',
      'true',
      '0',
      '-1',
      '65536',
      '1e99',
      '3.5',
      '""',
      '[]',
      '{}',
      '[a, b]',
      '{file: /}',
      '{env: PATH}',
      '*x',
      '"${X}"',
    ],
    ...[
      '.inf',
      '-.inf',
      '.nan',
      '1e400',
      '-0',
      '0x7fffffffffffffff',
      '99999999999999999999',
      '9999999999 TiB',
      '1e30',
      '{file: /dev/zero}',
      '{file: /dev/null}',
    ],
    ...[
      'hosted',
      'proxy',
      'group',
      'docker-hub',
      'members',
      'external',
      'password',
      'constructor',
      '__proto__',
      'Ünïcode',
      '<<',
    ],
  ]
}

function mutate(text: string, change: Mutation): string {
  const at = change.at % (text.length + 1)
  if (change.kind === 'byte') {
    const bytes = Buffer.from(text)
    bytes[change.at % bytes.length] = change.byte
    return bytes.toString('latin1')
  }
  if (change.kind === 'insert') return text.slice(0, at) + change.text + text.slice(at)
  if (change.kind === 'cut') return text.slice(0, at) + text.slice(at + change.length)
  if (change.kind === 'end') return text.slice(0, at)
  if (change.kind === 'word') return replaceWord(text, change.at, change.text)
  return mutateLines(text.split('\n'), change).join('\n')
}

function replaceWord(text: string, at: number, word: string): string {
  const found = [...text.matchAll(/[\w.\-/]+/g)]
  const chosen = found[at % found.length]
  return chosen ? text.slice(0, chosen.index) + word + text.slice(chosen.index + chosen[0].length) : word
}

function mutateLines(lines: string[], change: Mutation): string[] {
  const at = change.at % lines.length
  const line = lines[at] ?? ''
  if (change.kind === 'drop-line') return lines.toSpliced(at, 1)
  if (change.kind === 'twice') return lines.toSpliced(at, 0, line)
  if (change.kind === 'indent') return lines.with(at, `  ${line}`)
  if (change.kind === 'dedent') return lines.with(at, line.replace(/^ {1,2}/, ''))
  if (change.kind !== 'swap') return lines
  const other = change.other % lines.length
  return lines.with(at, lines[other] ?? '').with(other, line)
}

/** An example after one to four slips. */
export const mutatedFiles = fc
  .tuple(fc.constantFrom(...exampleFiles()), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) => changes.reduce(mutate, text))

/** A hang, not a slow machine: a quiet one needs some 20 ms for the worst. */
const longestMs = 10_000

/** What came out of many files: how many were accepted, and every code that was told. */
export interface Seen {
  accepted: number
  codes: Set<string>
}

/** Loads a file that may be wrong: no crash, no hang, and every problem has a place in it. */
export async function expectPlacedProblems(text: string, seen: Seen): Promise<void> {
  const start = performance.now()
  const loaded = await loadText(text, { environment, lenientSecrets: false })
  expect(performance.now() - start).toBeLessThan(longestMs)
  const lines = (loaded.sources[0]?.text ?? '').split(/\r\n|\r|\n/)
  for (const { file, line, column, message, code } of placed(loaded)) {
    expect({ file, message }).toMatchObject({ file: '-', message: expect.stringMatching(/\S/) as string })
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[(line ?? 0) - 1]?.length ?? 0) + 1)
    seen.codes.add(code)
  }
  const errors = loaded.problems.some(({ severity }) => severity === 'error')
  expect(loaded.config === undefined).toBe(errors)
  if (loaded.config) seen.accepted += 1
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { harmlessLines, printable, printableJson } from '../../src/core/printable.ts'
import { forgedCommands, hostileTexts, rawControls } from '../helpers/hostile/hostile.ts'

const pieces = fc.constantFrom(
  ...hostileTexts,
  ...hostileTexts.flatMap((text) => Array.from(text)),
  '::',
  ' ',
  '##[',
  'é',
  '🦀',
)
const hostile = fc
  .array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((all) => all.join(''))

describe('a text for one line', () => {
  it('has nothing in it but text, and stays as it is afterwards', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printable(text)
        expect(rawControls(shown)).toEqual([])
        expect(shown).not.toContain('\n')
        expect(printable(shown)).toBe(shown)
      }),
    )
  })

  it('shows what is text, a line break as a space', () => {
    expect(printable('Grüße 値 🦀\r\nnext\tcolumn\u2028x')).toBe('Grüße 値 🦀 next column x')
    expect(printable('a\u001b[2Jb\u009bc\u202Ed')).toBe('a\uFFFD[2Jb\uFFFDcd')
  })
})

describe('JSON', () => {
  it('is on one line, raw in nothing, and reads back as it was', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, value) => {
        const json = printableJson({ [key]: [value, 1, null] })
        expect(rawControls(json)).toEqual([])
        expect(forgedCommands(json)).toEqual([])
        expect(json).not.toContain('\n')
        expect(JSON.parse(json)).toEqual({ [key]: [value, 1, null] })
      }),
    )
  })
})

describe('finished lines', () => {
  it('hold no control and no command of somebody else, with our colours and without', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (text, colours) => {
        const lines = harmlessLines(`\u001b[31m${text}\u001b[39m\n${text}`, { colours })
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour is an escape sequence
        const withoutColours = colours ? lines.replace(/\u001b\[[\d;]*m/g, '') : lines
        expect(rawControls(withoutColours)).toEqual([])
        expect(forgedCommands(lines)).toEqual([])
      }),
    )
  })

  it('stay as they are where nothing is wrong with them', () => {
    const text = 'one: two\n  3 | a::b\n   |  ^^^\n# :: x'
    expect(harmlessLines(text, { colours: false })).toBe(text)
  })
})

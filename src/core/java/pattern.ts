import { isUnknownFamily, withoutQuotes } from './words.ts'

/**
 * Why Java's `Pattern.compile` refuses a text, in a few words; undefined for one that it takes. This follows the grammar of
 * java.util.regex.Pattern (Java 8 to 21) from left to right, for what JavaScript's own has and has not: `a*+`, `\Q…\E`, `(?i)`, `\p{Alpha}`,
 * `\h`, `[a&&b]`, `\z`. Where versions of Java differ, or it is not worth following (a look-behind's length, comments, names of characters), a text is taken.
 */
export function javaPatternProblem(text: string): string | undefined {
  const reader = new Reader(withoutQuotes(Array.from(text)))
  try {
    reader.alternatives()
    return reader.isAtEnd() ? undefined : 'a ")" closes nothing'
  } catch (error) {
    if (error instanceof Refused) return error.message
    if (error instanceof NotFollowed) return undefined
    throw error
  }
}

class Refused extends Error {}
class NotFollowed extends Error {}

/** Groups and classes inside of each other that are followed. */
const maximumDepth = 500

const isDigit = (letter: string) => /^[0-9]$/.test(letter)
const isHex = (letter: string) => /^[0-9a-f]$/i.test(letter)

/** Escapes that stand for a class of characters, or that are none of one but a place: neither begins nor ends a range. */
const classes = new Set(Array.from('dDhHsSvVwW'))
const places = new Set(Array.from('123456789ABGRXZbkz'))
/** Letters that mean nothing after a backslash, and are kept for later versions of Java. */
const reserved = new Set(Array.from('CEFIJKLMOPQTUYgijlmopqy'))
const single: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

class Reader {
  private at = 0
  private depth = 0
  private readonly names = new Set<string>()
  private readonly letters: readonly string[]

  constructor(letters: readonly string[]) {
    this.letters = letters
  }

  isAtEnd(): boolean {
    return this.at >= this.letters.length
  }

  private peek(ahead = 0): string {
    return this.letters[this.at + ahead] ?? ''
  }

  private next(): string {
    const letter = this.peek()
    this.at += 1
    return letter
  }

  private skip(letter: string): boolean {
    if (this.peek() !== letter) return false
    this.at += 1
    return true
  }

  private inside(read: () => void): void {
    this.depth += 1
    if (this.depth > maximumDepth) throw new NotFollowed()
    read()
    this.depth -= 1
  }

  /** Up to the end, or a ")" that belongs to whoever called. */
  alternatives(): void {
    while (!this.isAtEnd() && this.peek() !== ')') {
      if (this.skip('|')) continue
      if (this.item()) this.repetition()
    }
  }

  /** One thing that can be repeated; false for one that cannot, as `(?i)`. */
  private item(): boolean {
    const letter = this.peek()
    // Nothing, repeated: Java takes `{2}` by itself, and `a{2}{3}`.
    if (letter === '{') return true
    this.at += 1
    if ('*+?'.includes(letter)) throw new Refused(`there is nothing before the "${letter}" to repeat`)
    if (letter === '(') return this.group()
    if (letter === '[') this.inside(() => this.characterClass())
    else if (letter === '\\') this.escape(false)
    return true
  }

  private repetition(): void {
    if (this.skip('{')) this.counts()
    else if ('*+?'.includes(this.peek()) && !this.isAtEnd()) this.at += 1
    else return
    // Reluctant or possessive.
    if (this.peek() === '?' || this.peek() === '+') this.at += 1
  }

  private counts(): void {
    if (!isDigit(this.peek()))
      throw new Refused('a "{" does not start a number of repetitions; write "\\{" for the character')
    const least = this.number()
    const most = this.skip(',') && this.peek() !== '}' ? this.number() : Number.POSITIVE_INFINITY
    if (!this.skip('}')) throw new Refused('a "{" is never closed')
    if (most < least) throw new Refused('the numbers in "{…}" are in the wrong order')
  }

  private number(): number {
    let digits = ''
    while (isDigit(this.peek())) digits += this.next()
    return Number(digits)
  }

  private group(): boolean {
    if (this.skip('?') && !this.groupKind()) return false
    this.inside(() => this.alternatives())
    if (!this.skip(')')) throw new Refused('a "(" is never closed')
    return true
  }

  /** What follows `(?`; false where nothing is left of the group, as of `(?i)`. */
  private groupKind(): boolean {
    if (this.isAtEnd()) throw new Refused('a "(" is never closed')
    if (':=!>'.includes(this.peek())) this.at += 1
    else if (this.skip('<')) {
      if (this.peek() === '=' || this.peek() === '!') this.at += 1
      else this.define(this.groupName())
    } else return this.flags()
    return true
  }

  private flags(): boolean {
    let flags = ''
    while (/^[a-z-]$/i.test(this.peek())) flags += this.next()
    if (!/^[imsducxU]*(-[imsducxU]*)?$/.test(flags)) throw new Refused(`"(?${flags}" is not a kind of group`)
    // Comments and canonical equivalence change how all the rest is read.
    if (/^[^-]*[xc]/.test(flags)) throw new NotFollowed()
    if (this.skip(')')) return false
    if (!this.skip(':')) throw new Refused(`"(?${flags}" is not a kind of group`)
    return true
  }

  private groupName(): string {
    let name = ''
    while (/^[a-z0-9]$/i.test(this.peek())) name += this.next()
    if (!/^[a-z]/i.test(name) || !this.skip('>'))
      throw new Refused('a group name contains only letters and digits, and ends with ">"')
    return name
  }

  private define(name: string): void {
    if (this.names.has(name)) throw new Refused(`two groups are named "${name}"`)
    this.names.add(name)
  }

  /** From after its "[" to after its "]". `(a "]" that comes first is a character.)` */
  private characterClass(): void {
    this.skip('^')
    this.members(true)
    this.at += 1
  }

  /** Up to the "]" that ends the class; `needed`: whether there has to be a member. */
  private members(needed: boolean): void {
    let empty = needed
    while (empty || this.peek() !== ']') {
      if (this.isAtEnd()) throw new Refused('a "[" is never closed')
      if (this.skip('[')) this.inside(() => this.characterClass())
      else if (this.peek() === '&' && this.peek(1) === '&') {
        this.intersection(empty)
      } else this.range()
      empty = false
    }
  }

  /** `&&` and what follows it, up to the next one or the end of the class. */
  private intersection(isFirst: boolean): void {
    this.at += 2
    let right = false
    while (this.peek() !== ']' && this.peek() !== '&') {
      if (this.isAtEnd()) throw new Refused('a "[" is never closed')
      if (this.skip('[')) this.inside(() => this.characterClass())
      else this.inside(() => this.members(true))
      right = true
    }
    if (isFirst && !right) throw new Refused('there is nothing around the "&&"')
  }

  private range(): void {
    const first = this.member()
    if (this.peek() !== '-' || first === undefined) return
    if (this.peek(1) === '[' || this.peek(1) === ']') return
    this.at += 1
    if (this.isAtEnd()) throw new Refused('a "[" is never closed')
    const last = this.member()
    if (last === undefined || last < first) throw new Refused('a range of characters ends before it begins')
  }

  /** One character of a class by its number; undefined for a class of characters. */
  private member(): number | undefined {
    const letter = this.next()
    return letter === '\\' ? this.escape(true) : letter.codePointAt(0)
  }

  /** Escapes that go on after their letter. */
  private readonly longer: Readonly<Record<string, () => number | undefined>> = {
    p: () => this.family(),
    P: () => this.family(),
    N: () => this.characterName(),
    0: () => this.octal(),
    x: () => this.hexadecimal(),
    u: () => this.digits(4),
    c: () => this.control(),
  }

  /** What follows a backslash; the character that it stands for, undefined where it is none. */
  private escape(inClass: boolean): number | undefined {
    if (this.isAtEnd()) throw new Refused('it ends with a backslash')
    const letter = this.next()
    const longer = this.longer[letter]
    if (longer) return longer()
    if (letter in single) return single[letter]
    // The one class of characters that can begin a range, as the character that it was in older versions.
    if (classes.has(letter)) return letter === 'v' && this.peek() === '-' && inClass ? 11 : undefined
    if (places.has(letter)) return this.place(letter, inClass)
    if (reserved.has(letter)) throw new Refused(`"\\${letter}" means nothing to Java`)
    return letter.codePointAt(0)
  }

  private place(letter: string, inClass: boolean): number | undefined {
    if (inClass) throw new Refused(`"\\${letter}" means nothing in "[…]"`)
    if (letter === 'k') this.reference()
    if (letter === 'b' && this.peek() === '{' && this.peek(1) === 'g') this.grapheme()
    return undefined
  }

  private reference(): void {
    if (!this.skip('<')) throw new Refused('"\\k" is not followed by "<name>"')
    const name = this.groupName()
    if (!this.names.has(name)) throw new Refused(`no group before it is named "${name}"`)
  }

  /** `\b{g}` of Java 9. */
  private grapheme(): void {
    this.at += 2
    if (!this.skip('}')) throw new Refused('a "{" is never closed')
  }

  private family(): undefined {
    if (!this.skip('{')) {
      if (this.isAtEnd()) throw new Refused('"\\p" is not followed by a property')
      const letter = this.next()
      if (isUnknownFamily(letter)) throw new Refused(`Java has no character class "\\p${letter}"`)
      return undefined
    }
    const name = this.upToBrace()
    if (isUnknownFamily(name)) throw new Refused(`Java has no character class "\\p{${name}}"`)
    return undefined
  }

  private upToBrace(): string {
    let name = ''
    while (!this.isAtEnd() && this.peek() !== '}') name += this.next()
    if (!this.skip('}')) throw new Refused('a "{" is never closed')
    return name
  }

  /** `\N{…}` of Java 9; its thousands of names are not known here. */
  private characterName(): undefined {
    if (!this.skip('{')) throw new Refused('"\\N" is not followed by "{name}"')
    this.upToBrace()
    throw new NotFollowed()
  }

  private octal(): number {
    let digits = ''
    const most = /^[0-3]$/.test(this.peek()) ? 3 : 2
    while (digits.length < most && /^[0-7]$/.test(this.peek())) digits += this.next()
    if (digits === '') throw new Refused('"\\0" is not followed by an octal number')
    return Number.parseInt(digits, 8)
  }

  private hexadecimal(): number {
    if (this.peek() !== '{') return this.digits(2)
    this.at += 1
    const digits = this.upToBrace()
    const value = Number.parseInt(digits, 16)
    if (!/^[0-9a-f]+$/i.test(digits) || value > 0x10_ff_ff)
      throw new Refused('"\\x{…}" does not contain the number of a character')
    return value
  }

  private digits(count: number): number {
    let digits = ''
    while (digits.length < count && isHex(this.peek())) digits += this.next()
    if (digits.length < count)
      throw new Refused(`"\\${count === 2 ? 'x' : 'u'}" is not followed by ${count} hexadecimal digits`)
    return Number.parseInt(digits, 16)
  }

  private control(): number {
    if (this.isAtEnd()) throw new Refused('"\\c" is not followed by a character')
    return (this.next().codePointAt(0) ?? 0) ^ 64
  }
}

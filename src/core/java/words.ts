/** `\p{…}` by name: general categories, POSIX classes, and the methods of java.lang.Character. Those with a prefix or "=" are not listed. */
const families = new Set(
  `Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S LC LD L1 all ASCII
  Alnum Alpha Blank Cntrl Digit Graph Lower Print Punct Space Upper XDigit`.split(/\s+/),
)

/** Whether Java surely has no characters of that name. Scripts, blocks and binary properties are many, and grow with Unicode. */
export function isUnknownFamily(name: string): boolean {
  return !/^(In|Is|java)|=/.test(name) && !families.has(name)
}

/** The letters with `\Q…\E` written out, as Java does it before it reads anything else: in a quote, what is no letter gets a backslash. */
export function withoutQuotes(letters: readonly string[]): readonly string[] {
  const plain: string[] = []
  let quoted = false
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    const following = letters[at + 1] ?? ''
    if (letter === '\\' && following === (quoted ? 'E' : 'Q')) {
      quoted = !quoted
      at += 1
    } else if (quoted) plain.push(...quotedLetter(letter))
    else if (letter === '\\') {
      plain.push(letter, ...(at + 1 < letters.length ? [following] : []))
      at += 1
    } else plain.push(letter)
  }
  return plain
}

function quotedLetter(letter: string): string[] {
  if (/^[0-9]$/.test(letter)) return ['\\', 'x', '3', letter]
  return /^[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/.test(letter) ? ['\\', letter] : [letter]
}

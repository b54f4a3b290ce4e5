// Names of HTML that stand for what passwords are made of: ASCII punctuation and Latin-1
// (https://html.spec.whatwg.org/multipage/named-characters.html). Every other character is written as a number.
// A package would bring all 2231 names, most of them of signs that no keyboard has: tens of kilobytes more for every start to read.

const punctuation = `Tab 9 NewLine 10 excl 33 quot 34 QUOT 34 num 35 dollar 36 percnt 37 amp 38 AMP 38 apos 39 lpar 40 rpar 41
ast 42 midast 42 plus 43 comma 44 period 46 sol 47 colon 58 semi 59 lt 60 LT 60 equals 61 gt 62 GT 62 quest 63 commat 64
lsqb 91 lbrack 91 bsol 92 rsqb 93 rbrack 93 Hat 94 lowbar 95 UnderBar 95 grave 96 DiacriticalGrave 96 lcub 123 lbrace 123
verbar 124 vert 124 VerticalLine 124 rcub 125 rbrace 125 euro 8364`

/** U+00A0 to U+00FF, in order. */
const latin1 = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro
para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute
Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute
THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde
ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`

let characters: Map<string, string> | undefined

/** The character of a reference without its `&` and `;` (`amp`, `#38`, `#x26`); undefined for one that is unknown. */
export function htmlCharacter(reference: string): string | undefined {
  characters ??= named()
  if (!reference.startsWith('#')) return characters.get(reference)
  const code = Number(`0${reference.slice(1)}`) // `038`, or `0x26`
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

function named(): Map<string, string> {
  const written = Array.from(
    punctuation.matchAll(/(\w+) (\d+)/g),
    ([, word = '', code]) => [word, Number(code)] as const,
  )
  const inOrder = latin1.split(/\s+/).map((word, index) => [word, 0xa0 + index] as const)
  return new Map([...written, ...inOrder].map(([word, code]) => [word, String.fromCharCode(code)]))
}

/** Words of each line of a haproxy.cfg, by the manual's rules (2.2 "Quoting and escaping"). Throws for what we never write. */
export function haproxyWords(text: string): string[][] {
  return text
    .split('\n')
    .map(wordsOf)
    .filter(({ length }) => length > 0)
}

const part = /'([^']*)'|\\(['" #\\])|([^\s'"\\#]+)|([ \t]+)|(#.*)|(.)/gsu

function wordsOf(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [, quoted, escaped, plain, space, comment, other] of line.matchAll(part)) {
    if (other !== undefined) throw new Error(`unexpected ${JSON.stringify(other)} in ${line}`)
    const here = quoted ?? escaped ?? plain
    if (here !== undefined) word = (word ?? '') + here
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
    if (comment !== undefined || (space === undefined && here === undefined)) break
  }
  return word === undefined ? words : [...words, word]
}

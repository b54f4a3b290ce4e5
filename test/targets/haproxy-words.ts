import type { Asked } from './random-ways.ts'

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

/** What a haproxy.cfg does with a request: the name of a back end, `308 /v2/` or `404`. */
export function haproxyReader(text: string): (asked: Asked) => string {
  const lines = haproxyWords(text)
  const backEnds = new Map<string, string>()
  for (const [index, [word, name = '']] of lines.entries()) {
    const [first, second, ...rest] = lines[index + 1] ?? []
    if (word !== 'backend' || first !== 'http-request') continue
    if (second === 'redirect') backEnds.set(name, `308 ${rest.at(-1)?.replaceAll('%%', '%')}`)
    if (second === 'return') backEnds.set(name, '404')
  }
  const rules = lines.filter(([word]) => word === 'use_backend')
  return (asked) => {
    const [, name = ''] = rules.find(([, , , ...conditions]) => fits(conditions, asked)) ?? []
    return backEnds.get(name) ?? name
  }
}

/** `{ … }` one after the other, all of which have to hold. */
function fits(words: readonly string[], { origin, method, path }: Asked): boolean {
  const site = origin.replace(/^https?:\/\//, '')
  let rest = [...words]
  while (rest.length > 0) {
    const end = rest.indexOf('}')
    const [fetch = '', ...others] = rest.slice(1, end)
    rest = rest.slice(end + 1)
    const values = others.slice(others.indexOf('--') + 1)
    const holds = {
      'var(txn.site)': () => values.includes(site),
      method: () => values.includes(method),
      path: () => values.includes(path),
      path_beg: () => values.some((value) => path.startsWith(value)),
      path_reg: () => values.some((value) => new RegExp(value).test(path)),
    }[fetch]
    if (!holds) throw new Error(`unknown condition ${fetch}`)
    if (!holds()) return false
  }
  return true
}

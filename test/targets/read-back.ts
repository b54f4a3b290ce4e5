// What nginx and Apache read of a file, written after their own readers and not after our writers.

/** A directive with its words, and those inside it. */
export interface Directive {
  words: string[]
  inside: Directive[]
}

const short: Record<string, string> = { t: '\t', r: '\r', n: '\n' }

/** As ngx_conf_read_token does. */
export function readNginx(text: string): Directive[] {
  const stack: Directive[][] = [[]]
  let words: string[] = []
  let at = 0
  const end = (isBlock: boolean) => {
    const directive: Directive = { words, inside: [] }
    stack.at(-1)?.push(directive)
    if (isBlock) stack.push(directive.inside)
    words = []
  }
  while (at < text.length) {
    const sign = text.charAt(at)
    if (/[ \t\r\n]/.test(sign)) at++
    else if (sign === '#') at = `${text}\n`.indexOf('\n', at) + 1
    else if (sign === ';' || sign === '{') {
      end(sign === '{')
      at++
    } else if (sign === '}') {
      if (words.length > 0 || stack.length < 2) throw new Error(`unexpected } at ${at}`)
      stack.pop()
      at++
    } else {
      const [word, next] = nginxWord(text, at)
      words.push(word)
      at = next
    }
  }
  if (stack.length !== 1 || words.length > 0) throw new Error('unexpected end')
  return stack[0] ?? []
}

function nginxWord(text: string, from: number): [string, number] {
  const quote = /["']/.test(text.charAt(from)) ? text.charAt(from) : ''
  let word = ''
  let at = from + quote.length
  for (; at < text.length; at++) {
    const sign = text.charAt(at)
    const next = text.charAt(at + 1)
    if (sign === '\\' && /["'\\trn]/.test(next)) {
      word += short[next] ?? next
      at++
    } else if (sign === '\\') {
      word += sign + next
      at++
    } else if (quote === '' && /[ \t\r\n;{]/.test(sign)) return [word, at]
    else if (quote !== '' && sign === quote) {
      if (!/[ \t\r\n;{)]/.test(next)) throw new Error(`unexpected "${next}" after a quotation mark`)
      return [word, at + 1]
    } else word += sign
  }
  throw new Error('a word without an end')
}

/** As ap_cfg_getline, ap_build_config and ap_getword_conf do; the words of mod_rewrite as its own parseargline does. */
export function readApache(text: string): Directive[] {
  const stack: Directive[] = [{ words: [], inside: [] }]
  const lines = text
    .replaceAll('\\\n', '')
    .split('\n')
    .map((line) => line.trim())
  for (const plain of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
    const closing = /^<\/(\w+)>$/.exec(plain)?.[1]
    if (closing !== undefined) {
      if (stack.pop()?.words[0] !== closing) throw new Error(`unexpected ${plain}`)
    } else {
      if (plain.includes('${')) throw new Error(`a variable in ${plain}`)
      const opening = /^<(.*)>$/.exec(plain)?.[1]
      const directive: Directive = { words: apacheWords(opening ?? plain), inside: [] }
      stack.at(-1)?.inside.push(directive)
      if (opening !== undefined) stack.push(directive)
    }
  }
  if (stack.length !== 1) throw new Error('a section without an end')
  return stack[0]?.inside ?? []
}

function apacheWords(line: string): string[] {
  const words: string[] = []
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line.charAt(at))) at++
    else {
      const [word, next] = apacheWord(line, at)
      words.push(word)
      at = next
    }
  }
  return words
}

function apacheWord(line: string, from: number): [string, number] {
  const quote = /["']/.test(line.charAt(from)) ? line.charAt(from) : ''
  const unescaped = quote === '' ? '\\' : `\\${quote}`
  let word = ''
  let at = from + quote.length
  for (; at < line.length; at++) {
    const sign = line.charAt(at)
    if (quote === '' ? /\s/.test(sign) : sign === quote) break
    if (sign === '\\' && !line.startsWith('Rewrite') && unescaped.includes(line.charAt(at + 1) || ' ')) at++
    word += line.charAt(at)
  }
  return [word, at + quote.length]
}

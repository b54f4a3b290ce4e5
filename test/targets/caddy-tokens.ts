import type { Asked } from './random-ways.ts'

/** Tokens of each line of a Caddyfile, as Caddy's lexer takes them apart. Throws for what we never write. */
export function caddyTokens(text: string): string[][] {
  if (text.includes('{$')) throw new Error('a variable of the environment')
  const lines: string[][] = [[]]
  for (const [, raw, comment, plain, end] of text.matchAll(
    /`([^`]*)`|(#[^\n]*)|([^\s`#"][^\s]*)|(\n)|(["`])/gu,
  )) {
    if (end !== undefined) lines.push([])
    else if (comment === undefined) lines.at(-1)?.push(raw ?? plain ?? fail(text))
  }
  return lines.filter(({ length }) => length > 0)
}

function fail(text: string): never {
  throw new Error(`unexpected quote in ${text}`)
}

interface Node {
  tokens: string[]
  inner: Node[]
}

function treeOf(text: string): Node[] {
  const root: Node = { tokens: [], inner: [] }
  const open = [root]
  for (const tokens of caddyTokens(text)) {
    if (tokens.at(-1) === '{') {
      const node = { tokens: tokens.slice(0, -1), inner: [] }
      open.at(-1)?.inner.push(node)
      open.push(node)
    } else if (tokens[0] === '}') open.pop()
    else open.at(-1)?.inner.push({ tokens, inner: [] })
  }
  return root.inner
}

/** What a Caddyfile does with a request: the name of a snippet, `308 /v2/` or `404`. */
export function caddyReader(text: string): (asked: Asked) => string {
  const tree = treeOf(text)
  return ({ origin, method, path }) => {
    const usual = origin.replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2')
    const site = tree.find(({ tokens }) => tokens.some((one) => one.replace(/,$/, '') === usual))
    const route = site?.inner.find(({ tokens }) => tokens[0] === 'route')
    return answerOf(route?.inner ?? [], method, path)
  }
}

/** Of the first handler whose matcher fits. */
function answerOf(route: readonly Node[], method: string, path: string): string {
  const fitting = new Set(['*'])
  for (const { tokens, inner } of route) {
    const [first = '', matcher = '', to = ''] = tokens
    if (first.startsWith('@')) {
      const conditions = inner.length > 0 ? inner.map((one) => one.tokens) : [tokens.slice(1)]
      if (conditions.every((one) => holds(one, method, path))) fitting.add(first)
    } else if (fitting.has(matcher)) {
      if (first === 'handle') return inner[0]?.tokens[1] ?? ''
      return first === 'redir' ? `308 ${to}` : to
    }
  }
  return 'nothing'
}

function holds([kind, ...values]: readonly string[], method: string, path: string): boolean {
  if (kind === 'method') return values.includes(method)
  if (kind === 'vars_regexp') return new RegExp(values.at(-1)?.replace('(?i)', '') ?? '', 'i').test(path)
  if (kind !== 'path_regexp') throw new Error(`unknown matcher ${kind}`)
  return new RegExp(values.at(-1)?.replace('(?s)', '').replace('.*[', '[^]*[') ?? '').test(path)
}

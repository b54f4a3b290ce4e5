import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser, type Tags } from 'yaml'

/** Levels of nesting, aliases expanded. The parser recurses: some thousand levels would end the process. */
export const maximumDepth = 100

/**
 * How much of the parser's memory and time a file may take, in parts: keys, values, brackets, marks. A part costs it up to 700 bytes and a few
 * microseconds, line breaks and spaces a quarter of that. So 16 MiB of brackets would need 8 GB; a file at this bound needs less than 1 GB, and
 * is ordinary YAML of 5 MiB, five thousand repositories with every field.
 */
const maximumParts = 1_000_000

export interface YamlDocuments {
  documents: Document.Parsed[]
  /** Opening characters (quotes, brackets) that nothing closes. */
  unclosed: { start: number; opener: string }[]
  /** The limit that the text exceeds, and the offset at which it does; nothing else is known then. */
  beyond?: { limit: 'depth' | 'parts'; offset: number }
}

// Merge keys, duplicate keys and tags are ours (to-located.ts): the library cannot place what it merges, and its
// search for duplicates takes the square of a map's size.
const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** Reads a text as a YAML 1.2 stream. Never throws, and takes time in proportion to the text. */
export function readDocuments(text: string, customTags: Tags = []): YamlDocuments {
  // The library makes an error object for every mistake: a stack trace for each would take most of the time and memory.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return compose(text, customTags)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function compose(text: string, customTags: Tags): YamlDocuments {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let parts = 0
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token)
      // A document is an object with a schema of its own.
      if (token.type === 'document') parts += 10
    }
    const offset = parser.offset - lexeme.length
    if (isTooDeep(parser)) return { documents: [], unclosed: [], beyond: { limit: 'depth', offset } }
    parts += isSpace(lexeme) ? 0.25 : 1
    if (parts > maximumParts) return { documents: [], unclosed: [], beyond: { limit: 'parts', offset } }
  }
  for (const token of parser.end()) tokens.push(token)
  const composed = [...new Composer<ParsedNode>({ ...options, customTags }).compose(tokens)]
  // The library notices that something is not closed, but not where it was opened.
  const isWrong = composed.some(({ errors }) => errors.length > 0)
  return { documents: composed, unclosed: isWrong ? findUnclosed(tokens) : [] }
}

/** Line breaks, spaces, comments, and the lexer's own marks. */
function isSpace(lexeme: string): boolean {
  const first = lexeme.charCodeAt(0)
  return first <= 0x20 || first === 0x23
}

/** The stack holds the document, the open collections, and perhaps a scalar. */
function isTooDeep({ stack }: Parser): boolean {
  return stack.length > maximumDepth && stack.filter((token) => 'items' in token).length > maximumDepth
}

/** A document in which nothing is written: what remains before a leading or after a trailing `---`. */
export function isEmptyDocument(document: Document.Parsed): boolean {
  const contents = document.contents
  if (!contents) return true
  const isNamed = contents.tag || ('anchor' in contents && contents.anchor)
  return contents.range[0] === contents.range[1] && !isNamed
}

function findUnclosed(tokens: readonly CST.Token[]): YamlDocuments['unclosed'] {
  const found: YamlDocuments['unclosed'] = []
  for (const token of tokens) if (token.type === 'document' && token.value) visit(token.value, found)
  return found
}

function visit(token: CST.Token, found: YamlDocuments['unclosed']): void {
  if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
    const opener = token.source.charAt(0)
    const closed = token.source.length > 1 && token.source.endsWith(opener)
    if (!closed || endsInEscape(token.source, opener)) found.push({ start: token.offset, opener })
  }
  if ('items' in token) visitItems(token, found)
}

function visitItems(
  token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection,
  found: YamlDocuments['unclosed'],
): void {
  const before = found.length
  for (const item of token.items) {
    if (item.key) visit(item.key, found)
    if (item.value) visit(item.value, found)
  }
  // Of nested ones only the innermost is told: that is where the closing character is missing.
  if (token.type !== 'flow-collection' || found.length > before) return
  const opener = token.start.source
  if (token.end[0]?.source === (opener === '{' ? '}' : ']')) return
  found.push({ start: token.start.offset, opener })
}

/** Whether the last character is an escaped quote: an odd number of single quotes, or a backslash without a partner before it. */
function endsInEscape(source: string, opener: string): boolean {
  const doubled = opener === "'"
  const end = doubled ? source.length : source.length - 1
  let start = end
  while (start > 1 && source[start - 1] === (doubled ? "'" : '\\')) start -= 1
  return (end - start) % 2 === (doubled ? 0 : 1)
}

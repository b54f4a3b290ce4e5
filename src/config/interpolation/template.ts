// The grammar of `${…}` in values, as in sh and Compose. Only the braced form: a password may hold any other dollar.

/** `${NAME}` (operator ''), `${NAME:-operand}`, `${NAME-operand}`, `${NAME:?message}`, `${NAME?message}`. */
export interface Reference {
  name: string
  operator: '' | ':-' | '-' | ':?' | '?'
  /** The default, which may hold references itself, or the message. */
  operand: readonly Part[]
  /** Offsets in the text of the whole `${…}`. */
  start: number
  end: number
}

export type Part = string | Reference

/** Thrown by parseTemplate; `start` and `end` are offsets in the text. */
export class TemplateError extends Error {
  readonly code: string
  readonly hint: string
  readonly start: number
  readonly end: number

  constructor(code: string, message: string, about: { hint: string; start: number; end: number }) {
    super(message)
    this.code = code
    this.hint = about.hint
    this.start = about.start
    this.end = about.end
  }
}

const maximumNesting = 10
const escapeHint = 'write $${ for a literal ${'

interface Cursor {
  text: string
  offset: number
}

/** Splits a text into literal parts and references; `$${` is a literal `${`. Throws TemplateError at the first mistake. */
export function parseTemplate(text: string): readonly Part[] {
  return parseParts({ text, offset: 0 }, undefined, 0)
}

/** Reads up to the `}` of the reference that begins at `opened`, or to the end of the text without one. */
function parseParts(cursor: Cursor, opened: number | undefined, nesting: number): readonly Part[] {
  const { text } = cursor
  const parts: Part[] = []
  let literal = ''
  while (cursor.offset < text.length) {
    if (text.startsWith('$${', cursor.offset)) {
      literal += '${'
      cursor.offset += 3
    } else if (text.startsWith('${', cursor.offset)) {
      if (literal !== '') parts.push(literal)
      literal = ''
      parts.push(parseReference(cursor, nesting))
    } else if (opened !== undefined && text[cursor.offset] === '}') {
      return literal === '' ? parts : [...parts, literal]
    } else {
      literal += text.charAt(cursor.offset)
      cursor.offset += 1
    }
  }
  if (opened !== undefined) throw unclosed(opened)
  return literal === '' ? parts : [...parts, literal]
}

function parseReference(cursor: Cursor, nesting: number): Reference {
  const { text } = cursor
  const start = cursor.offset
  if (nesting >= maximumNesting) {
    const hint = `defaults may nest up to ${maximumNesting} levels deep`
    throw new TemplateError('bad-interpolation', 'the ${…} are nested too deeply', {
      hint,
      start,
      end: start + 2,
    })
  }
  const rest = /[A-Za-z_][A-Za-z0-9_]*|/y
  rest.lastIndex = start + 2
  const name = rest.exec(text)?.[0] ?? ''
  const operatorAt = start + 2 + name.length
  if (name === '') throw badName(text, start)
  const operator = operatorOf(text, operatorAt)
  if (operator === undefined) {
    if (operatorAt >= text.length) throw unclosed(start)
    throw badName(text, start)
  }
  cursor.offset = operatorAt + operator.length
  const operand = operator === '' ? [] : parseParts(cursor, start, nesting + 1)
  cursor.offset += 1
  return { name, operator, operand, start, end: cursor.offset }
}

function operatorOf(text: string, offset: number): Reference['operator'] | undefined {
  if (text[offset] === '}') return ''
  const operators = [':-', ':?', '-', '?'] as const
  return operators.find((operator) => text.startsWith(operator, offset))
}

function unclosed(start: number): TemplateError {
  return new TemplateError('unclosed-interpolation', 'this ${ has no closing }', {
    hint: `add the }, or ${escapeHint}`,
    start,
    end: start + 2,
  })
}

// The text is not repeated in the message: it may be a password that happens to hold a ${.
function badName(text: string, start: number): TemplateError {
  const close = text.slice(start, start + 200).indexOf('}')
  return new TemplateError(
    'bad-interpolation',
    'this is not a ${NAME}, ${NAME:-default} or ${NAME:?message}',
    {
      hint: `use letters, digits and _ in names; ${escapeHint}`,
      start,
      end: close < 0 ? start + 2 : start + close + 1,
    },
  )
}

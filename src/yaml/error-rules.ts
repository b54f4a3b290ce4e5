/** What a mistake in the YAML is called, and what to do about it. */
export interface Wording {
  code: string
  message: string
  hint: string
}

export interface SyntaxRule extends Wording {
  /** The library's code, and, where one code stands for several mistakes, the beginning or a part of its message. */
  yaml: string
  about?: RegExp
}

const quoteIt = 'put the whole value in quotes'

/** Also for other errors on a line that is indented with a tab: they follow from it. */
export const tabAsIndentation: Wording = {
  code: 'yaml-tab',
  message: 'a tab is used as indentation',
  hint: 'YAML is indented with spaces: replace the tab',
}

/**
 * Errors of the yaml package (2.9) and what they mean to a person; the first that fits counts. The package's own texts are
 * not passed on: several quote the source, which may be a secret at that very place.
 */
export const syntaxRules: readonly SyntaxRule[] = [
  { yaml: 'TAB_AS_INDENT', ...tabAsIndentation },
  {
    yaml: 'BAD_INDENT',
    about: /mapping items/,
    code: 'yaml-indent',
    message: 'this key is indented differently from the keys beside it',
    hint: 'keys of one map start in the same column',
  },
  {
    yaml: 'BAD_INDENT',
    about: /sequence items/,
    code: 'yaml-indent',
    message: 'this list item is indented differently from the items beside it',
    hint: 'items of one list start in the same column',
  },
  {
    yaml: 'BAD_INDENT',
    code: 'yaml-indent',
    message: 'the indentation is wrong here',
    hint: 'indent with the same number of spaces as the lines around',
  },
  {
    yaml: 'BAD_SCALAR_START',
    code: 'yaml-unquoted',
    message: 'a value cannot begin with this character',
    hint: quoteIt,
  },
  {
    yaml: 'BAD_DQ_ESCAPE',
    code: 'yaml-escape',
    message: 'this is not an escape sequence of a double-quoted text',
    hint: 'use single quotes, or write the backslash twice',
  },
  {
    yaml: 'BLOCK_AS_IMPLICIT_KEY',
    about: /Nested mappings/,
    code: 'yaml-syntax',
    message: 'a second key stands where a value is expected',
    hint: 'quote the value if the ": " belongs to it; if not, check the indentation of this line and the next',
  },
  {
    yaml: 'BLOCK_AS_IMPLICIT_KEY',
    code: 'yaml-syntax',
    message: 'a list item stands where a key is expected',
    hint: 'indent the "-" like the items above it',
  },
  {
    yaml: 'BLOCK_IN_FLOW',
    code: 'yaml-syntax',
    message: 'inside { } and [ ] there are no indented lists and maps',
    hint: 'use { } and [ ] for the inner ones too',
  },
  {
    yaml: 'MULTILINE_IMPLICIT_KEY',
    code: 'yaml-syntax',
    message: 'expected "key: value"',
    hint: 'add the missing ": ", or indent the line if it continues the value above it',
  },
  {
    yaml: 'MISSING_CHAR',
    about: /Implicit map keys/,
    code: 'yaml-syntax',
    message: 'expected "key: value"',
    hint: 'write a colon and a space after the key',
  },
  {
    yaml: 'MISSING_CHAR',
    about: /Comments/,
    code: 'yaml-syntax',
    message: 'a comment needs a space before its "#"',
    hint: 'add the space, or quote the value if the "#" belongs to it',
  },
  {
    yaml: 'MISSING_CHAR',
    about: /Missing ,/,
    code: 'yaml-syntax',
    message: 'a comma is missing before this',
    hint: 'items inside { } and [ ] are separated by commas',
  },
  {
    yaml: 'MISSING_CHAR',
    about: /space after :/,
    code: 'yaml-syntax',
    message: 'a space is missing after the colon',
    hint: 'write "key: value"',
  },
  {
    yaml: 'MISSING_CHAR',
    about: /Tags and anchors/,
    code: 'yaml-syntax',
    message: 'a space is missing after the anchor or tag',
    hint: quoteIt,
  },
  {
    yaml: 'MISSING_CHAR',
    about: /Sequence item/,
    code: 'yaml-syntax',
    message: 'expected a list item',
    hint: 'begin the line with "- ", like the items above it',
  },
  {
    yaml: 'UNEXPECTED_TOKEN',
    about: /Unexpected (,|comma|empty item)/,
    code: 'yaml-syntax',
    message: 'there is a comma too many',
    hint: 'remove it',
  },
  {
    yaml: 'UNEXPECTED_TOKEN',
    about: /flow-(map|seq)-end/,
    code: 'yaml-syntax',
    message: 'this closes what was never opened',
    hint: 'remove it, or quote the value if it belongs to it',
  },
  {
    yaml: 'UNEXPECTED_TOKEN',
    about: /Block scalar header/,
    code: 'yaml-syntax',
    message: 'a text block begins on the line below its "|" or ">"',
    hint: 'move the text to the next line and indent it',
  },
  {
    yaml: 'UNEXPECTED_TOKEN',
    about: /at node end/,
    code: 'yaml-syntax',
    message: 'the value has ended before this',
    hint: "put the whole value in quotes; inside single quotes a quote is written twice: 'it''s'",
  },
  {
    yaml: 'KEY_OVER_1024_CHARS',
    code: 'yaml-syntax',
    message: 'this key is longer than 1024 characters',
    hint: 'is a quote or a colon missing?',
  },
  {
    yaml: 'TAG_RESOLVE_FAILED',
    code: 'yaml-tag',
    message: 'this tag is not supported, or does not fit the value',
    hint: 'remove it, or quote the value if the "!" belongs to it',
  },
  {
    yaml: 'BAD_COLLECTION_TYPE',
    code: 'yaml-tag',
    message: 'this tag does not fit the value',
    hint: 'remove it',
  },
  {
    yaml: 'MULTIPLE_ANCHORS',
    code: 'yaml-syntax',
    message: 'a value can have one anchor only',
    hint: 'remove one, or quote the value if the "&" belongs to it',
  },
  {
    yaml: 'BAD_ALIAS',
    code: 'yaml-alias',
    message: 'this is not the name of an anchor',
    hint: 'quote the value if the "*" or "&" belongs to it',
  },
  {
    yaml: 'ALIAS_PROPS',
    code: 'yaml-alias',
    message: 'an alias can have no anchor or tag of its own',
    hint: 'remove the anchor or tag',
  },
  {
    yaml: 'BAD_DIRECTIVE',
    code: 'yaml-directive',
    message: 'this is not a YAML directive',
    hint: 'quote the text if the "%" belongs to it',
  },
]

/** For what no rule knows. */
export const otherwise: Wording = {
  code: 'yaml-syntax',
  message: 'this is not valid YAML',
  hint: 'check the indentation and quotes here and on the line above',
}

/** By the opening character. */
export const unclosedWords: Record<string, Wording> = {
  '"': { code: 'yaml-unclosed', message: 'this double quote is never closed', hint: 'add the closing "' },
  "'": {
    code: 'yaml-unclosed',
    message: 'this single quote is never closed',
    hint: "add the closing '; inside single quotes a quote is written twice: 'it''s'",
  },
  '{': {
    code: 'yaml-unclosed',
    message: 'this { is never closed',
    hint: 'add the }; the lines in between must be indented (with spaces)',
  },
  '[': {
    code: 'yaml-unclosed',
    message: 'this [ is never closed',
    hint: 'add the ]; the lines in between must be indented (with spaces)',
  },
}

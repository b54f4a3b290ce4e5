/** What a mistake in the YAML is called, and what to do about it. */
export interface Wording {
  code: string
  message: string
  hint: string
}

const quoteIt = 'put the whole value in quotes'

/** Also for other errors on a line that is indented with a tab: they follow from it. */
export const tabAsIndentation: Wording = {
  code: 'yaml-tab',
  message: 'a tab is used for indentation',
  hint: 'YAML is indented with spaces: replace the tab',
}

type Sentences = Readonly<Record<string, readonly [message: string, hint: string]>>

/**
 * Errors of the yaml package (2.9) and what they mean to a person, by our code; the first that fits counts. A key is the package's code,
 * and where one code stands for several mistakes a pattern of its message. The package's own texts are not passed on: several quote the
 * source, which may be a secret at that very place.
 */
const sentences: Readonly<Record<string, Sentences>> = {
  [tabAsIndentation.code]: { TAB_AS_INDENT: [tabAsIndentation.message, tabAsIndentation.hint] },
  'yaml-indent': {
    'BAD_INDENT: mapping items': [
      'this key is indented differently from the keys beside it',
      'start all keys of a map in the same column',
    ],
    'BAD_INDENT: sequence items': [
      'this list item is indented differently from the items beside it',
      'start all items of a list in the same column',
    ],
    BAD_INDENT: [
      'the indentation is wrong here',
      'indent with the same number of spaces as the lines around it',
    ],
  },
  'yaml-unquoted': {
    BAD_SCALAR_START: ['a value cannot begin with this character', quoteIt],
  },
  'yaml-escape': {
    BAD_DQ_ESCAPE: [
      'this is not an escape sequence in double-quoted text',
      'use single quotes, or write the backslash twice',
    ],
  },
  'yaml-syntax': {
    'BLOCK_AS_IMPLICIT_KEY: Nested mappings': [
      'there is a second key where a value is expected',
      'quote the value if the ": " is part of it; if not, check the indentation of this line and the next',
    ],
    BLOCK_AS_IMPLICIT_KEY: [
      'there is a list item where a key is expected',
      'indent the "-" like the items above it',
    ],
    BLOCK_IN_FLOW: [
      'indented lists and maps are not allowed inside { } and [ ]',
      'use { } and [ ] for the inner ones too',
    ],
    MULTILINE_IMPLICIT_KEY: [
      'expected "key: value"',
      'add the missing ": ", or indent the line if it continues the value above it',
    ],
    'MISSING_CHAR: Implicit map keys': ['expected "key: value"', 'write a colon and a space after the key'],
    'MISSING_CHAR: Comments': [
      'a comment needs a space before its "#"',
      'add the space, or quote the value if the "#" is part of it',
    ],
    'MISSING_CHAR: Missing ,': [
      'a comma is missing before this',
      'separate items inside { } and [ ] with commas',
    ],
    'MISSING_CHAR: space after :': ['a space is missing after the colon', 'write "key: value"'],
    'MISSING_CHAR: Tags and anchors': ['a space is missing after the anchor or tag', quoteIt],
    'MISSING_CHAR: Sequence item': [
      'expected a list item',
      'begin the line with "- ", like the items above it',
    ],
    'UNEXPECTED_TOKEN: Unexpected (,|comma|empty item)': ['there is an extra comma', 'remove it'],
    'UNEXPECTED_TOKEN: flow-(map|seq)-end': [
      'this bracket was never opened',
      'remove it, or quote the value if the bracket is part of it',
    ],
    'UNEXPECTED_TOKEN: Block scalar header': [
      'a text block begins on the line below its "|" or ">"',
      'move the text to the next line and indent it',
    ],
    'UNEXPECTED_TOKEN: at node end': [
      'the value ends before this',
      "put the whole value in quotes; inside single quotes a quote is written twice: 'it''s'",
    ],
    KEY_OVER_1024_CHARS: ['this key is longer than 1024 characters', 'is a quote or a colon missing?'],
    MULTIPLE_ANCHORS: [
      'a value can have only one anchor',
      'remove one, or quote the value if the "&" is part of it',
    ],
  },
  'yaml-tag': {
    TAG_RESOLVE_FAILED: [
      'this tag is not supported, or does not fit the value',
      'remove it, or quote the value if the "!" is part of it',
    ],
    BAD_COLLECTION_TYPE: ['this tag does not fit the value', 'remove it'],
  },
  'yaml-alias': {
    BAD_ALIAS: ['this is not the name of an anchor', 'quote the value if the "*" or "&" is part of it'],
    ALIAS_PROPS: ['an alias cannot have its own anchor or tag', 'remove the anchor or tag'],
  },
  'yaml-directive': {
    BAD_DIRECTIVE: ['this is not a YAML directive', 'quote the text if the "%" is part of it'],
  },
}

const syntaxRules = Object.entries(sentences).flatMap(([code, rules]) =>
  Object.entries(rules).map(([key, [message, hint]]) => {
    const [yaml, about = ''] = key.split(': ')
    return { yaml, about: new RegExp(about), wording: { code, message, hint } }
  }),
)

/** The words for an error of the yaml package. */
export function wordingOf(error: { code: string; message: string }): Wording {
  const known = syntaxRules.find(({ yaml, about }) => yaml === error.code && about.test(error.message))
  return known?.wording ?? otherwise
}

/** For what no rule knows. */
const otherwise: Wording = {
  code: 'yaml-syntax',
  message: 'this is not valid YAML',
  hint: 'check the indentation and quotes here and on the line above',
}

const unclosed: Sentences = {
  '"': ['this double quote is never closed', 'add the closing "'],
  "'": [
    'this single quote is never closed',
    "add the closing '; inside single quotes a quote is written twice: 'it''s'",
  ],
  '{': ['this { is never closed', 'add the }; the lines in between must be indented (with spaces)'],
  '[': ['this [ is never closed', 'add the ]; the lines in between must be indented (with spaces)'],
}

/** The words for a quote or bracket that nothing closes. */
export function unclosedWording(opener: string): Wording {
  const [message, hint] = unclosed[opener] ?? []
  return message && hint ? { code: 'yaml-unclosed', message, hint } : otherwise
}

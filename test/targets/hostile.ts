// Values that would like to be configuration: put where a file can put text, in the place of words that mean no harm.
import * as fc from 'fast-check'
import type { Edge, Rule } from '../../src/edge/edge.ts'
import { edgeFor } from './edges.ts'

/** Texts that a file gives to a front, as they end up in an edge. */
export interface Texts {
  certificate: string
  key: string
  email: string
  host: string
  namespace: string
  contextPath: string
}

/** Words that no configuration has by itself, one for each text. */
export const harmless: Texts = {
  certificate: '/marked/certificate.pem',
  key: '/marked/key.pem',
  email: 'marked@email',
  host: 'marked.host',
  namespace: 'marked-namespace',
  contextPath: '/marked-context',
}

const pieces = [
  ...[
    '"',
    "'",
    '`',
    ';',
    '{',
    '}',
    '{$HOME}',
    '{env.HOME}',
    '%[env(HOME)]',
    '%',
    '$HOME',
    '${HOME}',
    '#',
    ' #',
  ],
  ...[
    ' ',
    '\t',
    '\\',
    '\\ ',
    '\n',
    '\r',
    '\0',
    '\n}\n',
    '\nbackend x\n',
    ' }',
    '} {',
    '|',
    '(',
    ')',
    '.*',
    '^',
  ],
  ...[
    'a',
    'Z',
    '0',
    '-',
    '_',
    '.',
    '/',
    ',',
    '@',
    '*',
    '?',
    '<<E',
    'é',
    '𝄞',
    '--',
    '-i',
    'if',
    'import',
    '@rule1',
  ],
]
export const hostileText = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))

/** Mostly one hostile text at a time, so that one which is refused does not hide the others. */
export const hostileTexts: fc.Arbitrary<Texts> = fc.oneof(
  ...(Object.keys(harmless) as (keyof Texts)[]).map((name) =>
    hostileText.map(
      (value): Texts => ({ ...harmless, [name]: name === 'contextPath' ? `/${value}` : value }),
    ),
  ),
  fc.record<Texts>({
    certificate: hostileText,
    key: hostileText,
    email: hostileText,
    host: hostileText,
    namespace: hostileText,
    contextPath: hostileText.map((value) => `/${value}`),
  }),
)

/** A way in with these texts in it: no schema and no rule has looked at them. */
export function edgeWith({ host, namespace, contextPath, ...tls }: Texts, ends: 'files' | 'acme'): Edge {
  const edge = edgeFor({
    routing: 'namespace',
    connectors: false,
    namespaces: ['acme'],
    upstream: 'http://127.0.0.1:8081/context',
  })
  const changed = (value: string) =>
    value.replace('/context', () => contextPath).replace('acme', () => namespace)
  const rule = ({ path, action, purpose, ...rest }: Rule): Rule => ({
    ...rest,
    purpose: changed(purpose),
    path:
      'exact' in path
        ? { exact: changed(path.exact) }
        : 'prefix' in path
          ? { prefix: changed(path.prefix) }
          : path,
    action: 'redirect' in action ? { redirect: changed(action.redirect) } : action,
  })
  return {
    ...edge,
    sites: edge.sites.map((site, index) => ({
      ...site,
      host: index === 0 ? host : site.host,
      rules: site.rules.map(rule),
    })),
    backEnds: edge.backEnds.map((one) => ({ ...one, prefix: changed(one.prefix) })),
    tls:
      ends === 'acme'
        ? { ends: 'here', acme: { email: tls.email } }
        : { ends: 'here', certificate: tls.certificate, key: tls.key },
  }
}

/**
 * What is not as it should be: a word in the place of another one, lines or words too many. Right is a harmless text with the hostile one
 * in its place, in one of the forms that a format has for texts: as it is, as an expression.
 */
export function strangers(
  found: readonly (readonly string[])[],
  usual: readonly (readonly string[])[],
  texts: Texts,
  forms: readonly ((value: string) => string)[],
): string[] {
  if (found.length !== usual.length) return [`${found.length} lines, not ${usual.length}`]
  return usual.flatMap((words, row) => {
    const line = found[row] ?? []
    if (line.length !== words.length) return [line.join(' | ')]
    return line.filter((word, column) => !inPlace(words[column] ?? '', texts, forms).includes(word))
  })
}

function inPlace(word: string, texts: Texts, forms: readonly ((value: string) => string)[]): string[] {
  const names = Object.keys(harmless) as (keyof Texts)[]
  return forms.map((form) =>
    names.reduce((changed, name) => {
      // In an expression the harmless one has a form of its own, too.
      const spelling = [harmless[name], form(harmless[name])].find((one) => changed.includes(one))
      return spelling === undefined ? changed : changed.replaceAll(spelling, () => form(texts[name]))
    }, word),
  )
}

/** A text in an expression of Perl's kind. */
export function asExpression(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

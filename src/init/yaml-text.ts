import { yamlText } from '../core/yaml-text.ts'
import { licenceTerms } from '../resources/licence-terms.ts'
import type { ProxyAnswer, Situation } from './answers.ts'
import { proxyPasswordVariable } from './proxy-offer.ts'
import { mayAskForEula } from './questions/first-start.ts'

/** The address of the server, normalised, as a default that NEXUS_URL wins over. A URL has no braces: they are encoded in it. */
export function urlValue(url: string): string {
  return `\${NEXUS_URL:-${url}}`
}

/** `{ host: proxy.corp, port: 3128 }`, with the login where there is one. */
export function proxyValue({ host, port, username }: ProxyAnswer): string {
  const login =
    username === undefined
      ? ''
      : `, authentication: { username: ${yamlText(username)}, password: { env: ${proxyPasswordVariable} } }`
  return `{ host: ${yamlText(host)}, port: ${port}${login} }`
}

const widestList = 72

/** `[localhost, "*.corp"]`; a long one on several lines, for a key that stands that many columns to the right. */
export function listValue(texts: readonly string[], column: number): string {
  const items = texts.map(yamlText)
  const short = `[${items.join(', ')}]`
  if (short.length <= widestList) return short
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + item.length < widestList)
      lines[lines.length - 1] = `${last} ${item},`
    else lines.push(`${item},`)
  }
  const indent = ' '.repeat(column)
  return `[\n${lines.map((line) => `${indent}  ${line}`).join('\n')}\n${indent}]`
}

/** The section for the first start, and what else could stand there. Ends with a line break. */
export function bootstrapSection({ answers, look }: Situation): string {
  const { initialPassword: place, acceptEula } = answers
  if (place === null && !acceptEula) return ''
  const lines = ['# For a server that was never set up. On any other, none of this is done.', 'bootstrap:']
  if (place !== null) {
    const value = 'file' in place ? `{ file: ${yamlText(place.file)} }` : `{ env: ${place.env} }`
    lines.push('  # The initial admin password; nexus.password replaces it.', `  initialPassword: ${value}`)
  }
  if (acceptEula) lines.push("  acceptEula: true # you accept Community Edition's licence agreement")
  else if (mayAskForEula(look.server))
    lines.push(
      '  # Community Edition serves images only after its licence agreement is accepted:',
      `  # ${licenceTerms}. If you accept it, write:`,
      '  # acceptEula: true',
    )
  return `${lines.join('\n')}\n`
}

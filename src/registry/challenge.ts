/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  scheme: string
  /** What stands instead of parameters: `Negotiate YII…`. */
  token68?: string
  /** By lower-case name, unquoted. Of a name that comes twice, the first. */
  parameters: Readonly<Record<string, string>>
}

const SKIPPED = /[ \t,]*/y
const SCHEME = /([\w!#$%&'*+.^`|~-]+)[ \t]*/y
// Unquoted values may hold what tokens may not (`realm=https://host/token`): some servers forget the quotes.
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"=][^\s,"]*))[ \t]*/sy
const TOKEN68 = /([\w.~+/-]+=*)[ \t]*(?=,|$)/y
const NEXT = /[^,]*/y

/**
 * The challenges of a header, or of several joined by commas, in their order: RFC 9110 sections 11.3 and 11.6.1. What does not follow the
 * grammar is passed over up to the next comma.
 */
export function parseChallenges(header: string): Challenge[] {
  let at = 0
  const take: Take = (pattern) => {
    pattern.lastIndex = at
    const found = pattern.exec(header)
    if (found) at = pattern.lastIndex
    return found ?? undefined
  }
  const challenges: Challenge[] = []
  while (at < header.length) {
    take(SKIPPED)
    const scheme = take(SCHEME)?.[1]?.toLowerCase()
    if (scheme === undefined) {
      take(NEXT)
      continue
    }
    const parameters = parametersOf(take)
    const isBare = Object.keys(parameters).length === 0
    const token68 = isBare ? take(TOKEN68)?.[1] : undefined
    challenges.push({ scheme, ...(token68 !== undefined && { token68 }), parameters })
    if (isBare) take(NEXT)
  }
  return challenges
}

type Take = (pattern: RegExp) => RegExpExecArray | undefined

function parametersOf(take: Take): Record<string, string> {
  const parameters = new Map<string, string>()
  for (let found = take(PARAMETER); found; found = take(PARAMETER)) {
    const [, name = '', quoted, plain = ''] = found
    const known = name.toLowerCase()
    if (!parameters.has(known)) parameters.set(known, quoted?.replace(/\\(.)/gs, '$1') ?? plain)
    take(SKIPPED)
  }
  return Object.fromEntries(parameters)
}

import type { PathPattern, Rule, Site } from './edge.ts'

/** What a site does with a request: the first of its rules that fits. `path` as a client sends it, with or without a query. */
export function routeOf({ rules }: Pick<Site, 'rules'>, method: string, path: string): Rule['action'] {
  const plain = normalised(path)
  const rule = rules.find(
    ({ methods, path: pattern }) => (methods?.some((one) => one === method) ?? true) && fits(pattern, plain),
  )
  // The last one fits every request.
  return rule?.action ?? { refuse: true }
}

/** The path without its query, `%61`, `//`, `.` and `..` resolved (RFC 3986 6.2.2); `%2F` is no slash. */
export function normalised(path: string): string {
  const [plain = ''] = path.split(/[?#]/)
  const decoded = plain.replaceAll(/%[\da-f]{2}/gi, (code) => {
    const letter = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(letter) ? letter : code
  })
  const kept: string[] = []
  const parts = decoded.split('/')
  for (const part of parts)
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  const isFolder = kept.length > 0 && ['', '.', '..'].includes(parts.at(-1) ?? '')
  return `/${kept.join('/')}${isFolder ? '/' : ''}`
}

function fits(pattern: PathPattern, path: string): boolean {
  if ('exact' in pattern) return path === pattern.exact
  if ('prefix' in pattern) return path.startsWith(pattern.prefix)
  return (pattern.inside === 'uploads' ? /^\/v2\/.+\/blobs\/uploads\// : /^\/v2\/.+\/blobs\//).test(path)
}

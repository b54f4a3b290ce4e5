import type { Span } from '../core/position.ts'
import type { Problem } from '../core/problem.ts'
import { similar } from '../core/similar.ts'
import { acceptKey, forEachChild, formatPath, isNull, type Located, type Path } from '../yaml/located.ts'
import { warningCodes } from './warning-codes.ts'

/**
 * `x-accept: [member-order]` in a map of the file: warnings with these codes about the map, or about anything in it, have been read, and
 * are not told again. An error is never accepted. A code that nothing has said is no mistake: the next server may say it.
 */
export interface Split {
  /** What is to be told. */
  problems: Problem[]
  /** Warnings that the file accepts. */
  accepted: Problem[]
}

/** Divides problems by what the file accepts. */
export function splitAccepted(root: Located, problems: readonly Problem[]): Split {
  const split: Split = { problems: [], accepted: [] }
  const codes = new Map<Located, ReadonlySet<string>>()
  for (const problem of problems) {
    const isAccepted = problem.severity === 'warning' && isAcceptedAround(root, problem, codes)
    split[isAccepted ? 'accepted' : 'problems'].push(problem)
  }
  return split
}

/** Whether the map that a problem is about accepts its code, or a map around it. `codes`: those of the lists that have been looked at. */
function isAcceptedAround(
  root: Located,
  { code, path }: Problem,
  codes: Map<Located, ReadonlySet<string>>,
): boolean {
  let node: Located | undefined = root
  let rest = path
  while (node) {
    if (node.kind === 'map' && node.accepts) {
      const known = codes.get(node.accepts) ?? codesOf(node.accepts)
      codes.set(node.accepts, known)
      if (known.has(code)) return true
    }
    const step = firstStep(node, rest)
    node = step?.child
    rest = step?.rest ?? ''
  }
  return false
}

function codesOf(written: Located): ReadonlySet<string> {
  const items = written.kind === 'list' ? written.items : []
  return new Set(items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : [])))
}

/** The child that a printed path begins with. A name may have dots in it: the longest one that the map has is meant. */
function firstStep(node: Located, path: string): { child: Located; rest: string } | undefined {
  if (node.kind === 'list') {
    const [whole = '', index] = /^\[(\d+)\]/.exec(path) ?? []
    const child = index === undefined ? undefined : node.items[Number(index)]
    return child && { child, rest: withoutDot(path.slice(whole.length)) }
  }
  if (node.kind !== 'map') return undefined
  for (let end = path.length; end > 0; end--) {
    if (end < path.length && path[end] !== '.' && path[end] !== '[') continue
    const child = node.entries.get(path.slice(0, end))?.value
    if (child) return { child, rest: withoutDot(path.slice(end)) }
  }
  return undefined
}

function withoutDot(path: string): string {
  return path.startsWith('.') ? path.slice(1) : path
}

/** Beyond it, looking for codes that are alike is left out: such a file is no configuration. */
const maximumSuggestions = 100

/** What is wrong with the acceptances of a file themselves. What an alias repeats is told once. */
export function checkAccepted(root: Located): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<Located>()
  const path: (string | number)[] = []
  look(root)
  return problems

  function look(node: Located): void {
    if (node.kind === 'map' && node.accepts && !seen.has(node.accepts)) {
      seen.add(node.accepts)
      check(node.accepts, [...path, acceptKey], problems)
    }
    forEachChild(node, (step, child) => {
      if (child.kind === 'scalar') return
      path.push(step)
      look(child)
      path.pop()
    })
  }
}

const howToWrite = `write it as a list of codes: ${acceptKey}: [member-order]`

function check(written: Located, path: Path, problems: Problem[]): void {
  // A null takes back what a file below accepts.
  if (isNull(written)) return
  if (written.kind !== 'list') {
    problems.push(invalid(path, written.span, 'expected a list of codes'))
    return
  }
  for (const [index, item] of written.items.entries()) {
    const at = [...path, index]
    const code = item.kind === 'scalar' ? item.value : undefined
    if (typeof code !== 'string') problems.push(invalid(at, item.span, 'expected the code of a warning'))
    else if (!warningCodes.includes(code))
      problems.push(unknown(code, at, item.span, problems.length > maximumSuggestions))
  }
}

function invalid(path: Path, span: Span, expected: string): Problem {
  const message = `${acceptKey}: ${expected}`
  return {
    severity: 'error',
    code: 'invalid-value',
    message,
    hint: howToWrite,
    path: formatPath(path),
    span,
  }
}

/** A warning, because it does no harm: it is a code of a newer version, an error's, or misspelt, and then the warning is told. */
function unknown(code: string, path: Path, span: Span, many: boolean): Problem {
  const isCode = /^[a-z][a-z0-9-]{0,60}$/i.test(code)
  const close = many ? undefined : similar(code, warningCodes)
  return {
    severity: 'warning',
    code: 'unknown-code',
    message: `${acceptKey}: no warning has ${isCode ? `the code "${code}"` : 'such a code'}`,
    hint: close
      ? `did you mean "${close}"?`
      : 'only warnings can be accepted; docs/reference/problems.md marks them',
    path: formatPath(path),
    span,
  }
}

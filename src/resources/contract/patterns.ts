import { javaPatternProblem } from '../../core/java/pattern.ts'
import type { Finding } from './rule.ts'

/** What is wrong with a Java regular expression; undefined for a good one, or none. `example` is one for that field. */
export function patternProblem(text: unknown, example: string): Finding | undefined {
  if (typeof text !== 'string') return undefined
  const problem = javaPatternProblem(text)
  if (problem === undefined) return undefined
  const isWildcard = /^[*?]/.test(text)
  return {
    code: 'invalid-pattern',
    message: `"${text}" is not a regular expression: ${problem}`,
    hint: isWildcard
      ? 'write ".*" for any text: this is a Java regular expression'
      : `write a Java regular expression, e.g. ${example}`,
  }
}

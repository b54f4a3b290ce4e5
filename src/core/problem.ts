import type { Span } from './position.ts'

/** Something wrong in the configuration. All problems are collected and reported together. */
export interface Problem {
  severity: 'error' | 'warning'
  /** Stable kebab-case name of the rule, e.g. `port-conflict`; listed in docs/reference/problems.md. */
  code: string
  /** One sentence, without a final stop, naming the thing: `httpPort 8082 is already used by "apps"`. Never a secret's value. */
  message: string
  /** What to do about it. */
  hint?: string
  /** Dotted path in the file, e.g. `repositories.docker.members[0]`; empty for the file as a whole. */
  path: string
  /** A server refuses it. Found in what will be sent too, not only in the file. */
  refused?: boolean
  /** Only a server knows whether it holds: a run that asks one looks again at what it will send. */
  untilAsked?: boolean
  /** It says what the server has, whether or not anything is sent: told at every run, until somebody mends it. */
  standing?: boolean
  /** Undefined for what no file holds (a flag, an environment variable). */
  span?: Span
}

/** An error of a file as a whole: it has no path. Offsets are those of the text, `end` exclusive. */
export function fileProblem(
  file: string,
  wording: Pick<Problem, 'code' | 'message' | 'hint'>,
  start = 0,
  end = start,
): Problem {
  return { severity: 'error', ...wording, path: '', span: { file, start, end } }
}

/** One input as it was read. `name` is what `-f` said (for a directory: the file's path); `text` may hold anything. */
export interface SourceFile {
  name: string
  text: string
}

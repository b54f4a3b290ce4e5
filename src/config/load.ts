import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Redactor } from '../core/redact.ts'
import type { Config } from './config.ts'
import { expandIntents } from './expand.ts'
import { interpolate } from './interpolate.ts'
import type { Located } from './located.ts'
import { overlay } from './overlay.ts'
import { parseYaml } from './parse.ts'
import type { Problem, SourceFile } from './problem.ts'
import { readConfig } from './read-config.ts'
import { readSources } from './read-sources.ts'
import { runRules } from './rules/context.ts'
import { rules } from './rules/index.ts'
import { isSecretPath, resolveSecrets } from './secrets.ts'

export interface LoadOptions {
  environment: Record<string, string | undefined>
  cwd: string
  stdin(): Promise<Uint8Array>
  redactor: Redactor
  /** Secrets need not be there: `validate`, and a try in the sandbox. */
  lenientSecrets: boolean
  /** Fields of `nexus:` that a flag or the environment overrides: what is wrong with them in the file does not matter. */
  overridden: readonly string[]
  serverUrl: string | undefined
}

export interface Loaded {
  /** Undefined when a problem is an error. */
  config: Config | undefined
  problems: Problem[]
  sources: SourceFile[]
}

/** Reads, checks and expands the configuration. Never throws for what a user can get wrong: everything is a problem. */
export async function loadConfig(inputs: readonly string[], options: LoadOptions): Promise<Loaded> {
  const { sources, problems: unread } = await readSources(inputs, options)
  const parsed = sources.map(parseYaml)
  const problems = [...unread, ...parsed.flatMap((result) => result.problems)]
  const trees = parsed.flatMap(({ root }) => root ?? [])
  const [first, ...others] = trees
  if (!first || problems.some(isError)) return { config: undefined, problems, sources }
  const result = checkTree(others.reduce(overlay, first), sources, options)
  return {
    config: result.problems.some(isError) ? undefined : result.config,
    problems: [...problems, ...result.problems],
    sources,
  }
}

function checkTree(
  tree: Located,
  sources: readonly SourceFile[],
  options: LoadOptions,
): { config: Config; problems: Problem[] } {
  const { environment, lenientSecrets, redactor } = options
  const interpolated = interpolate(tree, environment, { secretPath: isSecretPath, lenientSecrets }, sources)
  const { root } = interpolated
  const { parsed, problems: schemaProblems } = readConfig(root)
  const readFile = (path: string, writtenIn: string) => readSecretFile(path, writtenIn, options.cwd)
  const secretProblems = resolveSecrets(parsed, root, {
    environment,
    readFile,
    lenient: lenientSecrets,
    redactor,
  })
  const config: Config = { ...expandIntents(parsed), root, serverUrl: options.serverUrl }
  const unfilled = new Set(interpolated.problems.map((problem) => problem.path))
  // What is wrong with a text whose variable is missing is that its variable is missing.
  const later = [...schemaProblems, ...secretProblems, ...runRules(config, rules)].filter(
    ({ path }) => !unfilled.has(path),
  )
  const problems = [...interpolated.problems, ...later].filter(
    (problem) => !options.overridden.some((field) => problem.path === `nexus.${field}`),
  )
  return { config, problems }
}

/** Relative to the file that names it, as in Compose; for standard input, to the working directory. */
function readSecretFile(path: string, writtenIn: string, cwd: string): string {
  const base = writtenIn === '-' ? cwd : resolve(cwd, dirname(writtenIn))
  return readFileSync(isAbsolute(path) ? path : resolve(base, path), 'utf8')
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error'
}

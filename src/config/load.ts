import type { Problem, SourceFile } from '../core/problem.ts'
import type { Redactor } from '../core/secrets/redact.ts'
import type { Located } from '../yaml/located.ts'
import { parseYaml } from '../yaml/parse.ts'
import type { Config } from './config.ts'
import { expandIntents } from './expand.ts'
import { interpolate } from './interpolation/interpolate.ts'
import { overlay } from './overlay.ts'
import { runRules } from './rules/context.ts'
import { rules } from './rules/index.ts'
import { readConfig } from './schema/read-config.ts'
import { secretPath } from './secret-path.ts'
import { isSecretField, isSecretPath, registerWritten, resolveSecrets } from './secrets.ts'
import { lookAtFile, maximumSecretBytes, readBounded } from './sources/read-bounded.ts'
import { readSources } from './sources/read-sources.ts'

export interface LoadOptions {
  environment: Record<string, string | undefined>
  cwd: string
  stdin(limitBytes: number): Promise<Uint8Array>
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
  // With a file missing, everything that refers to it would look wrong.
  const complete = trees.length === parsed.length && !unread.some(isError)
  if (!first || !complete) return { config: undefined, problems, sources }
  const tree = others.reduce((base, top) => overlay(base, top, isSecretField), first)
  const result = await checkTree(tree, sources, options)
  const all = [...problems, ...withoutConsequences(result.problems, problems.filter(losesValue))]
  return { config: all.some(isError) ? undefined : result.config, problems: all, sources }
}

async function checkTree(
  tree: Located,
  sources: readonly SourceFile[],
  options: LoadOptions,
): Promise<{ config: Config; problems: Problem[] }> {
  const { environment, lenientSecrets, redactor, overridden } = options
  const interpolated = interpolate(tree, environment, { secretPath: isSecretPath, lenientSecrets }, sources)
  const { root } = interpolated
  const unfilled = new Set(interpolated.problems.map((problem) => problem.path))
  registerWritten(root, redactor, unfilled)
  const { parsed, problems: schemaProblems } = readConfig(root)
  const readFile = secretReader(options)
  const lenient = lenientSecrets
  const secretSources = { environment, readFile, lenient, redactor, unfilled }
  const secretProblems = await resolveSecrets(parsed, root, secretSources)
  const { broken, ...expanded } = expandIntents(parsed)
  const config: Config = { ...expanded, root, serverUrl: options.serverUrl }
  // What is wrong with a text whose variable is missing is that its variable is missing.
  const later = [...schemaProblems, ...secretProblems, ...runRules(config, rules, broken)]
  const problems = [...interpolated.problems, ...withoutConsequences(later, interpolated.problems)]
  const isIdle = insideOf(overridden.map((field) => `nexus.${field}`))
  return { config, problems: problems.filter(({ path }) => !isIdle(path)) }
}

/** Problems but those of values that are wrong already, and of what is inside of them. */
function withoutConsequences(problems: readonly Problem[], causes: readonly Problem[]): Problem[] {
  const isConsequence = insideOf(causes.map(({ path }) => path))
  return problems.filter(({ path }) => !isConsequence(path))
}

/** A function that tells whether a path is one of those places, or inside of one. */
function insideOf(paths: Iterable<string>): (path: string) => boolean {
  const places = new Set(paths)
  // A long path has many beginnings: only those that are as long as a place are worth looking up.
  const lengths = new Set([...places].map(({ length }) => length))
  const isEnd = (path: string, at: number) => at === path.length || path[at] === '.' || path[at] === '['
  return (path) => {
    for (let end = path.length; end > 0; end--)
      if (lengths.has(end) && isEnd(path, end) && places.has(path.slice(0, end))) return true
    return false
  }
}

/** An alias that leads nowhere leaves a null, a failed merge leaves keys out. */
function losesValue({ code }: Problem): boolean {
  return code === 'yaml-alias' || code === 'merge-value'
}

/**
 * Reads each file once: a pipe can be read only once, and aliases repeat a reference. Where secrets need not be there, nothing is
 * opened: `validate` runs on what strangers propose, and their file could name a device, a pipe or somebody's key. That a file is
 * missing, empty or too large is seen without.
 */
function secretReader({ cwd, lenientSecrets }: LoadOptions) {
  const known = new Map<string, Promise<string | undefined>>()
  const read = async (path: string) => (await readBounded(path, maximumSecretBytes)).toString('utf8')
  const look = async (path: string) => ((await lookAtFile(path, maximumSecretBytes)).empty ? '' : undefined)
  return (path: string, writtenIn: string): Promise<string | undefined> => {
    const at = secretPath(path, writtenIn, cwd)
    const text = known.get(at) ?? (lenientSecrets ? look(at) : read(at))
    known.set(at, text)
    return text
  }
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error'
}

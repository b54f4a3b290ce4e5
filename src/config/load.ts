import { mapSections } from '../advice/choose-kind.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import type { Redactor } from '../core/secrets/redact.ts'
import type { Located, Path } from '../yaml/located.ts'
import { parseYaml } from '../yaml/parse.ts'
import { checkAccepted, splitAccepted } from './accepted.ts'
import type { Config, Tables } from './config.ts'
import { interpolate } from './interpolation/interpolate.ts'
import { overlay } from './overlay.ts'
import { checkRules } from './rules/index.ts'
import { readConfig } from './schema/read-config.ts'
import type { ParsedConfig } from './schema/reading.ts'
import { loginTest, secretTest } from './secrets/places.ts'
import { registerWritten } from './secrets/register.ts'
import { resolveSecrets } from './secrets/resolve.ts'
import { readSources } from './sources/read-sources.ts'

export interface LoadOptions extends Tables {
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
  /** Warnings that the file accepts (`x-accept`): they are counted and not told. */
  accepted: Problem[]
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
  if (!first || !complete) return { config: undefined, problems, accepted: [], sources }
  const sections = new Set<string | number | undefined>(mapSections(options.kinds).map(({ key }) => key))
  const isObject = (path: Path) => path.length === 2 && sections.has(path[0])
  const tree = others.reduce(
    (base, top) => overlay(base, top, { isWhole: secretTest(top, options, { inside: false }), isObject }),
    first,
  )
  const result = await checkTree(tree, sources, options)
  const all = [...problems, ...withoutConsequences(result.problems, problems.filter(losesValue))]
  const told = splitAccepted(tree, [...all, ...checkAccepted(tree)])
  return { config: told.problems.some(isError) ? undefined : result.config, ...told, sources }
}

async function checkTree(
  tree: Located,
  sources: readonly SourceFile[],
  options: LoadOptions,
): Promise<{ config: Config; problems: Problem[] }> {
  const { environment, lenientSecrets, overridden, serverUrl } = options
  const isSecret = secretTest(tree, options, { inside: true })
  const isLogin = loginTest(tree, options)
  // `validate` needs no secrets, and nothing that is of no use without them.
  const isSpared = (path: Path) => lenientSecrets && (isSecret(path) || isLogin(path))
  const interpolated = interpolate(tree, environment, { isSecret, isSpared }, sources)
  const unfilled = new Set(interpolated.problems.map((problem) => problem.path))
  registerWritten(interpolated.root, { ...options, unfilled })
  const { root, parsed, problems: schemaProblems } = readConfig(interpolated.root, options)
  const { externals, sections, broken } = parsed
  const { problems: secretProblems, ...resolved } = await resolveSecrets(
    { ...parsed, objects: expand(parsed, options) },
    root,
    { ...options, unfilled },
  )
  const config: Config = { ...resolved, externals, sections, root, serverUrl }
  // What is wrong with a text whose variable is missing is that its variable is missing.
  const later = [...schemaProblems, ...secretProblems, ...checkRules({ ...options, config }, broken)]
  const problems = [...interpolated.problems, ...withoutConsequences(later, interpolated.problems)]
  const isIdle = insideOf(overridden.map((field) => `nexus.${field}`))
  return { config, problems: problems.filter(({ path }) => !isIdle(path)) }
}

/** The objects of the file with what its intents stand for, one intent after the other. */
function expand({ sections, objects, nexus }: ParsedConfig, { intents }: Tables): ParsedConfig['objects'] {
  return intents.reduce((made, intent) => intent.expand(sections[intent.name], made, nexus), objects)
}

/** Problems but those of values that are wrong already, and of what is inside of them. */
function withoutConsequences(problems: readonly Problem[], causes: readonly Problem[]): Problem[] {
  const isConsequence = insideOf(causes.map(({ path }) => path))
  // That a key does not exist has nothing to do with its value.
  return problems.filter(({ path, code }) => code === 'unknown-key' || !isConsequence(path))
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

function isError(problem: Problem): boolean {
  return problem.severity === 'error'
}

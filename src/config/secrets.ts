import { getPath, type JsonObject, setPath } from '../core/json.ts'
import type { Problem } from '../core/problem.ts'
import type { Redactor } from '../core/secrets/redact.ts'
import { formatSize } from '../core/size.ts'
import type { FieldTable } from '../resources/fields.ts'
import { kinds } from '../resources/index.ts'
import { formatPath, type Located, type Path, spanAt } from '../yaml/located.ts'
import type { ParsedConfig } from './schema/reading.ts'
import { maximumSecretBytes, TooLarge, whyUnreadable } from './sources/read-bounded.ts'

/** Where `{env: NAME}` and `{file: path}` are looked up. */
export interface SecretSources {
  environment: Record<string, string | undefined>
  /** The text of a secret file; undefined where one is there and need not be read. Gets the path as written and the file that wrote it. */
  readFile(path: string, writtenIn: string): Promise<string | undefined>
  /** `validate` needs no secrets: what is missing is a warning there. */
  lenient: boolean
  redactor: Redactor
  /** Paths of texts whose variables are missing: what stands there is no secret but `${NAME}`. */
  unfilled: ReadonlySet<string>
}

/** In place of a secret that `validate` and a try in the sandbox can do without. */
const unresolved = 'unresolved'

const secretsOf = new Map(kinds.map((kind) => [kind, secretFields(kind.fields)]))

const secretNames = new Set([
  'password',
  'initialPassword',
  ...[...secretsOf.values()].flat().map((path) => path.split('.').at(-1) ?? path),
])

/** Whether the path is a secret field or inside a reference to one. */
export function isSecretPath(path: Path): boolean {
  const last = path.at(-1)
  const isReference = (last === 'env' || last === 'file') && isSecretField(path.slice(0, -1))
  return isReference || isSecretField(path)
}

/** Whether the path is a secret field: `{env: …}` and `{file: …}` there are one value, whatever an overlay puts over them. */
export function isSecretField(path: Path): boolean {
  return path.length > 1 && secretNames.has(String(path.at(-1)))
}

/**
 * Makes every secret that the file itself writes known to the redactor: also in objects that are wrong, and where a number
 * stands in place of a text.
 */
export function registerWritten(root: Located, redactor: Redactor, unfilled: ReadonlySet<string>): void {
  const path: (string | number)[] = []
  visit(root)

  function visit(node: Located): void {
    if (node.kind === 'scalar') return
    forEachChild(node, (step, child) => {
      // Most of a large file are scalars with other names.
      if (child.kind === 'scalar' && !secretNames.has(String(step))) return
      path.push(step)
      if (isSecretField(path)) registerValues(child)
      else visit(child)
      path.pop()
    })
  }

  function registerValues(node: Located): void {
    forEachChild(node, (step, child) => {
      // What stands there is the place of a secret.
      if (step !== 'env' && step !== 'file') registerValues(child)
    })
    if (node.kind !== 'scalar' || unfilled.has(formatPath(path))) return
    if (typeof node.value !== 'string' && typeof node.value !== 'number') return
    const text = String(node.value)
    // What is longer is refused, and used nowhere.
    if (!isTooLong(text)) redactor.add(text)
  }
}

function forEachChild(node: Located, visit: (step: string | number, child: Located) => void): void {
  if (node.kind === 'map') for (const [key, { value }] of node.entries) visit(key, value)
  if (node.kind === 'list') for (const [index, item] of node.items.entries()) visit(index, item)
}

/** Replaces every reference by its value and makes it known to the redactor. Changes `parsed` in place. */
export async function resolveSecrets(
  parsed: ParsedConfig,
  root: Located,
  sources: SecretSources,
): Promise<Problem[]> {
  const problems: Problem[] = []
  await resolveAt(parsed.nexus as JsonObject, 'password', ['nexus'])
  for (const object of parsed.objects) {
    for (const field of secretsOf.get(object.kind) ?? [])
      await resolveAt(object.spec as JsonObject, field, object.path)
  }
  // A reference there is looked up when it is needed.
  const first = parsed.bootstrap?.initialPassword
  if (typeof first === 'string') await resolveAt({ first }, 'first', ['bootstrap'], 'initialPassword')
  return problems

  async function resolveAt(target: JsonObject, field: string, base: Path, name = field): Promise<void> {
    const written = getPath(target, field) as string | SecretReference | null | undefined
    if (written === undefined || written === null) return
    const path = [...base, ...name.split('.')]
    const pointAt = typeof written === 'string' ? path : [...path, ...Object.keys(written)]
    if (sources.unfilled.has(formatPath(pointAt))) {
      setPath(target, field, unresolved)
      return
    }
    const writtenIn = spanAt(root, pointAt).file
    const result =
      typeof written === 'string'
        ? shortEnough(written, 'this secret', 'keep it in a file of its own')
        : await lookUp(written, writtenIn, sources)
    if (typeof result === 'string') {
      sources.redactor.add(result)
      setPath(target, field, result)
      return
    }
    if (result) {
      const severity = sources.lenient && typeof written !== 'string' ? 'warning' : 'error'
      problems.push({ severity, ...result, path: formatPath(path), span: spanAt(root, pointAt) })
    }
    setPath(target, field, unresolved)
  }
}

function secretFields(fields: FieldTable): string[] {
  return Object.entries(fields)
    .filter(([, field]) => field.options.secret)
    .map(([path]) => path)
}

/** What the schema of a secret lets through beside a text. */
type SecretReference = { env: string } | { file: string }

interface Missing {
  code: string
  message: string
  hint: string
}

function lookUp(
  reference: SecretReference,
  writtenIn: string,
  sources: SecretSources,
): Promise<Looked> | Looked {
  return 'env' in reference
    ? fromEnvironment(reference.env, sources)
    : fromFile(reference.file, writtenIn, sources)
}

/** The secret, what is wrong with it, or undefined for one that is there and was not looked at. */
type Looked = string | Missing | undefined

function fromEnvironment(name: string, { environment, redactor }: SecretSources): string | Missing {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    // Perhaps it is the secret itself.
    if (!isTooLong(name)) redactor.add(name)
    return {
      code: 'secret-missing',
      message: 'this is not the name of an environment variable',
      hint: 'write {env: NAME}: letters, digits and underscores',
    }
  }
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined
  if (value) return shortEnough(value, `the environment variable ${name}`, 'is this the right variable?')
  const state = value === '' ? 'is empty' : 'is not set'
  return {
    code: 'secret-missing',
    message: `the environment variable ${name} ${state}`,
    hint: `set it before running: export ${name}=…`,
  }
}

async function fromFile(path: string, writtenIn: string, sources: SecretSources): Promise<Looked> {
  try {
    const value = (await sources.readFile(path, writtenIn))?.replace(/\r?\n$/, '')
    if (value !== '') return value
    return {
      code: 'secret-missing',
      message: `the secret file ${path} is empty`,
      hint: 'write the secret into it',
    }
  } catch (error) {
    const large = error instanceof TooLarge
    return {
      code: large ? 'secret-too-long' : 'secret-missing',
      message: `the secret file ${path} ${whyUnreadable(error)}`,
      hint: large ? 'is this the right file?' : 'a relative path is relative to the file that names it',
    }
  }
}

function shortEnough(secret: string, what: string, hint: string): string | Missing {
  if (!isTooLong(secret)) return secret
  return {
    code: 'secret-too-long',
    message: `${what} is longer than ${formatSize(maximumSecretBytes)}`,
    hint,
  }
}

function isTooLong(secret: string): boolean {
  return secret.length > maximumSecretBytes || Buffer.byteLength(secret) > maximumSecretBytes
}

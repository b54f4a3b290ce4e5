import { getPath, isObject, type JsonObject, setPath } from '../core/json.ts'
import type { Redactor } from '../core/redact.ts'
import type { FieldTable } from '../resources/fields.ts'
import { kinds } from '../resources/index.ts'
import { formatPath } from './config.ts'
import { type Located, type Path, spanAt } from './located.ts'
import type { Problem } from './problem.ts'
import type { ParsedConfig } from './read-config.ts'

/** Where `{env: NAME}` and `{file: path}` are looked up. `readFile` gets the path as written and the file that wrote it. */
export interface SecretSources {
  environment: Record<string, string | undefined>
  readFile(path: string, writtenIn: string): string
  /** `validate` needs no secrets: what is missing is a warning there. */
  lenient: boolean
  redactor: Redactor
}

const secretNames = new Set([
  'password',
  ...kinds.flatMap((kind) =>
    Object.entries(kind.fields)
      .filter(([, field]) => field.options.secret)
      .map(([path]) => path.split('.').at(-1) ?? path),
  ),
])

/** Whether the path is a secret field or inside a reference to one. */
export function isSecretPath(path: Path): boolean {
  const last = path.at(-1)
  const before = path.at(-2)
  return (
    secretNames.has(String(last)) || ((last === 'env' || last === 'file') && secretNames.has(String(before)))
  )
}

/** Replaces every reference by its value and makes every secret known to the redactor. Changes `parsed` in place. */
export function resolveSecrets(parsed: ParsedConfig, root: Located, sources: SecretSources): Problem[] {
  const problems: Problem[] = []
  resolveAt(parsed.nexus as JsonObject, 'password', ['nexus'])
  for (const object of parsed.objects) {
    for (const field of secretFields(object.kind.fields))
      resolveAt(object.spec as JsonObject, field, object.path)
  }
  return problems

  function resolveAt(target: JsonObject, field: string, base: Path): void {
    const written = getPath(target, field)
    if (written === undefined || written === null) return
    const path = [...base, ...field.split('.')]
    const result = lookUp(written, spanAt(root, path).file, sources)
    if (typeof result === 'string') {
      sources.redactor.add(result)
      setPath(target, field, result)
      return
    }
    const reference = isObject(written) ? Object.keys(written)[0] : undefined
    const pointAt = reference ? [...path, reference] : path
    problems.push({
      severity: sources.lenient ? 'warning' : 'error',
      ...result,
      path: formatPath(path),
      span: spanAt(root, pointAt),
    })
    setPath(target, field, 'unresolved')
  }
}

function secretFields(fields: FieldTable): string[] {
  return Object.entries(fields)
    .filter(([, field]) => field.options.secret)
    .map(([path]) => path)
}

interface Missing {
  code: string
  message: string
  hint: string
}

function lookUp(written: unknown, writtenIn: string, sources: SecretSources): string | Missing {
  if (typeof written === 'string') return written
  if (!isObject(written))
    return {
      code: 'invalid-secret',
      message: 'is no secret',
      hint: 'write a text, {env: NAME} or {file: path}',
    }
  if (typeof written['env'] === 'string') return fromEnvironment(written['env'], sources)
  return fromFile(String(written['file']), writtenIn, sources)
}

function fromEnvironment(name: string, sources: SecretSources): string | Missing {
  const value = sources.environment[name]
  if (value) return value
  const state = value === '' ? 'is empty' : 'is not set'
  return {
    code: 'secret-missing',
    message: `environment variable ${name} ${state}`,
    hint: `set it: export ${name}=…`,
  }
}

function fromFile(path: string, writtenIn: string, sources: SecretSources): string | Missing {
  try {
    const value = sources.readFile(path, writtenIn).replace(/\r?\n$/, '')
    if (value !== '') return value
    return {
      code: 'secret-missing',
      message: `secret file ${path} is empty`,
      hint: 'write the secret into it',
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    const words =
      reason === 'ENOENT'
        ? 'does not exist'
        : reason === 'EACCES'
          ? 'may not be read'
          : `cannot be read (${reason})`
    return {
      code: 'secret-missing',
      message: `secret file ${path} ${words}`,
      hint: 'paths are relative to the file that names them',
    }
  }
}

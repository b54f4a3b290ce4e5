import { getPath } from '../../core/json.ts'
import type { Problem } from '../../core/problem.ts'
import { whyNoPassword } from '../../core/secrets/passwords.ts'
import type { Redactor } from '../../core/secrets/redact.ts'
import { type DesiredObject, objectKey, sensitive } from '../../resources/contract/object.ts'
import { formatPath, type Located, type Path, problemAt, spanAt } from '../../yaml/located.ts'
import type { Config, Tables } from '../config.ts'
import type { ParsedConfig } from '../schema/reading.ts'
import {
  type Found,
  lookAtSecret,
  type NoSecret,
  type SecretReference,
  secretIn,
  secretInFile,
  secretInVariable,
  secretPath,
} from '../sources/secret-source.ts'
import { secretFields } from './places.ts'

/** Where `{env: NAME}` and `{file: path}` are looked up. */
interface Options extends Tables {
  environment: Record<string, string | undefined>
  cwd: string
  /** `validate` needs no secrets: what is missing is a warning there. */
  lenientSecrets: boolean
  redactor: Redactor
  /** Paths of texts whose variables are missing: what stands there is no secret but `${NAME}`. */
  unfilled: ReadonlySet<string>
}

/** In place of a secret that `validate` and a try in the sandbox can do without. */
const unresolved = 'unresolved'

type Resolved = Pick<Config, 'nexus' | 'objects' | 'secrets'> & { problems: Problem[] }

/** Looks every secret up and makes it known to the redactor; objects get `sensitive` in its place. Changes nothing in place. */
export async function resolveSecrets(
  { nexus, sections, objects }: ParsedConfig,
  root: Located,
  options: Options,
): Promise<Resolved> {
  const { kinds, intents, environment, lenientSecrets, redactor, unfilled } = options
  const readSecret = secretReader(options)
  const fieldsOf = new Map(kinds.all.map((kind) => [kind, secretFields(kind)]))
  const problems: Problem[] = []
  const secrets = new Map<string, Record<string, string>>()
  const password = await resolveAt(nexus.password, ['nexus'], 'password')
  const resolved: DesiredObject[] = []
  for (const object of objects) {
    const values: Record<string, string> = {}
    for (const field of fieldsOf.get(kinds.named(object.kind)) ?? []) {
      const value = await resolveAt(getPath(object.spec, field), object.path, field)
      if (value !== undefined) values[field] = value
    }
    const fields = Object.keys(values)
    if (fields.length > 0) secrets.set(objectKey(object), values)
    resolved.push(fields.length > 0 ? { ...object, spec: fields.reduce(withoutSecret, object.spec) } : object)
  }
  for (const { name, secrets: fields = [] } of intents) {
    for (const field of fields) {
      const written = getPath(sections[name], field)
      // A reference there is looked up when it is needed.
      if (typeof written === 'string') await resolveAt(written, [name], field)
    }
  }
  const known = password === undefined ? nexus : { ...nexus, password }
  return { nexus: known, objects: resolved, secrets, problems }

  async function resolveAt(value: unknown, base: Path, field: string): Promise<string | undefined> {
    if (value === undefined || value === null) return undefined
    // The schema of a secret lets nothing else through.
    const written = value as string | SecretReference
    const isText = typeof written === 'string'
    const path = [...base, ...field.split('.')]
    const pointAt = isText ? path : [...path, ...Object.keys(written)]
    if (unfilled.has(formatPath(pointAt))) return unresolved
    const readFile = (file: string) => readSecret(file, spanAt(root, pointAt).file)
    const { found, what, hints } = await lookUp(written, environment, readFile)
    if (!found) return unresolved
    if ('text' in found) {
      redactor.add(found.text)
      const why = whyNoPassword(found.text)
      // Servers from 3.73 take an empty one and send it upstream, and all of them take their own placeholder for the password itself.
      const hint = 'write the secret itself, {env: NAME} or {file: path}'
      if (why !== undefined)
        problems.push(
          problemAt(root, path, { code: 'invalid-secret', message: `${field}: this is ${why}`, hint }),
        )
      return found.text
    }
    const code = found.reason === 'long' ? 'secret-too-long' : 'secret-missing'
    const hint = hints[found.reason] ?? 'a relative path is relative to the file that names it'
    const severity = lenientSecrets && !isText ? 'warning' : 'error'
    const span = spanAt(root, pointAt)
    problems.push({ severity, code, message: `${what} ${found.why}`, hint, path: formatPath(path), span })
    return unresolved
  }
}

function withoutSecret(spec: Record<string, unknown>, field: string): Record<string, unknown> {
  const [key = field, ...below] = field.split('.')
  const inner = spec[key] as Record<string, unknown>
  return { ...spec, [key]: below.length === 0 ? sensitive : withoutSecret(inner, below.join('.')) }
}

/** What was found (undefined for what is there and was not looked at), and words for what is wrong with it. */
interface Looked {
  found: Found | undefined
  what: string
  hints: Partial<Record<NoSecret['reason'], string>>
}

async function lookUp(
  written: string | SecretReference,
  environment: Options['environment'],
  readFile: (path: string) => Promise<Found | undefined>,
): Promise<Looked> {
  if (typeof written === 'string') {
    // A block of YAML (`|`) ends with a line break as a file does.
    const hints = { long: 'keep it in a file of its own', empty: 'write the secret itself' }
    return { found: secretIn(written), what: 'this secret', hints }
  }
  if ('file' in written) {
    const found = await readFile(written.file)
    const hints = { long: 'is this the right file?', empty: 'write the secret into it' }
    return { found, what: `the secret file ${written.file}`, hints }
  }
  const name = written.env
  const found = secretInVariable(name, environment)
  const isMisnamed = 'reason' in found && found.reason === 'misnamed'
  const set = `set it before running: export ${name}=…`
  const misnamed = 'write {env: NAME}: letters, digits and underscores'
  const hints = { long: 'is this the right variable?', misnamed, missing: set, empty: set }
  // Not repeated: perhaps it is the secret itself.
  return { found, what: isMisnamed ? 'this' : `the environment variable ${name}`, hints }
}

/**
 * Reads each file once: a pipe can be read only once, and aliases repeat a reference. Where secrets need not be there, nothing is
 * opened: `validate` runs on what strangers propose, and their file could name a device, a pipe or somebody's key. That a file is
 * missing, empty or too large is seen without.
 */
function secretReader({ cwd, lenientSecrets }: Options) {
  const known = new Map<string, Promise<Found | undefined>>()
  return (path: string, writtenIn: string): Promise<Found | undefined> => {
    const at = secretPath(path, writtenIn, cwd)
    const found = known.get(at) ?? (lenientSecrets ? lookAtSecret(at) : secretInFile(at))
    known.set(at, found)
    return found
  }
}

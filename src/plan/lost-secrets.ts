import { getPath, type JsonObject, sectionOf, setPath } from '../core/json.ts'
import { flowText } from '../core/yaml-text.ts'
import { actualValue, type Field, type Values } from '../resources/contract/fields.ts'
import type { Actual, Kind, Refusal } from '../resources/contract/kind.ts'
import { layOver, presence } from './diff.ts'

/**
 * Why an update cannot be sent: Nexus replaces the whole object, and drops a secret that it has and the request leaves out, because it
 * never shows it (nexus-api 7). Not so where the file writes the secret or removes its section, and where the server shows something
 * that keeps it (`placeholder`).
 */
export function refuseLostSecret(kind: Kind, actual: Actual, values: Values): Refusal | undefined {
  const secrets = Object.entries(kind.fields).filter(
    ([path, { options }]) => options.secret && values[path] === undefined,
  )
  if (secrets.length === 0) return undefined
  const body = layOver(kind, actual.wire, values)
  const lost = secrets.find(([, field]) => isLost(field, actual.wire, body))
  if (!lost) return undefined
  const [path] = lost
  const section = sectionOf(path)
  const owner = kind.section.form === 'map' ? `"${actual.id}"` : kind.label
  return {
    code: 'upstream-password-missing',
    path: section,
    message: `the server's ${owner} has ${path}, which Nexus never returns and drops when an update leaves it out`,
    hint: `write ${lineWith(kind, path, body)}${section === '' ? '' : `, or ${section}: null to remove it`}`,
  }
}

function isLost(field: Field, before: JsonObject, after: JsonObject): boolean {
  if (field.options.secret?.placeholder && getPath(after, field.wire)) return false
  return presence(field, before) === 'there' && presence(field, after) === 'there'
}

/** The line to add: the section as the server has it and the file wants it, with the secret. */
function lineWith(kind: Kind, secret: string, body: JsonObject): string {
  const [key = ''] = secret.split('.')
  const line: JsonObject = {}
  for (const [path, field] of Object.entries(kind.fields)) {
    const isBeside = path.startsWith(`${key}.`) && !field.section && !field.options.secret
    const value = isBeside ? actualValue(field, body) : undefined
    if (value !== undefined && value !== null) setPath(line, path, value)
    if (path === secret) setPath(line, path, { env: 'NAME' })
  }
  return flowText(line).slice(1, -1)
}

import { isObject } from '../core/json.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Intent } from './contract.ts'

/** `authentication: {username, password}` of a proxy says what it is by what it has. */
export const loginType: Intent = {
  name: 'loginType',
  expand: (_, objects) => objects.map(withType),
}

function withType(object: DesiredObject): DesiredObject {
  const login = object.spec['authentication']
  if (object.kind !== 'dockerProxy' || !isObject(login) || login['type'] !== undefined) return object
  const isNtlm = login['ntlmHost'] || login['ntlmDomain']
  const type = login['bearerToken'] ? 'bearerToken' : isNtlm ? 'ntlm' : 'username'
  return { ...object, spec: { ...object.spec, authentication: { type, ...login } } }
}

import * as z from 'zod'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Rule } from '../resources/contract/rule.ts'
import { type Intent, settingsOf } from './contract.ts'

/** Kinds whose objects can be pulled from. */
const repositories = ['dockerHosted', 'dockerProxy', 'dockerGroup']

/** The realm that hands out tokens to nobody in particular. */
const tokenRealm = 'DockerToken'

/** Anonymous pull needs forceBasicAuth off in every repository; `anonymousPull: false` asks everywhere for a login. */
function withBasicAuth(object: DesiredObject, anonymous: boolean): DesiredObject {
  if (!repositories.includes(object.kind) || 'forceBasicAuth' in object.spec) return object
  return {
    ...object,
    spec: { ...object.spec, forceBasicAuth: !anonymous },
    because: { ...object.because, forceBasicAuth: `anonymousPull: ${anonymous}` },
  }
}

/** … and anonymous access to the server, and the realm. */
function withAnonymousAccess(objects: readonly DesiredObject[]): DesiredObject[] {
  const reason = 'anonymousPull: true'
  const access = settingsOf(objects, 'anonymous', 'anonymousPull')
  const realms = settingsOf(objects, 'realms', 'anonymousPull')
  const ensured = [...((realms.spec['ensure'] as string[] | undefined) ?? [])]
  if (!ensured.includes(tokenRealm)) ensured.push(tokenRealm)
  const enabled = 'enabled' in access.spec ? {} : { enabled: reason }
  return [
    ...objects.filter((object) => object !== access && object !== realms),
    { ...realms, spec: { ...realms.spec, ensure: ensured }, because: { active: reason } },
    { ...access, spec: { enabled: true, ...access.spec }, because: enabled },
  ]
}

/** A file that owns the list of realms has to have the realm in it. */
const realmIsActive: Rule = ({ sections, ofKind, reportAt }) => {
  const [realms] = ofKind('realms')
  const exact = realms?.object.spec['exact'] as string[] | undefined
  if (sections['anonymousPull'] !== true || !exact || exact.includes(tokenRealm)) return
  const message = 'anonymousPull needs the DockerToken realm'
  const hint = 'add DockerToken to realms.exact, or remove anonymousPull'
  reportAt(['anonymousPull'], { code: 'anonymous-pull', message, hint }, 'key')
}

/** A file that switches anonymous access off contradicts itself. */
const accessIsOn: Rule = ({ sections, ofKind, report }) => {
  const [access] = ofKind('anonymous')
  if (sections['anonymousPull'] !== true || access?.values['enabled'] !== false) return
  const message = 'anonymousPull: true needs anonymous access'
  report(access, 'enabled', { code: 'anonymous-pull', message, hint: 'remove one of the two' })
}

export const anonymousPull: Intent<boolean> = {
  name: 'anonymousPull',
  section: z
    .boolean()
    .describe(
      'true: everybody may pull without a login; false: every repository asks for one; left out: as it is.',
    ),
  expand(anonymous, objects) {
    if (anonymous === undefined) return [...objects]
    const pulls = objects.map((object) => withBasicAuth(object, anonymous))
    return anonymous ? withAnonymousAccess(pulls) : pulls
  },
  rules: [realmIsActive, accessIsOn],
}

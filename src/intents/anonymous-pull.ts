import * as z from 'zod'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Rule } from '../resources/contract/rule.ts'
import { type Intent, settingsOf } from './contract.ts'

/** Kinds whose objects can be pulled from. */
const repositories = ['dockerHosted', 'dockerProxy', 'dockerGroup']

/** The realm that hands out tokens to nobody in particular. */
const tokenRealm = 'DockerToken'

/** The user that this realm gives tokens to, whatever the anonymous user of the server is (docker-evidence 35, nexus-public 743). */
const tokenUser = 'anonymous'

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
  const access = settingsOf(objects, 'anonymous', 'anonymousPull')
  const realms = settingsOf(objects, 'realms', 'anonymousPull')
  const enabled = 'enabled' in access.spec ? {} : { enabled: reason }
  return [
    ...objects.filter((object) => object !== access && object !== realms),
    withTokenRealm(realms),
    { ...access, spec: { enabled: true, ...access.spec }, because: { ...access.because, ...enabled } },
  ]
}

const reason = 'anonymousPull: true'

/** The realm is added to the list that the file has, also to one that it owns; the plan says why. */
function withTokenRealm(realms: DesiredObject): DesiredObject {
  const list = 'exact' in realms.spec ? 'exact' : 'ensure'
  const named = namesIn(realms, list)
  if (named.includes(tokenRealm)) return realms
  return {
    ...realms,
    spec: { ...realms.spec, [list]: [...named, tokenRealm] },
    because: { ...realms.because, active: reason },
  }
}

function namesIn({ spec }: DesiredObject, list: 'exact' | 'ensure'): readonly string[] {
  return (spec[list] as string[] | undefined) ?? []
}

/** A file that switches anonymous access off contradicts itself. */
const accessIsOn: Rule = ({ sections, ofKind, report }) => {
  const [access] = ofKind('anonymous')
  if (sections['anonymousPull'] !== true || access?.object.spec['enabled'] !== false) return
  const message = 'anonymousPull: true needs anonymous access'
  report(access, 'enabled', { code: 'anonymous-pull', message, hint: 'remove one of the two' })
}

/** Another anonymous user, of the file or of the server: everything is applied then, and nobody can pull. */
const userHasTokens: Rule = ({ sections, ofKind, isWritten, report, reportAt }) => {
  const [access] = ofKind('anonymous')
  const user = access?.values['userId']
  if (sections['anonymousPull'] !== true || typeof user !== 'string' || user === tokenUser || !access) return
  const finding = {
    severity: 'warning',
    standing: true,
    code: 'anonymous-user',
    message: `anonymous pulls are made as the user "${tokenUser}", and anonymous access uses userId: ${user}`,
    hint: `write "anonymous: {userId: ${tokenUser}}": the realm DockerToken knows no other user`,
  } as const
  if (isWritten([...access.object.path, 'userId'])) report(access, 'userId', finding)
  else reportAt(['anonymousPull'], finding, 'key')
}

/**
 * `forceBasicAuth: false` alone lets nobody in: it needs the realm and anonymous access, of the file or of the server (nexus-api section 5).
 * One warning, however many repositories have it.
 */
const pullsAreOpen: Rule = ({ sections, objects, ofKind, isWritten, report }) => {
  if (sections['anonymousPull'] === true) return
  const open = objects.filter(
    ({ kind, object }) => repositories.includes(kind.kind) && isWritten([...object.path, 'forceBasicAuth']),
  )
  const [first, ...others] = open.filter(({ object }) => object.spec['forceBasicAuth'] === false)
  const [realms] = ofKind('realms')
  const [access] = ofKind('anonymous')
  const active = realms && (realms.values['active'] ?? realms.object.spec['exact'])
  const missing = [
    ...(Array.isArray(active) && !active.includes(tokenRealm) ? ['the realm DockerToken is not active'] : []),
    ...(access?.values['enabled'] === false ? ['anonymous access is off'] : []),
  ]
  if (!first || missing.length === 0) return
  const more = others.length === 0 ? '' : `, and on ${others.length} more`
  report(first, 'forceBasicAuth', {
    severity: 'warning',
    standing: true,
    code: 'anonymous-pull-off',
    message: `forceBasicAuth: false on "${first.id}"${more} lets nobody pull without signing in: ${missing.join(', and ')}`,
    hint: `write "anonymousPull: true" at the top of the file, which asks for all of it${
      access?.object.spec['enabled'] === false ? ', in place of "anonymous: {enabled: false}"' : ''
    }`,
  })
}

export const anonymousPull: Intent<boolean> = {
  name: 'anonymousPull',
  section: z
    .boolean()
    .describe(
      'true: everybody may pull without signing in; false: every repository asks for a sign-in; left out: no change.',
    ),
  expand(anonymous, objects) {
    if (anonymous === undefined) return [...objects]
    const pulls = objects.map((object) => withBasicAuth(object, anonymous))
    return anonymous ? withAnonymousAccess(pulls) : pulls
  },
  rules: [accessIsOn, userHasTokens, pullsAreOpen],
}

import type { DesiredObject, Kind } from '../resources/define.ts'
import { kinds } from '../resources/index.ts'
import { type UpstreamName, upstreams } from '../resources/upstreams.ts'
import type { BootstrapSection } from './config.ts'
import type { ParsedConfig } from './schema/reading.ts'

/**
 * Turns intents into the fields they stand for. What the file writes itself always wins; what an intent adds carries its
 * reason, which the plan shows.
 */
export function expandIntents(parsed: ParsedConfig): ParsedConfig {
  const written = parsed.objects.map(withUpstream).map(withAuthenticationType)
  return { ...parsed, objects: withBootstrap(withPull(written, parsed.anonymousPull), parsed.bootstrap) }
}

function withPull(objects: DesiredObject[], anonymous: boolean | undefined): DesiredObject[] {
  if (anonymous === undefined) return objects
  const pulls = objects.map((object) => withBasicAuth(object, anonymous))
  return anonymous ? withAnonymousAccess(pulls) : pulls
}

/**
 * What a new server asks for: the password, the licence, and a choice of anonymous access, which is that of the file or what the
 * server has.
 */
function withBootstrap(objects: DesiredObject[], bootstrap: BootstrapSection | undefined): DesiredObject[] {
  if (!bootstrap) return objects
  const access = takeBlock(objects, 'anonymous', 'bootstrap')
  const password: DesiredObject = {
    kind: kindNamed('adminPassword'),
    id: 'admin',
    spec: {},
    path: ['bootstrap', 'initialPassword'],
    because: { password: 'bootstrap.initialPassword' },
  }
  const licence: DesiredObject = {
    kind: kindNamed('eula'),
    id: 'eula',
    spec: { accepted: true },
    path: ['bootstrap', 'acceptEula'],
    because: { accepted: 'bootstrap.acceptEula' },
  }
  return [
    ...(bootstrap.initialPassword === undefined ? [] : [password]),
    ...(bootstrap.acceptEula === true ? [licence] : []),
    ...objects.filter(({ kind }) => kind !== access.kind),
    {
      ...access,
      spec: { ...access.spec, confirmed: true },
      because: { ...access.because, confirmed: 'bootstrap' },
    },
  ]
}

function withUpstream(object: DesiredObject): DesiredObject {
  const { upstream, ...written } = object.spec
  if (typeof upstream !== 'string') return object
  const preset: Record<string, unknown> = upstreams[upstream as UpstreamName]
  const added = Object.keys(preset).filter((key) => !(key in written))
  const reasons = Object.fromEntries(added.map((key) => [key, `upstream: ${upstream}`]))
  return { ...object, spec: { ...preset, ...written }, because: { ...object.because, ...reasons } }
}

/** `authentication: {username, password}` says what it is by what it has. */
function withAuthenticationType(object: DesiredObject): DesiredObject {
  const login = object.spec['authentication'] as Record<string, unknown> | null | undefined
  if (object.kind.kind !== 'dockerProxy' || !login || login['type'] !== undefined) return object
  const type = login['bearerToken']
    ? 'bearerToken'
    : login['ntlmHost'] || login['ntlmDomain']
      ? 'ntlm'
      : 'username'
  return { ...object, spec: { ...object.spec, authentication: { type, ...login } } }
}

/** Anonymous pull needs forceBasicAuth off in every repository; `anonymousPull: false` asks everywhere for a login. */
function withBasicAuth(object: DesiredObject, anonymous: boolean): DesiredObject {
  if (object.kind.namespace !== 'repository' || 'forceBasicAuth' in object.spec) return object
  return {
    ...object,
    spec: { ...object.spec, forceBasicAuth: !anonymous },
    because: { ...object.because, forceBasicAuth: `anonymousPull: ${anonymous}` },
  }
}

/** … and anonymous access to the server, and the DockerToken realm that hands out tokens to nobody in particular. */
function withAnonymousAccess(objects: DesiredObject[]): DesiredObject[] {
  const reason = 'anonymousPull: true'
  const access = takeBlock(objects, 'anonymous', 'anonymousPull')
  const realms = takeBlock(objects, 'realms', 'anonymousPull')
  const ensured = [...((realms.spec['ensure'] as string[] | undefined) ?? [])]
  if (!ensured.includes('DockerToken')) ensured.push('DockerToken')
  const others = objects.filter((object) => object.kind.kind !== 'anonymous' && object.kind.kind !== 'realms')
  const enabled = 'enabled' in access.spec ? {} : { enabled: reason }
  return [
    ...others,
    { ...realms, spec: { ...realms.spec, ensure: ensured }, because: { active: reason } },
    { ...access, spec: { enabled: true, ...access.spec }, because: enabled },
  ]
}

function takeBlock(objects: DesiredObject[], name: string, asker: string): DesiredObject {
  const written = objects.find((object) => object.kind.kind === name)
  return written ?? { kind: kindNamed(name), id: name, spec: {}, path: [asker], because: {} }
}

function kindNamed(name: string): Kind {
  const kind = kinds.find((candidate) => candidate.kind === name)
  if (!kind) throw new Error(`there is no kind ${name}`)
  return kind
}

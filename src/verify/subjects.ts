import type { Config } from '../config/config.ts'
import type { ImageWay } from '../core/image-address.ts'
import { valuesIn } from '../plan/neighbours.ts'
import type { Values } from '../resources/contract/fields.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import type { Address, Endpoint, ServerFacts, Subject } from './evidence.ts'

export interface Surroundings {
  kinds: KindTable
  /** The repositories of the server; undefined where the user may not read them. */
  state: ServerState | undefined
  server: ServerFacts
  /** By repository. */
  endpoints: ReadonlyMap<string, Endpoint>
  /** Where a connector listens, if not at its port: a sandbox that is gone in the end takes free ones. */
  connectorUrl?: (repository: string) => string | undefined
  /** Images to pull through proxy repositories, by repository: `library/alpine:3`. */
  images: ReadonlyMap<string, string>
}

const types: Readonly<Record<string, Subject['type']>> = {
  dockerHosted: 'hosted',
  dockerProxy: 'proxy',
  dockerGroup: 'group',
}

/** The docker repositories of the file, in its order, as they are to be proved. */
export function subjectsOf(config: Config, about: Surroundings): Subject[] {
  return config.objects.flatMap((object) => {
    const type = types[object.kind]
    return type === undefined ? [] : [subjectOf(object, type, config, about)]
  })
}

function subjectOf(
  object: DesiredObject,
  type: Subject['type'],
  config: Config,
  about: Surroundings,
): Subject {
  const { kinds, state, server, endpoints, images } = about
  const kind = kinds.named(object.kind)
  const written = valuesOfObject(kind, object)
  const found = state && findActual(state, object)
  const actual = found && valuesIn(kind, found.wire)
  const wanted = { ...actual, ...written }
  const endpoint = endpoints.get(object.id)
  const anonymous = promiseOf(wanted, config, server)
  const sample = kind.sampleImage?.(wanted, () => undefined)
  const image = imageOf(images.get(object.id), sample, wanted)
  return {
    name: object.id,
    type,
    path: object.path,
    written,
    because: object.because,
    ...(actual && { actual }),
    ...(state && !found && { missing: true }),
    wanted,
    address:
      endpoint === undefined
        ? addressOf(object.id, kind.clientAccess?.(wanted)?.way, about)
        : { ...endpoint, way: 'endpoint' },
    ...(anonymous && { anonymous }),
    ...(image && { image }),
  }
}

/** A connector, a subdomain, a name in the path; what has none of them answers where every repository does. */
function addressOf(name: string, way: ImageWay | undefined, { server, connectorUrl }: Surroundings): Address {
  const base = server.url.replace(/\/+$/, '')
  if (!way) return ownAddress(name, server.url)
  const url = new URL(base)
  const { port, tls, subdomain } = way
  if (port !== undefined) {
    const stated = `${tls ? 'https' : 'http'}://${url.hostname}:${port}`
    return { url: connectorUrl?.(name) ?? stated, prefix: '', way: 'port' }
  }
  if (subdomain === undefined) return { url: base, prefix: `${name}/`, way: 'path' }
  return { url: `${url.protocol}//${subdomain}.${url.host}`, prefix: '', way: 'subdomain' }
}

/** Where a repository of every version answers, whatever else leads to it (edge.md 2). */
export function ownAddress(name: string, server: string): Address {
  return { url: `${server.replace(/\/+$/, '')}/repository/${name}`, prefix: '', way: 'repository' }
}

/** What the file promises to those who do not log in; where it is silent, what the server has says it. */
function promiseOf(wanted: Values, config: Config, server: ServerFacts): Subject['anonymous'] {
  if (wanted['forceBasicAuth'] !== false) return 'refused'
  const access = config.objects.find(({ kind }) => kind === 'anonymous')?.spec['enabled']
  if (config.sections['anonymousPull'] === true || access === true) return 'let-in'
  if (access === false || server.anonymous?.enabled === false) return 'refused'
  return server.anonymous?.enabled === true && server.realms?.includes('DockerToken') ? 'let-in' : undefined
}

function imageOf(
  named: string | undefined,
  sample: string | undefined,
  { remoteUrl, online }: Values,
): Subject['image'] {
  if (remoteUrl === undefined || online === false) return undefined
  const text = named ?? sample
  return text === undefined ? undefined : { ...nameAndTag(text), named: named !== undefined }
}

/** `library/alpine:3` taken apart; the tag is `latest` where there is none. */
function nameAndTag(text: string): { name: string; tag: string } {
  const [name = '', tag = 'latest'] = text.split(':')
  return { name, tag }
}

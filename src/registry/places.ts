import { BlockList, isIP } from 'node:net'

/** Addresses that mean something else on each machine or network: RFC 1918, 1122, 3927, 4193, 4291, 6598. */
const LOCAL = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  LOCAL.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  LOCAL.addSubnet(net, bits, 'ipv6')

/** A private, loopback or link-local address written as such, or `localhost`. */
function isLocal({ hostname }: URL): boolean {
  if (/(^|\.)localhost\.?$/.test(hostname)) return true
  const address = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  return family !== 0 && LOCAL.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function isLoopback({ hostname }: URL): boolean {
  return /^127\.|^\[::1\]$|(^|\.)localhost\.?$/.test(hostname)
}

/**
 * Why a place that a registry names must not be gone to, as the end of a sentence; undefined where it may be. As go-containerregistry
 * judges realms and upload locations (`validateRealmURL`, `checkLocation`): no step from https to http, and none to an address of the
 * network within, which only whoever stands there reaches.
 */
export function refusalOf(target: URL, registry: URL): string | undefined {
  if (target.protocol !== 'https:' && target.protocol !== 'http:') return 'that is not a place of the web'
  if (target.username !== '' || target.password !== '') return 'that holds credentials'
  if (target.protocol === 'http:' && registry.protocol === 'https:')
    return 'that is not https, and the registry is'
  if (!isLocal(target) || target.host === registry.host) return undefined
  // `localhost` and 127.0.0.1 are one machine.
  if (/localhost\.?$/.test(target.hostname) && isLoopback(registry)) return undefined
  return 'that is an address within a private network, and not the registry itself'
}

export type Realm = { url: URL; refusal?: undefined } | { url?: URL; refusal: string }

/** Where a Bearer challenge sends whoever wants a token, and why credentials must not be sent there. */
export function judgeRealm(realm: string, registry: URL, { ownRealm = false } = {}): Realm {
  const url = URL.canParse(realm) ? new URL(realm) : undefined
  if (!url) return { refusal: 'that is not a URL' }
  const isStrange = ownRealm && url.origin !== registry.origin
  const refusal = refusalOf(url, registry) ?? (isStrange ? 'that is not the registry itself' : undefined)
  return refusal === undefined ? { url } : { url, refusal }
}

/** Query values that the protocol itself gives, and that hold no secret. */
const HARMLESS = new Set(
  'ns n last digest mount from artifactType service scope account grant_type'.split(' '),
)

/** A URL as it may be shown: what else stands in a query may be a signature (containerd's `sanitizedURL`). */
export function shownUrl(url: string | URL): string {
  const [place = '', ...query] = String(url).split('?')
  const pairs = query.join('?').split('&')
  const masked = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return value.length === 0 || HARMLESS.has(name) ? pair : `${name}=***`
  })
  return query.length === 0 ? place : `${place}?${masked.join('&')}`
}

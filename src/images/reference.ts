import { isImageName, isTag } from '../core/oci/reference.ts'
import { isHub } from '../edge/repository.ts'

/** The name of an image, taken apart as docker does (github.com/distribution/reference: reference.go, normalize.go). */
export interface Reference {
  /** The registry, with its port: `docker.io` where none is written. */
  domain: string
  /** Whether it is written. */
  hasDomain: boolean
  /** `library/nginx`: Docker Hub's own images have the first part written out. */
  path: string
  /** With its colon, as written: '' or `:1.25`. */
  tag: string
  /** With its sign: '' or `@sha256:…`. */
  digest: string
}

/** Why something is not the name of an image: the end of a sentence about it. */
export interface NoReference {
  why: string
}

const host =
  /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*|\[[\da-f:]+\])(?::\d{1,5})?$/
const digests = /^[a-z][a-z\d]*(?:[-_+.][a-z][a-z\d]*)*:[\da-f]{32,}$/i

/** `nginx`, `localhost:5000/acme/app:1`, `quay.io/prometheus/busybox@sha256:…`. */
export function parseReference(text: string): Reference | NoReference {
  const [, name = '', tag, digest] = /^(.*?)(?::([^:/@\]]*))?(?:@(.*))?$/s.exec(text) ?? []
  const { first, rest } = splitName(name)
  const domain = first === undefined || isHub(first) ? 'docker.io' : first
  const path = domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest
  const why = whyNot(domain, path, tag, digest)
  if (why !== undefined) return { why: /^\w+:\/\//.test(text) ? 'begins like a URL' : why }
  return {
    domain,
    hasDomain: first !== undefined,
    path,
    tag: tag === undefined ? '' : `:${tag}`,
    digest: digest === undefined ? '' : `@${digest}`,
  }
}

function whyNot(domain: string, path: string, tag = 'latest', digest?: string): string | undefined {
  if (!host.test(domain)) return 'does not begin with the name of a registry'
  if (!isImageName(path))
    return isImageName(path.toLowerCase()) ? 'has capital letters in its path' : 'is not the name of an image'
  if (!isTag(tag)) return 'has a tag that is none'
  return digest === undefined || digests.test(digest) ? undefined : 'has a digest that is none'
}

/** What stands first is a registry where a dot or a colon is in it, as `localhost`, or with a capital, which no path has. */
function splitName(name: string): { first?: string; rest: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  if (!/[.:A-Z]|^localhost$/.test(first)) return { rest: name }
  return { first: first.toLowerCase(), rest: name.slice(slash + 1) }
}

/** With the tag that is meant where none is written. */
export function withTag(reference: Reference): Reference {
  const { tag, digest } = reference
  return tag === '' && digest === '' ? { ...reference, tag: ':latest' } : reference
}

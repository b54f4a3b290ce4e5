import type { Edge, PublicRegistry } from '../edge/edge.ts'
import { upstreamAt } from '../intents/upstreams.ts'
import type { Reference } from './reference.ts'

/** The public names of an image. */
export interface ImageNames {
  pull: string
  /** Undefined where the file has no registry for it. */
  push?: string
  /** Whose image the name for pulls may lead to instead, a sentence. */
  note?: string
}

/** Why there are none, as a problem says it. */
export interface NoNames {
  message: string
  hint: string
}

/**
 * Under which name an image is pulled through the registries of an edge, and where a push of it goes: images of our own by the name that
 * they have, all others by the proxy repository of their registry. A push has no digest.
 */
export function imageNames(edge: Edge, reference: Reference): ImageNames | NoNames {
  const { domain, hasDomain, path, tag, digest } = reference
  const pushes = named(edge).find(({ repository }) => repository === edge.push)
  const names = (pull: string, inner: string, push = pushes): ImageNames => ({
    pull: `${pull}${tag}${digest}`,
    ...(push && { push: `${push.host}/${push.prefix}${inner}${tag}` }),
  })
  const here = named(edge).filter(({ host, scheme }) => [host, withPort(host, scheme)].includes(domain))
  if (here[0]) {
    const { host } = here[0]
    const own = here.find(({ prefix }) => path.startsWith(prefix))
    // Below no repository: wherever it leads, it is ours.
    if (!own) return { pull: `${host}/${path}${tag}${digest}` }
    return names(`${host}/${path}`, path.slice(own.prefix.length), own.takesPushes ? own : pushes)
  }
  const isPrivate = !hasDomain && edge.namespaces.some((name) => path.startsWith(`${name}/`))
  const home = groupOf(edge, ({ members }) => edge.push !== undefined && members.includes(edge.push))
  const source = isPrivate ? (home ?? pushes) : sourceOf(edge, domain)
  if (!source) return noNames(edge, domain)
  const hidden = isPrivate ? undefined : hiddenBehind(edge, source, pushes, reference)
  if (hidden) return hidden
  const note = isPrivate ? undefined : (noteOn(source, domain) ?? noteOnOurs(edge, reference))
  return { ...names(`${source.host}/${source.prefix}${path}`, path), ...(note !== undefined && { note }) }
}

/** A host without a port may be written with that of its scheme. */
function withPort(host: string, scheme: PublicRegistry['scheme']): string {
  return `${host}:${scheme === 'https' ? 443 : 80}`
}

/** Those that names of images lead to. */
function named({ registries }: Edge): PublicRegistry[] {
  return registries.filter((one) => one.named)
}

/** The group that fits: the one for pulls, else the first. */
function groupOf(edge: Edge, fits: (one: PublicRegistry) => boolean): PublicRegistry | undefined {
  const groups = named(edge).filter(fits)
  return groups.find((one) => one.repository === edge.pull) ?? groups[0]
}

/** The name that leads to the images of a registry: of several proxies one in the group for pulls, without any a group of such. */
function sourceOf(edge: Edge, domain: string): PublicRegistry | undefined {
  const proxies = named(edge).filter((one) => one.domain === domain)
  const shown = edge.registries.find(({ repository }) => repository === edge.pull)?.members ?? []
  const proxy = proxies.find(({ repository }) => shown.includes(repository)) ?? proxies[0]
  return proxy ?? groupOf(edge, ({ domains }) => domains.includes(domain))
}

/** Behind the one name of routing by namespace, what begins so is ours, whatever registry it is from. */
function hiddenBehind(
  { routing, namespaces }: Edge,
  { host, prefix, repository }: PublicRegistry,
  pushes: PublicRegistry | undefined,
  { domain, path }: Reference,
): NoNames | undefined {
  if (routing !== 'namespace' || prefix !== '' || host !== pushes?.host) return undefined
  const own = namespaces.find((name) => path.startsWith(`${name}/`))
  return own === undefined
    ? undefined
    : {
        message: `${host}/${own}/ leads to images of your own, not to those of ${domain}`,
        hint: `give "${repository}" or its proxy a name of its own (edge.hosts.repositories), or choose another namespace`,
      }
}

/** A group answers with what its first member has of a name (edge.md 3.1), and Docker Hub has an image of nearly every name. */
function noteOn({ repository, domains }: PublicRegistry, domain: string): string | undefined {
  const hub = domains.indexOf('docker.io')
  return hub < 0 || hub >= domains.indexOf(domain)
    ? undefined
    : `"${repository}" looks in Docker Hub first, and what has the same name there is what you get: make its proxy the last member`
}

/** What has no registry in its name is Docker Hub's to every tool, and here perhaps ours. */
function noteOnOurs({ push, namespaces }: Edge, { hasDomain }: Reference): string | undefined {
  return hasDomain || push === undefined || namespaces.length > 0
    ? undefined
    : "names without a registry are taken for Docker Hub's: edge.namespaces says which first parts are those of your own images"
}

function noNames(edge: Edge, domain: string): NoNames {
  const known = [...new Set(named(edge).flatMap((one) => one.domain ?? one.domains))]
  const group = edge.registries.find(({ repository, type }) => type === 'group' && repository === edge.pull)
  const join = group ? `, and make it a member of "${group.repository}"` : ''
  const upstream = upstreamAt(domain)
  const from = upstream === undefined ? `remoteUrl: "https://${domain}"` : `upstream: ${upstream}`
  return {
    message: `no public name leads to images of ${domain}${known.length > 0 ? `, only to those of ${known.join(', ')}` : ''}`,
    hint: `add a proxy repository${join}: ${domain.replaceAll(/[^a-z\d.-]+/g, '-').replace(/^-/, '')}: {type: proxy, ${from}}`,
  }
}

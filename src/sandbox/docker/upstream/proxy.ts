// A proxy repository: what it has, else what its upstream has, stored before it is served (open core: ProxyFacetSupport, whose log lines
// the Docker format writes, too). What the remote does not give is answered as row 44 and issues 292, 493, 639 of nexus-public show.
import { text } from 'node:stream/consumers'
import type { Repository } from '../../kernel/state.ts'
import type { RemoteResponse } from '../../outbound/ask.ts'
import { isBlocked } from '../../repositories/routing-rules.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call, RepositoryHandler, ServedBlob, ServedManifest } from '../repository-handler.ts'
import { DigestMismatch } from '../store/upload.ts'
import { manifestTypes, readManifest } from './manifest.ts'
import { createNegativeCache, type NegativeCache } from './negative-cache.ts'
import { createUpstream, RemoteBlocked, type Upstream } from './upstream.ts'

/** What a proxy repository knows while it runs; a PUT of its settings starts it anew. */
interface Running {
  attributes: Repository['attributes']
  upstream: Upstream
  /** Outlives a PUT that leaves the remote's URL as it is. */
  notFound: NegativeCache
  /** Requests that are open, by path: whoever asks for the same meanwhile gets the same. */
  open: Map<string, Promise<unknown>>
  /** When a tag, or a list of tags, was last known to be the remote's: milliseconds since 1970. */
  checked: Map<string, number>
  tags: Map<string, readonly string[]>
}

const mostPages = 1000

function settingsOf({ attributes }: Repository) {
  const proxy = attributes['proxy'] as { remoteUrl: string; metadataMaxAge: number }
  const negativeCache = attributes['negativeCache'] as { enabled: boolean; timeToLive: number }
  const { indexType } = attributes['dockerProxy'] as { indexType: string }
  return { ...proxy, negativeCache, indexType, online: attributes['online'] !== false }
}

/** Docker Hub's official images may be asked for without `library/`, which Nexus adds for it (edge 3.8). */
function imageAt(repository: Repository, name: string): string {
  return settingsOf(repository).indexType === 'HUB' && !name.includes('/') ? `library/${name}` : name
}

function refuseByRule({ state, repository }: Call, path: string): void {
  const message = 'Routing rules block the requested item from this repository'
  if (isBlocked(state, repository.attributes, path)) throw new RegistryRefusal('DENIED', { message })
}

/** Handler of all proxy repositories of a server; `signal` ends what is still under way to their upstreams. */
export function createProxyHandler(signal: AbortSignal): RepositoryHandler {
  const running = new WeakMap<Repository, Running>()

  function runningOf({ repository, state }: Call): Running {
    const known = running.get(repository)
    if (known?.attributes === repository.attributes) return known
    const { remoteUrl } = settingsOf(repository)
    const last = known && (known.attributes['proxy'] as { remoteUrl: string }).remoteUrl
    const started: Running = {
      attributes: repository.attributes,
      upstream: createUpstream(repository, state, signal),
      notFound: known && last === remoteUrl ? known.notFound : createNegativeCache(),
      open: new Map(),
      checked: new Map(),
      tags: new Map(),
    }
    running.set(repository, started)
    return started
  }

  /** Asks once for all who want the same at the same time. */
  function once<T>(call: Call, path: string, fetch: (running: Running) => Promise<T>): Promise<T> {
    const at = runningOf(call)
    const open = at.open.get(path) as Promise<T> | undefined
    if (open) return open
    const started = fetch(at).finally(() => at.open.delete(path))
    at.open.set(path, started)
    return started
  }

  /** The remote's 200 or 304; undefined where it has no such thing or does not say so. */
  async function ask(
    call: Call,
    path: string,
    image: string,
    headers: Record<string, string> = {},
  ): Promise<RemoteResponse | undefined> {
    const { upstream, notFound } = runningOf(call)
    const { negativeCache, online } = settingsOf(call.repository)
    if (!online || (negativeCache.enabled && notFound.has(path))) return undefined
    const response = await upstream.get(path, image, headers).catch((error: unknown) => {
      if (!(error instanceof RemoteBlocked)) return undefined
      throw new RegistryRefusal('UNKNOWN', { status: 404, message: error.message })
    })
    if (response?.status === 200 || response?.status === 304) {
      notFound.remove(path)
      return response
    }
    response?.body.resume()
    if (response?.status === 404 && negativeCache.enabled) notFound.add(path, negativeCache.timeToLive)
    if (response?.status === 403) throw new RegistryRefusal('UNAUTHORIZED', { status: 403 })
    return undefined
  }

  function isFresh({ repository }: Call, checkedAt: number): boolean {
    const { metadataMaxAge: minutes } = settingsOf(repository)
    return minutes < 0 || Date.now() - checkedAt < minutes * 60_000
  }

  function served({ content }: Call, name: string, reference: string): ServedManifest | undefined {
    const manifest = content.manifest(name, reference)
    return manifest && { ...manifest, bytes: content.manifestBytes(manifest) }
  }

  async function renewManifest(call: Call, path: string, name: string, reference: string): Promise<void> {
    const { content, user: uploader } = call
    const cached = content.manifest(name, reference)
    const response = await ask(call, path, name, {
      Accept: manifestTypes.join(', '),
      ...(cached && { 'If-None-Match': `"${cached.digest}"` }),
    })
    if (!response) return
    if (response.status === 200) {
      const manifest = await readManifest(response, reference)
      if (!manifest) return
      const { bytes, mediaType } = manifest
      content.putManifest({ name, reference, mediaType, uploader }, bytes)
    } else response.body.resume()
    runningOf(call).checked.set(path, Date.now())
  }

  async function manifest(call: Call, requested: string, reference: string) {
    refuseByRule(call, `/v2/${requested}/manifests/${reference}`)
    const name = imageAt(call.repository, requested)
    const path = `v2/${name}/manifests/${reference}`
    const cached = call.content.manifest(name, reference)
    if (cached) {
      const checkedAt = runningOf(call).checked.get(path) ?? Date.parse(cached.updatedAt)
      if (cached.digest === reference || isFresh(call, checkedAt)) return served(call, name, reference)
    }
    const renewed = once(call, path, () => renewManifest(call, path, name, reference))
    // what is there is served, whatever comes of asking for newer
    await (cached ? renewed.catch(() => undefined) : renewed)
    return served(call, name, reference)
  }

  async function fetchBlob(call: Call, path: string, name: string, digest: string): Promise<void> {
    const response = await ask(call, path, name)
    if (!response) return
    await call.content.writeBlob(response.body, digest, call.user).catch((error: unknown) => {
      if (error instanceof DigestMismatch) throw new RegistryRefusal('DIGEST_INVALID')
    })
  }

  async function blob(call: Call, requested: string, digest: string): Promise<ServedBlob | undefined> {
    refuseByRule(call, `/v2/${requested}/blobs/${digest}`)
    const { content } = call
    const name = imageAt(call.repository, requested)
    const path = `v2/${name}/blobs/${digest}`
    if (!content.blob(digest)) await once(call, path, () => fetchBlob(call, path, name, digest))
    const found = content.blob(digest)
    return found && { ...found, open: (range) => content.openBlob(digest, range) }
  }

  async function fetchTags(call: Call, path: string, name: string): Promise<void> {
    const found = new Set<string>()
    let query = ''
    for (let page = 0; page < mostPages; page++) {
      const response = await ask(call, path + query, name)
      if (!response) return
      const list = JSON.parse(await text(response.body)) as { tags?: string[] | null }
      for (const tag of list.tags ?? []) found.add(tag)
      // of a Link the query alone counts: some registries leave out what stands before it
      const next = /<[^>]*(\?[^>]*)>/.exec(String(response.headers['link'] ?? ''))?.[1]
      if (next === undefined || next === query) break
      query = next
    }
    const { checked, tags } = runningOf(call)
    tags.set(name, [...found].sort())
    checked.set(path, Date.now())
  }

  async function tags(call: Call, requested: string): Promise<readonly string[] | undefined> {
    refuseByRule(call, `/v2/${requested}/tags/list`)
    const name = imageAt(call.repository, requested)
    const path = `v2/${name}/tags/list`
    const { checked, tags: lists } = runningOf(call)
    const own = call.content.tags(name)
    if (!isFresh(call, checked.get(path) ?? Number.NEGATIVE_INFINITY)) {
      const renewed = once(call, path, () => fetchTags(call, path, name))
      const hasList = lists.has(name) || own.length > 0
      await renewed.catch((error: unknown) => {
        if (error instanceof RegistryRefusal && !hasList) throw error
      })
    }
    return lists.get(name) ?? (own.length > 0 ? own : undefined)
  }

  return {
    manifest,
    blob,
    tags,
    names: ({ content }) => Promise.resolve(content.names()),
    writable() {
      throw new RegistryRefusal('UNSUPPORTED')
    },
  }
}

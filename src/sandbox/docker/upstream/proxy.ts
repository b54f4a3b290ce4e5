// A proxy repository: what it has, else what its upstream has, stored before it is served (open core: ProxyFacetSupport, whose log lines
// the Docker format writes, too).
import { readObject } from '../../kernel/read-whole.ts'
import { isBlocked } from '../../repositories/routing-rules.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call, RepositoryHandler, ServedBlob, ServedManifest } from '../repository-handler.ts'
import { DigestMismatch } from '../store/upload.ts'
import { manifestTypes, readManifest } from './manifest.ts'
import { createRunningProxies, type Running, settingsOf } from './running.ts'

/** A request at a running proxy; `name` is the image's at the upstream, `path` what the upstream is asked for. */
interface Wanted {
  call: Call
  running: Running
  name: string
  path: string
}

type Want = (call: Call, name: string, rest: string) => Wanted

const mostPages = 1000

function served({ content }: Call, name: string, reference: string): ServedManifest | undefined {
  const manifest = content.manifest(name, reference)
  return manifest && { ...manifest, bytes: content.manifestBytes(manifest) }
}

async function fetchManifest({ call, running, name, path }: Wanted, reference: string): Promise<void> {
  const { content, user: uploader } = call
  const cached = content.manifest(name, reference)
  const response = await running.ask(path, name, {
    Accept: manifestTypes.join(', '),
    ...(cached && { 'If-None-Match': `"${cached.digest}"` }),
  })
  if (!response) return
  if (response.status === 200) {
    const manifest = await readManifest(response, reference)
    if (!manifest) return
    content.putManifest({ name, reference, mediaType: manifest.mediaType, uploader }, manifest.bytes)
  } else response.body.destroy()
  running.markFresh(path)
}

async function manifest(wanted: Wanted, reference: string): Promise<ServedManifest | undefined> {
  const { call, running, name, path } = wanted
  const cached = call.content.manifest(name, reference)
  // what a digest names does not change
  const isCurrent =
    cached && (cached.digest === reference || running.isFresh(path, Date.parse(cached.updatedAt)))
  if (!isCurrent) {
    const fetched = running.once(path, () => fetchManifest(wanted, reference))
    // what is there is served, whatever comes of asking for newer
    await (cached ? fetched.catch(() => undefined) : fetched)
  }
  return served(call, name, reference)
}

async function fetchBlob({ call, running, name, path }: Wanted, digest: string): Promise<void> {
  const response = await running.ask(path, name)
  if (!response) return
  await call.content.writeBlob(response.body, digest, call.user).catch((error: unknown) => {
    if (error instanceof DigestMismatch) throw new RegistryRefusal('DIGEST_INVALID')
  })
}

async function blob(wanted: Wanted, digest: string): Promise<ServedBlob | undefined> {
  const { content } = wanted.call
  if (!content.blob(digest)) await wanted.running.once(wanted.path, () => fetchBlob(wanted, digest))
  const found = content.blob(digest)
  return found && { ...found, open: (range) => content.openBlob(digest, range) }
}

async function fetchTags({ running, name, path }: Wanted): Promise<void> {
  const found = new Set<string>()
  let query: string | undefined = ''
  for (let page = 0; page < mostPages && query !== undefined; page++) {
    const response = await running.ask(path + query, name)
    if (!response) return
    const { tags } = await readObject(response.body)
    for (const tag of Array.isArray(tags) ? (tags as unknown[]) : []) found.add(String(tag))
    // of a Link the query alone counts: some registries leave out what stands before it
    query = /<[^>]*(\?[^>]*)>/.exec(String(response.headers['link'] ?? ''))?.[1]
  }
  running.tags.set(name, [...found].sort())
  running.markFresh(path)
}

async function tags(wanted: Wanted): Promise<readonly string[] | undefined> {
  const { call, running, name, path } = wanted
  const own = call.content.tags(name)
  const cached = () => running.tags.get(name) ?? (own.length > 0 ? own : undefined)
  if (!running.isFresh(path)) {
    const fetched = running.once(path, () => fetchTags(wanted))
    await fetched.catch((error: unknown) => {
      if (error instanceof RegistryRefusal && !cached()) throw error
    })
  }
  return cached()
}

/** Handler of all proxy repositories of a server; `signal` ends what is under way to their upstreams. */
export function createProxyHandler(signal: AbortSignal): RepositoryHandler {
  const runningOf = createRunningProxies(signal)

  const want: Want = (call, requested, rest) => {
    const { state, repository } = call
    const message = 'Routing rules block the requested item from this repository'
    if (isBlocked(state, repository.attributes, `/v2/${requested}/${rest}`))
      throw new RegistryRefusal('DENIED', { message })
    // Docker Hub's official images may be asked for without `library/`, which Nexus adds for it (edge 3.8)
    const isOfficial = settingsOf(repository).indexType === 'HUB' && !requested.includes('/')
    const name = isOfficial ? `library/${requested}` : requested
    return { call, running: runningOf(call), name, path: `v2/${name}/${rest}` }
  }

  return {
    manifest: async (call, name, reference) =>
      manifest(want(call, name, `manifests/${reference}`), reference),
    blob: async (call, name, digest) => blob(want(call, name, `blobs/${digest}`), digest),
    tags: async (call, name) => tags(want(call, name, 'tags/list')),
    names: ({ content }) => Promise.resolve(content.names()),
    writable() {
      throw new RegistryRefusal('UNSUPPORTED')
    },
  }
}

// Components and assets: what docker repositories hold, as `/v1/components` and `/v1/assets` show it (nexr's API notes, 3.71 and 3.96).
// A component is a tag; layers and manifests by digest are assets without one.
import { createHash } from 'node:crypto'
import { isDigest } from '../../core/oci/reference.ts'
import { emptyFault, readOnly } from '../kernel/replies.ts'
import type { Repository } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { accessRepository } from '../repositories/catalog.ts'
import { blobStoreOf } from '../repositories/references.ts'
import type { RepositoryContent, StoredBlob, StoredManifest } from './content.ts'
import type { ContentStore } from './store.ts'

/** One entry of a list: what is shown, and how it is removed. */
interface Entry {
  id: string
  view: Record<string, unknown>
  remove: () => void
}

/** SQL servers begin paths with a slash (kkrepo-facts). */
function pathOf({ profile }: Context, path: string): string {
  return profile.database === 'h2' ? `/${path}` : path
}

/** Opaque to clients: base64url of the repository and a name of its own. */
function idOf(repository: string, text: string): string {
  const own = createHash('md5').update(text).digest('hex')
  return Buffer.from(`${repository}:${own}`).toString('base64url')
}

function assetOf(context: Context, repository: Repository, item: StoredBlob, path: string) {
  const { baseUrl, profile } = context
  const { name, format, attributes } = repository
  const isKnown = profile.since('3.96')
  return {
    downloadUrl: `${baseUrl}/repository/${name}/${path}`,
    path: pathOf(context, path),
    id: idOf(name, path),
    repository: name,
    format,
    checksum: { sha1: item.sha1, sha256: item.digest.replace('sha256:', '') },
    contentType: item.mediaType,
    lastModified: item.createdAt.replace('Z', '+00:00'),
    lastDownloaded: null,
    uploader: item.uploader ?? null,
    uploaderIp: null,
    fileSize: item.size,
    blobCreated: isKnown ? item.createdAt.replace('Z', '+00:00') : null,
    blobStoreName: isKnown ? blobStoreOf(attributes) : null,
  }
}

const manifestPath = ({ name, reference }: StoredManifest): string => `v2/${name}/manifests/${reference}`

function assetsOf(context: Context, repository: Repository, content: RepositoryContent): Entry[] {
  const asset = (item: StoredBlob, path: string, remove: () => void): Entry => {
    const view = assetOf(context, repository, item, path)
    return { id: view.id, view, remove }
  }
  return [
    ...content.blobs().map((blob) => {
      return asset(blob, `v2/-/blobs/${blob.digest}`, () => content.deleteBlob(blob.digest))
    }),
    ...content.manifests().map((manifest) => {
      const remove = () => content.deleteManifest(manifest.name, manifest.reference)
      return asset(manifest, manifestPath(manifest), remove)
    }),
  ]
}

function componentsOf(context: Context, repository: Repository, content: RepositoryContent): Entry[] {
  const tagged = content.manifests().filter(({ reference }) => !isDigest(reference))
  return tagged.map((manifest) => {
    const { name, reference: version } = manifest
    const { name: own, format } = repository
    const id = idOf(own, `${name}:${version}`)
    const group = context.profile.database === 'h2' ? '' : null
    const assets = [assetOf(context, repository, manifest, manifestPath(manifest))]
    const view = { id, repository: own, format, group, name, version, assets }
    return { id, view, remove: () => content.deleteManifest(name, version) }
  })
}

/** Seen: 10 on 3.71, 100 on 3.96; in between is a guess. */
function pageSize({ profile }: Context): number {
  return profile.since('3.96') ? 100 : 10
}

type List = (context: Context, repository: Repository, content: RepositoryContent) => Entry[]

function listRoute(path: string, list: List, store: ContentStore): Route {
  return {
    method: 'GET',
    path,
    handler(context): Reply {
      const { state, profile, request, may } = context
      const name = request.query.get('repository')
      if (name === null) return emptyFault(422)
      const repository = accessRepository(state, profile, name)
      if (!repository) return emptyFault(404)
      if (!may(`nexus:repository-view:${repository.format}:${repository.name}:browse`)) return emptyFault(403)
      const entries = list(context, repository, store.of(repository.name))
      const start = Number.parseInt(request.query.get('continuationToken') ?? '0', 16) || 0
      const end = start + pageSize(context)
      const continuationToken = end < entries.length ? end.toString(16).padStart(32, '0') : null
      return {
        status: 200,
        body: { items: entries.slice(start, end).map(({ view }) => view), continuationToken },
      }
    },
  }
}

function itemRoutes(path: string, list: List, store: ContentStore): Route[] {
  const find = (context: Context, action: 'read' | 'delete'): Entry | Reply => {
    const id = context.params['id'] ?? ''
    const name = /^([^:]+):[\da-f]+$/.exec(Buffer.from(id, 'base64url').toString('utf8'))?.[1]
    if (name === undefined) return emptyFault(422)
    const repository = accessRepository(context.state, context.profile, name)
    const entries = repository ? list(context, repository, store.of(repository.name)) : []
    const entry = entries.find((other) => other.id === id)
    if (!repository || !entry) return emptyFault(404)
    const view = `nexus:repository-view:${repository.format}:${repository.name}`
    const isAllowed = context.may(`${view}:browse`) && context.may(`${view}:${action}`)
    return isAllowed ? entry : emptyFault(403)
  }
  return [
    {
      method: 'GET',
      path: `${path}/:id`,
      handler(context) {
        const found = find(context, 'read')
        return 'status' in found ? found : { status: 200, body: found.view }
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      handler(context) {
        const found = find(context, 'delete')
        if ('status' in found) return found
        if (context.state.frozen) return readOnly()
        found.remove()
        return { status: 204 }
      },
    },
  ]
}

/** The routes of components and assets. */
export function componentRoutes(store: ContentStore): readonly Route[] {
  return [
    listRoute('/v1/components', componentsOf, store),
    ...itemRoutes('/v1/components', componentsOf, store),
    listRoute('/v1/assets', assetsOf, store),
    ...itemRoutes('/v1/assets', assetsOf, store),
  ]
}

import type { FileBlobStoreApiCreateRequest } from '@sonatype/nexus-repo-api-client'
import { isObject, type JsonObject, textOf } from '../core/json.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { objects } from './shared/docker-repository.ts'
import { nonEmptyText, size, words } from './shared/schemas.ts'

const listPath = '/service/rest/v1/blobstores'
const filePath = (id: string) => `${listPath}/file/${encodeURIComponent(id)}`

const { field, removableSection } = fieldsOf<FileBlobStoreApiCreateRequest>()
const quotaTypes = words('spaceRemaining', 'spaceUsed')

const fields = {
  path: field('path', nonEmptyText, {
    describe: "Directory, absolute or below Nexus's own blobs directory; the store's name when left out.",
    default: (values) => values['name'],
    immutable: 'Nexus would start an empty store at the new path and leave the content where it is',
  }),
  quota: removableSection('softQuota', 'Soft quota: Nexus warns when it is violated; null removes it.'),
  'quota.type': field('softQuota.type', quotaTypes.schema, {
    describe: 'spaceRemaining: warn when less than the limit is free; spaceUsed: when more is used.',
    required: true,
    toWire: (value) => `${String(value)}Quota`,
    fromWire: (value) => quotaTypes.fromWire(String(value).replace(/Quota$/, '')),
  }),
  'quota.limit': field('softQuota.limit', size, {
    describe: 'A size: 10 GiB, 500 MB, or a number of bytes.',
    required: true,
    unit: 'bytes',
  }),
}

/** The list has everything but the path; that costs one more request for each store whose path the file writes. */
async function list(reads: Reads, wanted: Wanted): Promise<Actual[]> {
  const stores = objects(await reads.get(listPath, 'list the blob stores')).filter(
    (store) => store['type'] === 'File',
  )
  return Promise.all(
    stores.map(async (store) => {
      const id = textOf(store['name'])
      if (wanted.get(id.toLowerCase())?.['path'] === undefined) return { id, wire: store }
      const details = await reads.find(filePath(id), `read blob store "${id}"`)
      return { id, wire: isObject(details) ? { ...store, ...details } : store }
    }),
  )
}

async function occupants(reads: Reads): Promise<Occupant[]> {
  const stores = objects(await reads.get(listPath, 'list the blob stores'))
  return stores.map((store) => ({ id: textOf(store['name']), label: `${textOf(store['type'])} blob store` }))
}

async function find(nexus: Parameters<Kind['find']>[0], id: string): Promise<Actual | undefined> {
  const response = await nexus.request({
    method: 'GET',
    path: filePath(id),
    what: `read blob store "${id}"`,
    allow: [404],
  })
  return isObject(response.body) && response.status === 200
    ? { id, wire: { type: 'File', ...response.body } }
    : undefined
}

function requestBody(body: JsonObject) {
  return { path: body['path'], softQuota: body['softQuota'] ?? null }
}

/** File blob store: a directory of the server that holds content. `/v1/blobstores/file`, Nexus 3.24 and later. */
export const blobStore: Kind = {
  kind: 'blobStore',
  label: 'blob store',
  namespace: 'blobStore',
  section: { key: 'blobStores', form: 'map', type: 'file', typeOptional: true },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  naming: { noun: 'blob store', missing: 'blob-store-missing', section: 'blobStores', builtIn: ['default'] },
  list,
  occupants,
  find,
  async create(nexus, id, body) {
    await nexus.request({
      method: 'POST',
      path: `${listPath}/file`,
      json: { name: id, ...requestBody(body) },
      what: `create blob store "${id}"`,
    })
  },
  async update(nexus, id, body) {
    await nexus.request({
      method: 'PUT',
      path: filePath(id),
      json: requestBody(body),
      what: `update blob store "${id}"`,
    })
  },
}

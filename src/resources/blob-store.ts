import type { FileBlobStoreApiCreateRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { read, when } from '../nexus/read.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { answerOf } from './shared/answer.ts'
import { nonEmptyText, size, words } from './shared/schemas.ts'

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

const listed = answerOf(fields, { name: 'string', type: 'string' })

const everyStore: Read<z.output<typeof listed>[]> = {
  path: '/service/rest/v1/blobstores',
  what: 'list the blob stores',
  expected: 'a list of blob stores',
  schema: z.array(listed),
}

/** Without a name (nexus-api 2.2). */
const fileStore = answerOf(fields, { path: 'string' })

const one = (id: string): Read<JsonObject> => ({
  path: `${everyStore.path}/file/${encodeURIComponent(id)}`,
  what: `read blob store "${id}"`,
  expected: 'a file blob store',
  schema: fileStore,
})

/** The list has everything but the path; that costs one more request for each store whose path the file writes. */
async function list(reads: Reads, wanted: Wanted): Promise<Actual[]> {
  const stores = await reads.get(everyStore)
  return Promise.all(
    stores
      .filter(({ type }) => type === 'File')
      .map(async (store) => {
        const id = store.name
        if (wanted.get(id.toLowerCase())?.['path'] === undefined) return { id, wire: store }
        return { id, wire: { ...store, ...(await reads.find(one(id))) } }
      }),
  )
}

async function occupants(reads: Reads): Promise<Occupant[]> {
  const stores = await reads.get(everyStore)
  return stores.map(({ name, type }) => ({ id: name, label: `${type} blob store` }))
}

async function find(nexus: Parameters<Kind['find']>[0], id: string): Promise<Actual | undefined> {
  const details = await read(nexus, one(id)).catch(when([404], () => undefined))
  return details && { id, wire: { type: 'File', ...details } }
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
      path: `${everyStore.path}/file`,
      json: { name: id, ...requestBody(body) },
      what: `create blob store "${id}"`,
    })
  },
  async update(nexus, id, body) {
    await nexus.request({
      method: 'PUT',
      path: one(id).path,
      json: requestBody(body),
      what: `update blob store "${id}"`,
    })
  },
}

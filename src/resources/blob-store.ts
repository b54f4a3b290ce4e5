import type { FileBlobStoreApiCreateRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { type JsonObject, textOf } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { answerOf } from './contract/answer.ts'
import { requestsTo } from './contract/collection.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from './contract/kind.ts'
import { distinctNames } from './contract/names.ts'
import type { Rule, RuleObject } from './contract/rule.ts'
import { nonEmptyText, size, words } from './contract/schemas.ts'

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
    toWire: (value) => `${textOf(value)}Quota`,
    fromWire: (value) => quotaTypes.fromWire(String(value).replace(/Quota$/, '')),
  }),
  'quota.limit': field('softQuota.limit', size, {
    describe: 'A size: 10 GiB, 500 MB, or a number of bytes.',
    required: true,
    unit: 'bytes',
  }),
}

type Store = RuleObject<typeof fields>

/** A directory, and what is known of the stores in it. */
interface Directory {
  inner: Map<string, Directory>
  /** The first store that is this directory, and the first that is it or inside. */
  store?: Store
  inside?: Store
}

/** Two stores in one directory, or one inside the other, are refused from 3.29 (nexus-api 2.2). */
const separatePaths: Rule = ({ ofKind, report }) => {
  const root: Directory = { inner: new Map() }
  for (const store of ofKind<typeof fields>('blobStore')) {
    const path = pathOf(store)
    const other = place(root, path, store)
    if (!other) continue
    report(store, store.values.path === undefined ? '' : 'path', {
      code: 'blob-store-path',
      message: `path "${path}" overlaps with blob store "${other.id}" (${pathOf(other)})`,
      hint: 'give every blob store a directory of its own',
      absent: ['path'],
    })
  }
}

/** Puts the store into the tree; one that overlaps with it, the closest around it first. */
function place(root: Directory, path: string, store: Store): Store | undefined {
  let around: Store | undefined
  let directory = root
  for (const step of path.split('/')) {
    const inner: Directory = directory.inner.get(step) ?? { inner: new Map() }
    directory.inner.set(step, inner)
    directory = inner
    around = directory.store ?? around
    directory.inside ??= store
  }
  const inside = directory.inside === store ? undefined : directory.inside
  directory.store ??= store
  return around ?? inside
}

function pathOf({ id, values }: Store): string {
  return (values.path ?? id).replaceAll(/\/+/g, '/').replace(/^\.\//, '').replace(/\/$/, '')
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

const requests = requestsTo({
  path: `${everyStore.path}/file`,
  label: 'blob store',
  expected: 'a file blob store',
  schema: () => fileStore,
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
        return { id, wire: { ...store, ...(await reads.find(requests.one(id))) } }
      }),
  )
}

async function occupants(reads: Reads): Promise<Occupant[]> {
  const stores = await reads.get(everyStore)
  return stores.map(({ name, type }) => ({
    id: name,
    label: `${type} blob store`,
    ...(type === 'File' && { kind: blobStore.kind }),
  }))
}

function requestBody(body: JsonObject) {
  return { path: body['path'], softQuota: body['softQuota'] ?? null }
}

/** File blob store: a directory of the server that holds content. `/v1/blobstores/file`, Nexus 3.24 and later. */
export const blobStore: Kind<typeof fields> = {
  kind: 'blobStore',
  label: 'blob store',
  namespace: 'blobStore',
  section: { key: 'blobStores', form: 'map', chosenBy: { type: { word: 'file', implied: true } } },
  schema: schemaOf(fields),
  fields,
  rules: [distinctNames('blobStore'), separatePaths],
  references: () => [],
  naming: { noun: 'blob store', missing: 'blob-store-missing', section: 'blobStores', builtIn: ['default'] },
  first: everyStore,
  list,
  occupants,
  async find(nexus, id) {
    const details = await requests.find(nexus, id)
    return details && { id, wire: { type: 'File', ...details } }
  },
  create: (nexus, { id, body }) => requests.create(nexus, id, { name: id, ...requestBody(body) }),
  update: (nexus, { id, body }) => requests.update(nexus, id, requestBody(body)),
}

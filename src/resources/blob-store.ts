import { posix } from 'node:path'
import type { FileBlobStoreApiCreateRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { type JsonObject, textOf } from '../core/json.ts'
import { smallestQuota } from '../core/size.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { answerOf } from './contract/answer.ts'
import { requestsTo } from './contract/collection.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from './contract/kind.ts'
import { distinctNames } from './contract/names.ts'
import { eachOf, type Rule, type RuleObject, refusedBy, thereFirst } from './contract/rule.ts'
import { nonEmptyText, size, words } from './contract/schemas.ts'

const { field, removableSection } = fieldsOf<FileBlobStoreApiCreateRequest>()
const quotaTypes = words('spaceRemaining', 'spaceUsed')
/** Nexus's own words are these with `Quota` at the end. */
const withoutQuota = (word: unknown) => (typeof word === 'string' ? word.replace(/[-_]?quota$/i, '') : word)

const fields = {
  path: field('path', nonEmptyText, {
    describe: "Directory, absolute or below Nexus's own blobs directory; the store's name when left out.",
    default: (values) => values['name'],
    canonical: (path) => directoryOf(textOf(path)),
    immutable: 'Nexus would start an empty store at the new path and leave the content where it is',
  }),
  quota: removableSection('softQuota', 'Soft quota: Nexus warns when it is violated; null removes it.'),
  'quota.type': field('softQuota.type', z.preprocess(withoutQuota, quotaTypes.schema), {
    describe: 'spaceRemaining: warn when less than the limit is free; spaceUsed: when more is used.',
    required: true,
    toWire: (value) => `${textOf(value)}Quota`,
    fromWire: (value) => quotaTypes.fromWire(withoutQuota(value)),
  }),
  'quota.limit': field('softQuota.limit', size, {
    describe: 'A size: 10 GiB, 500 MB, 25Gi, or a number of bytes.',
    required: true,
    unit: 'bytes',
  }),
}

type Store = RuleObject<typeof fields>

/** One spelling for a directory: `images` for `./images/`. Nexus compares normalised paths too (FileBlobStorePathValidator, 3.29 and later). */
function directoryOf(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '')
}

/** A directory, and what is known of the stores in it. */
interface Directory {
  inner: Map<string, Directory>
  /** The first store that is this directory, and the first that is it or inside. */
  store?: Store
  inside?: Store
}

/**
 * Two stores in one directory, or one inside the other, are refused from 3.29 (nexus-api 2.2). Where the file has no path, the store may
 * be on the server already, with whatever path it has there.
 */
const separatePaths: Rule = ({ ofKind, server, isWritten, report }) => {
  const root: Directory = { inner: new Map() }
  for (const store of thereFirst(ofKind<typeof fields>('blobStore'), ({ part }) => part)) {
    const path = pathOf(store)
    const other = path === undefined ? undefined : place(root, path, store)
    if (path === undefined || !other) continue
    const hasPath = isWritten([...store.object.path, 'path'])
    const isKnown = store.part !== undefined || (hasPath && other.values.path !== undefined)
    report(store, hasPath ? 'path' : '', {
      ...(store.part !== undefined && refusedBy(server, 'separateBlobStores')),
      ...(!isKnown && { severity: 'warning', untilAsked: true }),
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
  for (const step of stepsTo(path)) {
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

/** Where a relative path begins only the server knows, so that it never meets an absolute one. */
function stepsTo(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.')
  return [path.startsWith('/') ? '/' : '.', ...steps]
}

/** Undefined for a store of the server whose path nobody asked for. */
function pathOf({ id, part, values }: Store): string | undefined {
  const path = values.path ?? (part === undefined ? id : undefined)
  return path === undefined ? undefined : directoryOf(path)
}

const plausibleQuota = eachOf<typeof fields>('blobStore', (store, { report }) => {
  const limit = store.values['quota.limit']
  if (limit === undefined || limit >= smallestQuota) return
  report(store, 'quota.limit', {
    severity: 'warning',
    code: 'small-quota',
    message: `the limit is ${limit} bytes`,
    hint: 'a number without a unit is bytes; write one, such as 10 GiB or 500 MB',
  })
})

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

/**
 * The list has everything but the path; that costs one more request for each store whose path the file writes, and for every store where
 * one is to be made: it must not be inside another one.
 */
async function list(reads: Reads, wanted: Wanted): Promise<Actual[]> {
  const stores = await reads.get(everyStore)
  const there = new Set(stores.map(({ name }) => name.toLowerCase()))
  const makesOne = [...wanted.keys()].some((id) => !there.has(id))
  return Promise.all(
    stores
      .filter(({ type }) => type === 'File')
      .map(async (store) => {
        const id = store.name
        if (!makesOne && wanted.get(id.toLowerCase())?.['path'] === undefined) return { id, wire: store }
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
  rules: [distinctNames('blobStore'), separatePaths, plausibleQuota],
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

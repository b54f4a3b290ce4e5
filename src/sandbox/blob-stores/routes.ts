// File blob stores (nexus-api 2.2, `blobstores-file/*`). Names are unique ignoring case and looked up exactly.
import { posix } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Bean, type Decoded, decodeBean, validateBean } from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
import type { Profile } from '../kernel/profile.ts'
import {
  emptyFault,
  message,
  readOnly,
  unexpected500,
  type Violation,
  violations,
} from '../kernel/replies.ts'
import type { BlobStore, State } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { blobStoreOf } from '../repositories/references.ts'
import { quotaProblem, quotaStatus } from './quota.ts'

/** Free space that every store reports, in bytes. */
const AVAILABLE_SPACE = 100_000_000_000

/** Nexus's own texts for missing fields, which blank ones count as. */
function requiredText(text: string): Bean[string] {
  return { type: 'string', rules: [{ holds: (value) => String(value).trim() !== '', message: () => text }] }
}

const updateBean: Bean = {
  path: requiredText('Path is required'),
  softQuota: { type: 'object', fields: { type: { type: 'string' }, limit: { type: 'integer' } } },
}
const createBean: Bean = { name: requiredText('Name is required'), ...updateBean }

interface BlobStoreRequest {
  name: string
  path: string
  softQuota?: { type?: string | null; limit?: number | null } | null
}

function missingStore(profile: Profile, name: string, kind: 'File' | ''): Reply {
  // from 3.71 the type is named (nothing when deleting); from 3.77 the text is no longer quoted (nexus-api 2.2)
  if (!profile.since('3.71')) return message(profile, 404, 'Unable to find blobstore')
  return message(profile, 404, `Unable to find ${kind} '${name}' blobstore`, !profile.since('3.77'))
}

function find({ state, params }: Context): BlobStore | undefined {
  return state.blobStores.find((store) => store.name === params['name'])
}

/** Whether a store has that name in whatever case. */
function isTaken(state: State, name: string): boolean {
  return state.blobStores.some((store) => store.name.toLowerCase() === name.toLowerCase())
}

/** Before 3.62 a name in another case passes a first look and ends in a NullPointerException. */
function notFound({ state, profile, params }: Context): Reply {
  const name = params['name'] ?? ''
  if (isTaken(state, name) && !profile.since('3.62')) return unexpected500('java.lang.NullPointerException')
  return missingStore(profile, name, 'File')
}

function list({ state, profile }: Context): Reply {
  const body = state.blobStores.map(({ softQuota, name, type }) => ({
    softQuota,
    name,
    type,
    ...(profile.since('3.41') ? { unavailable: false } : {}),
    blobCount: 0,
    totalSizeInBytes: 0,
    availableSpaceInBytes: AVAILABLE_SPACE,
  }))
  return { status: 200, body }
}

function get(context: Context): Reply {
  const store = find(context)
  return store ? { status: 200, body: { softQuota: store.softQuota, path: store.path } } : notFound(context)
}

/** Body of a create or update: decoded, missing strings as blank ones so that both read the same. */
function decode(context: Context, bean: Bean): Decoded<BlobStoreRequest> {
  const refused = unexpected500('java.lang.NullPointerException: "request" is null')
  const decoded = decodeBean(context.request.body, bean, { refused })
  if (decoded.refused) return decoded
  const { name, path, softQuota } = decoded.value
  const value = { name: name ?? '', path: path ?? '', softQuota }
  const found = validateBean(value, bean, context.profile)
  return found.length > 0 ? { refused: violations(found) } : { value: value as BlobStoreRequest }
}

/** Where relative paths begin, in the official image. */
const blobs = '/nexus-data/blobs'

/** A directory, however its path is spelt: normalised and absolute, as FileBlobStorePathValidator compares it. */
function directoryOf(path: string): string {
  return posix.resolve(blobs, path).replace(/\/?$/, '/')
}

/** From 3.29 two stores may not share a path, nor one lie below the other. */
function pathClash(state: State, profile: Profile, path: string, self: BlobStore | undefined): Violation[] {
  if (!profile.since('3.29')) return []
  const isWithin = (one: string, other: string) => directoryOf(one).startsWith(directoryOf(other))
  const clashes = state.blobStores.filter(
    (store) => store !== self && (isWithin(path, store.path) || isWithin(store.path, path)),
  )
  if (clashes.length === 0) return []
  const names = clashes.map((store) => store.name).join(',')
  const rule =
    'A file blob store must have a unique path, and may not be contained in a sub directory of another blob store.'
  return [{ id: '*', message: `${rule} Blob stores with violations: ${names}` }]
}

function storedQuota(quota: BlobStoreRequest['softQuota']): BlobStore['softQuota'] {
  return quota ? { type: quota.type ?? null, limit: quota.limit ?? -1 } : null
}

function refuse(context: Context, request: BlobStoreRequest, self: BlobStore | undefined): Reply | undefined {
  const quota = quotaProblem(storedQuota(request.softQuota))
  if (quota !== undefined) return violations([{ id: '*', message: quota }])
  const clashes = pathClash(context.state, context.profile, request.path, self)
  if (clashes.length > 0) return violations(clashes)
  return context.state.frozen ? readOnly() : undefined
}

/** The database's own refusal of a name, a 500. */
function duplicateKey(profile: Profile, name: string): Reply {
  if (profile.database === 'h2')
    return unexpected500('org.sonatype.nexus.datastore.api.DuplicateKeyException: Duplicate key')
  const exception = 'com.orientechnologies.orient.core.storage.ORecordDuplicatedException'
  return unexpected500(
    `${exception}: Cannot index record #19:1: found duplicated key '${name.toLowerCase()}'`,
  )
}

/** From 3.41 a name is looked for before the store is made; 3.28 leaves it to the database. */
function refuseName(state: State, profile: Profile, name: string): Reply | undefined {
  if (!isTaken(state, name)) return undefined
  if (!profile.since('3.41')) return duplicateKey(profile, name)
  return violations([{ id: 'name', message: 'Name is already used, must be unique (ignoring case)' }])
}

const PERMISSION = 'nexus:blobstores'

/** How long making a store takes; another one of its name that arrives meanwhile is refused by the database (R `concurrency/same-blobstore-twice`). */
const CREATION_MS = 10

async function create(context: Context, request: BlobStoreRequest): Promise<Reply> {
  const { state, profile } = context
  const { name, path, softQuota } = request
  const refused = refuseName(state, profile, name) ?? refuse(context, request, undefined)
  if (refused) return refused
  await delay(CREATION_MS)
  if (isTaken(state, name)) return duplicateKey(profile, name)
  state.blobStores.push({ name, type: 'File', path, softQuota: storedQuota(softQuota) })
  return { status: 204 }
}

/** A new path is taken at once, without moving anything; a missing quota removes the quota. */
function update(context: Context, request: BlobStoreRequest): Reply {
  const store = find(context)
  if (!store) return notFound(context)
  const refused = refuse(context, request, store)
  if (refused) return refused
  store.path = request.path
  store.softQuota = storedQuota(request.softQuota)
  return { status: 204 }
}

function remove(context: Context): Reply {
  const { state, profile, params } = context
  const name = params['name'] ?? ''
  const store = find(context)
  if (!store) {
    const exception = `java.lang.IllegalStateException: Missing BlobStore: ${name}`
    return isTaken(state, name) ? unexpected500(exception) : missingStore(profile, name, '')
  }
  if (state.repositories.some((repository) => blobStoreOf(repository.attributes) === name)) {
    const text = `BlobStore ${name} is in use and cannot be deleted`
    return profile.since('3.41')
      ? message(profile, 400, text)
      : unexpected500(`java.lang.IllegalStateException: ${text}`)
  }
  if (state.frozen) return readOnly()
  state.blobStores = state.blobStores.filter((other) => other !== store)
  return { status: 204 }
}

function status(context: Context): Reply {
  const store = find(context)
  return store ? { status: 200, body: quotaStatus(store, AVAILABLE_SPACE) } : emptyFault(404)
}

const PATH = '/v1/blobstores'

const routes: readonly Route[] = [
  { method: 'GET', path: PATH, handler: list, permission: `${PERMISSION}:read` },
  { method: 'GET', path: `${PATH}/file/:name`, handler: get, permission: `${PERMISSION}:read` },
  { method: 'GET', path: `${PATH}/:name/quota-status`, handler: status, permission: `${PERMISSION}:read` },
  bodyRoute(
    { method: 'POST', path: `${PATH}/file`, permission: `${PERMISSION}:create` },
    (context) => decode(context, createBean),
    create,
  ),
  bodyRoute(
    { method: 'PUT', path: `${PATH}/file/:name`, permission: `${PERMISSION}:update` },
    (context) => decode(context, updateBean),
    update,
  ),
  { method: 'DELETE', path: `${PATH}/:name`, handler: remove, permission: `${PERMISSION}:delete` },
]

export const blobStoreRoutes: readonly Route[] = routes.map((route) => {
  return { ...route, available: (profile) => profile.since('3.24') }
})

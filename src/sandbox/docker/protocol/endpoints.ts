// The paths of the registry protocol below `/v2`, and what their parts have to look like.
import { isDigest, isImageName, isTag } from '../../../core/oci/reference.ts'
import { RegistryRefusal } from '../refusal.ts'
import { deleteBlob, getBlob } from './blobs.ts'
import { document, type Endpoint } from './exchange.ts'
import { listImages, listTags } from './lists.ts'
import { deleteManifest, getManifest, putManifest } from './manifests.ts'
import { appendToUpload, cancelUpload, finishUpload, startUpload, uploadStatus } from './uploads.ts'

interface Path {
  pattern: RegExp
  methods: Readonly<Record<string, Endpoint>>
}

export const protocolPaths: readonly Path[] = [
  { pattern: /^\/$/, methods: { GET: () => document(200, {}) } },
  // The caller's token, of nobody where anonymous access is on (docker-evidence 31).
  {
    pattern: /^\/token$/,
    methods: { GET: ({ call, tokens }) => document(200, { token: tokens.issue(call.user) }) },
  },
  { pattern: /^\/_catalog$/, methods: { GET: listImages } },
  { pattern: /^\/(?<name>.+)\/tags\/list$/s, methods: { GET: listTags } },
  { pattern: /^\/(?<name>.+)\/blobs\/uploads\/?$/s, methods: { POST: startUpload } },
  {
    pattern: /^\/(?<name>.+)\/blobs\/uploads\/(?<id>[^/]+)$/s,
    methods: { GET: uploadStatus, PATCH: appendToUpload, PUT: finishUpload, DELETE: cancelUpload },
  },
  { pattern: /^\/(?<name>.+)\/blobs\/(?<digest>[^/]+)$/s, methods: { GET: getBlob, DELETE: deleteBlob } },
  {
    pattern: /^\/(?<name>.+)\/manifests\/(?<reference>[^/]+)$/s,
    methods: { GET: getManifest, PUT: putManifest, DELETE: deleteManifest },
  },
]

/** Refuses parts that are out of their grammar. `-` stands for the repository as a whole in the path of a layer (`v2/-/blobs/…`). */
export function checkParams({ name, digest, reference }: Record<string, string>): void {
  const isShared = name === '-' && digest !== undefined
  if (name !== undefined && !isShared && !isImageName(name))
    throw new RegistryRefusal('NAME_INVALID', { detail: name })
  if (digest !== undefined && !isDigest(digest))
    throw new RegistryRefusal('DIGEST_INVALID', { detail: digest })
  if (reference !== undefined && !isDigest(reference) && !isTag(reference))
    throw new RegistryRefusal('TAG_INVALID', { message: 'invalid tag', detail: reference })
}

// What the deployment policy of a hosted repository refuses, in Nexus's words (docker-evidence 40 to 42).
import type { Repository } from '../kernel/state.ts'
import { RegistryRefusal } from './refusal.ts'
import type { Call } from './repository-handler.ts'

type Policy = 'ALLOW' | 'ALLOW_ONCE' | 'DENY'

function storageOf({ attributes }: Repository) {
  return attributes['storage'] as { writePolicy?: Policy; latestPolicy?: boolean } | undefined
}

function refuse({ repository, profile }: Call, path: string, policy: Policy): RegistryRefusal {
  const { name } = repository
  const isOnce = policy === 'ALLOW_ONCE'
  const old = isOnce ? 'does not allow updating assets' : 'is read only'
  const recent = isOnce ? 'cannot be updated' : 'is read-only'
  const detail = profile.since('3.82') ? `${name}/${path} ${recent}` : `Repository ${old}: ${name}`
  return new RegistryRefusal('BLOB_UPLOAD_INVALID', { detail })
}

/** Refuses every change of a read-only repository. */
export function checkChange(call: Call, path: string): void {
  if (storageOf(call.repository)?.writePolicy === 'DENY') throw refuse(call, path, 'DENY')
}

/** Refuses a layer that is there, from 3.82 on; before that it is taken (a guess). */
export function checkBlob(call: Call, digest: string): void {
  const path = `v2/-/blobs/${digest}`
  checkChange(call, path)
  const isOnce = storageOf(call.repository)?.writePolicy === 'ALLOW_ONCE'
  if (isOnce && call.profile.since('3.82') && call.content.blob(digest))
    throw refuse(call, path, 'ALLOW_ONCE')
}

/** Refuses a tag that is there; `latestPolicy` exempts `latest`. */
export function checkTag(call: Call, name: string, tag: string): void {
  const path = `v2/${name}/manifests/${tag}`
  checkChange(call, path)
  const storage = storageOf(call.repository)
  if (storage?.writePolicy !== 'ALLOW_ONCE' || !call.content.manifest(name, tag)) return
  if (tag !== 'latest' || storage.latestPolicy !== true) throw refuse(call, path, 'ALLOW_ONCE')
}

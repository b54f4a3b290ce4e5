// Soft quotas of blob stores (nexus-api 2.2): what is refused, and what the status of a store reads.
import type { BlobStore } from '../kernel/state.ts'

type Quota = BlobStore['softQuota']

/** A missing type is accepted and stored as null, whatever the limit (R `blobstores-file/create-quota-*`). */
export function quotaProblem(quota: Quota): string | undefined {
  if (quota?.type == null) return undefined
  if (quota.type !== 'spaceUsedQuota' && quota.type !== 'spaceRemainingQuota') {
    return 'To enable Soft Quota, you must select a Type of Quota'
  }
  if (quota.type === 'spaceUsedQuota' && quota.limit <= 0) {
    return 'Space Used quotas must have a Quota Limit greater than 0'
  }
  return undefined
}

function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${(bytes / 1000 ** step).toFixed(2)} ${units[step]}`
}

/** Body of `GET /v1/blobstores/{name}/quota-status`; every store of the sandbox is empty. */
export function quotaStatus(store: BlobStore, availableSpace: number): Record<string, unknown> {
  const { name, softQuota: quota } = store
  if (quota?.type === 'spaceUsedQuota') {
    const message = `Blob store ${name} is using 0.00 B space and has a limit of ${size(quota.limit)}`
    return { isViolation: false, message, blobStoreName: name }
  }
  if (quota?.type === 'spaceRemainingQuota') {
    const message = `Blob store ${name} is limited to having ${size(quota.limit)} available space, and has ${size(availableSpace)} space remaining`
    return { isViolation: availableSpace < quota.limit, message, blobStoreName: name }
  }
  return { isViolation: false, message: `Blob store ${name} has no quota`, blobStoreName: name }
}

// A hosted repository: it holds what was pushed to it.
import type { RepositoryHandler } from './repository-handler.ts'

export const hosted: RepositoryHandler = {
  manifest({ content }, name, reference) {
    const found = content.manifest(name, reference)
    return Promise.resolve(found && { ...found, bytes: content.manifestBytes(found) })
  },
  blob({ content }, _, digest) {
    const found = content.blob(digest)
    return Promise.resolve(found && { ...found, open: (range) => content.openBlob(digest, range) })
  },
  tags({ content }, name) {
    return Promise.resolve(content.names().includes(name) ? content.tags(name) : undefined)
  },
  names({ content }) {
    return Promise.resolve(content.names())
  },
  writable: (call) => call,
}

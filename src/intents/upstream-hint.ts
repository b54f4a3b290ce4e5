import { editDistance, similar } from '../core/similar.ts'
import { hostOf } from '../resources/contract/urls.ts'
import { upstreamCalled, upstreamNames } from './upstreams.ts'

/**
 * What to write in place of a word that is no well-known registry. A host that may be a registry of its own is never taken for a
 * misspelling of another one: whoever follows such a hint pulls somebody else's images.
 */
export function upstreamHint(written: string): string {
  const meant = upstreamCalled(written)
  if (meant !== undefined) return `did you mean "${meant}"?`
  const host = registryHost(written)
  if (host === undefined) {
    const close = similar(written, upstreamNames)
    return close ? `did you mean "${close}"?` : 'any other registry is written "remoteUrl: https://…"'
  }
  const close = upstreamNames.find((name) => isMisspelling(host, name))
  const other = `write "remoteUrl: https://${host}"`
  return close
    ? `did you mean "${close}"? For another registry ${other}`
    : `for a registry of that name ${other}`
}

/** The host, with its port, of a text that looks like one: with a dot, or a port. */
function registryHost(written: string): string | undefined {
  const text = written
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
  if (!/^[a-z0-9.-]+(:\d+)?$/i.test(text) || !/[.:]/.test(text)) return undefined
  return hostOf(`https://${text}`) === undefined ? undefined : text.toLowerCase()
}

/**
 * Two letters that changed places make no other registry's name. One letter more, less or different does in a short one: `icr.io` is
 * IBM's, `gcr.io` Google's.
 */
function isMisspelling(host: string, name: string): boolean {
  if (editDistance(host, name, 1) > 1) return false
  const sorted = (text: string) => Array.from(text).sort().join('')
  return name.length >= 10 || sorted(host) === sorted(name)
}

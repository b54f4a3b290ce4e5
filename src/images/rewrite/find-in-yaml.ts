import {
  type CollectionTag,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type ScalarTag,
  visit,
} from 'yaml'
import type { Place } from './place.ts'

/** A node, or what the alias in its place stands for. */
type Resolve = (node: unknown) => unknown

/** `services.*.image` of a compose file. Of a service that is built it is the name of what is made: that is left out. */
export function inCompose(document: Document.Parsed, text: string): Place[] {
  const resolve = resolverOf(document)
  const services = lookUp(document.contents, 'services', resolve)
  if (!isMap(services)) return []
  return services.items.flatMap(({ value }) =>
    lookUp(value, 'build', resolve) === undefined ? placeOf(lookUp(value, 'image', resolve), text) : [],
  )
}

/** Compose's own: a later file takes away what an earlier one has, or puts something in its place. */
export const composeTags = ['!reset', '!override'].flatMap((tag): (ScalarTag | CollectionTag)[] => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'map' },
  { tag, collection: 'seq' },
])

const containers: unknown[] = ['containers', 'initContainers', 'ephemeralContainers']

/** Images of containers and of volumes, however deep: in a CronJob, in a List, in a resource of somebody's own. */
export function inKubernetes(document: Document.Parsed, text: string): Place[] {
  const resolve = resolverOf(document)
  const places: Place[] = []
  visit(document, {
    Pair: (_, { key, value }) => {
      const list = resolve(value)
      if (!isScalar(key) || !isSeq(list)) return
      const images = list.items.map((item) => lookUp(item, 'image', resolve))
      if (containers.includes(key.value)) places.push(...images.flatMap((image) => placeOf(image, text)))
      if (key.value === 'volumes')
        places.push(...images.flatMap((image) => placeOf(lookUp(image, 'reference', resolve), text)))
    },
  })
  return places
}

/** The name without the quotes and spaces around it; with escapes, as in JSON, all that is between the quotes. */
function placeOf(node: unknown, text: string): Place[] {
  if (!isScalar(node) || typeof node.value !== 'string' || node.value === '' || !node.range) return []
  const [start, end] = node.range
  const value = node.value.trim()
  const written = text.slice(start, end)
  if (/^".*\\/s.test(written)) return [{ start: start + 1, end: end - 1, value }]
  const at = written.indexOf(value)
  return [at < 0 ? { start, end, value } : { start: start + at, end: start + at + value.length, value }]
}

function resolverOf(document: Document.Parsed): Resolve {
  // An anchor may be given again: an alias stands for the last before it.
  const anchors = new Map<string, Node>()
  const meant = new Map<unknown, Node | undefined>()
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) meant.set(node, anchors.get(node.source))
      else if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return (node) => {
    const found = isAlias(node) ? meant.get(node) : node
    return isNode(found) && found.tag === '!reset' ? undefined : found
  }
}

/** The value of a key, of the map itself or of one that is merged into it. Aliases may go in circles: no map is `seen` twice. */
function lookUp(node: unknown, key: string, resolve: Resolve, seen = new Set<unknown>()): unknown {
  const map = resolve(node)
  if (!isMap(map) || seen.has(map)) return undefined
  seen.add(map)
  if (map.has(key) || !map.has('<<')) return resolve(map.get(key, true))
  const merged = resolve(map.get('<<', true))
  const maps = isSeq(merged) ? merged.items : [merged]
  return maps.map((one) => lookUp(one, key, resolve, seen)).find((found) => found !== undefined)
}

import {
  type CollectionTag,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type ScalarTag,
  visit,
} from 'yaml'
import { inDockerfile, maximumLength } from './find-in-dockerfile.ts'
import { mentionsIn } from './find-mentions.ts'
import type { Place } from './place.ts'

/** A node, or what the alias in its place stands for. */
type Resolve = (node: unknown) => unknown

/** What the services of a compose file pull. The image of a service that is built is the name of what is made: that is left out. */
export function inCompose(document: Document.Parsed, text: string): Place[] {
  const resolve = resolverOf(document)
  const services = lookUp(document.contents, 'services', resolve)
  if (!isMap(services)) return []
  const sure = services.items.flatMap(({ value }) => {
    const build = lookUp(value, 'build', resolve)
    const volumes = itemsOf(lookUp(value, 'volumes', resolve)).filter((one) => {
      const type = lookUp(one, 'type', resolve)
      return isScalar(type) && type.value === 'image'
    })
    return [
      ...(build === undefined
        ? placeOf(lookUp(value, 'image', resolve), text)
        : inBuild(build, text, resolve)),
      ...volumes.flatMap((one) => placeOf(lookUp(one, 'source', resolve), text)),
    ]
  })
  return [...mentionsIn(document, text, ['image', 'tags', 'labels', 'cache_to']), ...sure]
}

function inBuild(build: unknown, text: string, resolve: Resolve): Place[] {
  const parts = (key: string, pattern: RegExp) =>
    itemsOf(lookUp(build, key, resolve)).flatMap((one) =>
      placeOf(resolve(isPair(one) ? one.value : one), text).flatMap((place) => partOf(place, pattern)),
    )
  const caches = parts('cache_from', /^(?:type=registry,(?:.*,)?ref=)?([^,=]+)(?:,|$)/d)
  return [
    ...inInline(lookUp(build, 'dockerfile_inline', resolve), text),
    ...parts('additional_contexts', /^(?:[^=]*=)?docker-image:\/\/(.+)$/d),
    // Mostly one of our own, which the build writes as well.
    ...caches.map((place): Place => ({ ...place, doubt: 'left' })),
  ]
}

/** What a pattern's group finds in a name. */
function partOf(place: Place, pattern: RegExp): Place[] {
  const found = pattern.exec(place.value)
  const value = found?.[1]
  if (value === undefined) return []
  // With escapes nothing says where it stands.
  if (place.end - place.start !== place.value.length) return [{ ...place, value, doubt: 'left' }]
  const start = place.start + (found?.indices?.[1]?.[0] ?? 0)
  return [{ start, end: start + value.length, value }]
}

/** Of a Dockerfile in a text: where it reads otherwise than it is written (escapes, quotes, heredocs), its images are left. */
function inInline(node: unknown, text: string): Place[] {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return []
  const [begin, end] = node.range
  if (end - begin > maximumLength) return [{ start: begin, end, value: node.value, doubt: 'left' }]
  const meant = inDockerfile(node.value).map(({ value }) => value)
  const written = inDockerfile(text.slice(begin, end))
  if (meant.join('\n') === written.map(({ value }) => value).join('\n'))
    return written.map((place) => ({ ...place, start: begin + place.start, end: begin + place.end }))
  return meant.map((value) => {
    const start = begin + Math.max(text.slice(begin, end).indexOf(value), 0)
    return { start, end: start + value.length, value, doubt: 'left' }
  })
}

/** Compose's own: a later file takes away what an earlier one has, or puts something in its place. */
export const composeTags = ['!reset', '!override'].flatMap((tag): (ScalarTag | CollectionTag)[] => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'map' },
  { tag, collection: 'seq' },
])

/** Whose `image` is that of a container, to Kubernetes, Argo or Tekton. */
const holders = /^(?:containers?|initContainers|ephemeralContainers|sidecars|steps|stepTemplate|script)$/

/** What is called so is perhaps an image. */
const named = /image(?:name)?$/i

/** Of containers and volumes, however deep: in a CronJob, in a List, in a resource of somebody's own; and what else may be one. */
export function inKubernetes(document: Document.Parsed, text: string): Place[] {
  const resolve = resolverOf(document)
  const perhaps: Place[] = []
  const sure: Place[] = []
  // A text of a Secret is shown nowhere.
  const passed = ['metadata', 'description', 'stringData']
  visit(document, {
    // A parameter, or a variable of the environment.
    Map: (_, node) => {
      const name = lookUp(node, 'name', resolve)
      if (!isScalar(name) || !named.test(String(name.value))) return
      const values = ['value', 'default'].flatMap((key) => placeOf(lookUp(node, key, resolve), text))
      perhaps.push(...values.map((place): Place => ({ ...place, doubt: 'left' })))
    },
    Pair: (_, { key, value }) => {
      const name = isScalar(key) ? String(key.value) : ''
      if (passed.includes(name)) return visit.SKIP
      const node = resolve(value)
      const images = (isSeq(node) ? node.items : [node]).map((one) => lookUp(one, 'image', resolve))
      if (holders.test(name)) sure.push(...images.flatMap((image) => placeOf(image, text)))
      if (name === 'volumes')
        sure.push(...images.flatMap((image) => placeOf(lookUp(image, 'reference', resolve), text)))
      if (named.test(name)) perhaps.push(...inField(node, text, resolve))
      return undefined
    },
  })
  return [...mentionsIn(document, text, passed), ...perhaps, ...sure]
}

/** A text, or as Helm's values have it: `{registry, repository, tag}`. */
function inField(node: unknown, text: string, resolve: Resolve): Place[] {
  const registry = lookUp(node, 'registry', resolve)
  const before = isScalar(registry) && typeof registry.value === 'string' ? `${registry.value}/` : ''
  return [
    ...placeOf(node, text).map((place): Place => ({ ...place, doubt: 'perhaps' })),
    ...placeOf(lookUp(node, 'repository', resolve), text).map(
      (place): Place => ({ ...place, value: before + place.value, doubt: 'left' }),
    ),
  ]
}

function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) || isMap(node) ? node.items : []
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

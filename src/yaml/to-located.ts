import { isAlias, isMap, isScalar, isSeq, type ParsedNode, Scalar, visit } from 'yaml'
import { positionAt, type Span } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import { similar } from '../core/similar.ts'
import { maximumDepth } from './documents.ts'
import { formatPath, type Located, type LocatedEntry, type LocatedScalar, type Path } from './located.ts'

/** Nodes that aliases may add to a file: far above any real one, far below what hurts (`a: &a [*b, *b, …]`, nine deep). */
const maximumAliasedNodes = 100_000

/** A long text counts as several nodes: repeated, it is in many messages and paths. */
const charactersOfNode = 64

/** YAML's own limit, which the library watches over for keys that stand on one line. Paths are made of keys, and every problem has a path. */
const maximumKeyLength = 1024

/** Beyond it, searching for anchors that are alike is left out: such a file is no configuration. */
const maximumSuggestions = 100

/** A tree and its weight when every alias in it is written out. */
interface Weighed {
  tree: Located
  nodes: number
  depth: number
}

type Alias = Extract<ParsedNode, { source: string; resolve: unknown }>

interface Conversion {
  source: SourceFile
  starts: readonly number[]
  /** Where the conversion is. One stack for all: a path for each value of a large file costs more than the values. */
  path: (string | number)[]
  problems: Problem[]
  anchors: Map<string, ParsedNode>
  /** Finished nodes that have an anchor. Aliases share the tree: nothing later changes a tree in place. */
  finished: Map<ParsedNode, Weighed>
  aliasedNodes: number
  exploded: boolean
}

type ParsedMap = Extract<ParsedNode, { items: { key: unknown }[] }>
type ParsedPair = ParsedMap['items'][number]

/**
 * The parsed document as a tree with positions: aliases and merge keys (`<<`) resolved, `x-*` keys dropped. Merged keys and
 * what stands in aliased maps and lists point at where they are written; an aliased scalar points at the alias.
 * What is wrong is left out of the tree and told as a problem.
 */
export function toLocated(
  source: SourceFile,
  root: ParsedNode,
  starts: readonly number[],
): { root: Located; problems: Problem[] } {
  const conversion: Conversion = {
    source,
    starts,
    path: [],
    problems: [],
    anchors: new Map(),
    finished: new Map(),
    aliasedNodes: 0,
    exploded: false,
  }
  const { tree } = convert(conversion, root)
  return { root: tree, problems: conversion.problems }
}

function convert(conversion: Conversion, node: ParsedNode): Weighed {
  if (isAlias(node)) return convertAlias(conversion, node)
  if (node.anchor) conversion.anchors.set(node.anchor, node)
  const weighed = convertOwn(conversion, node)
  if (node.anchor) conversion.finished.set(node, weighed)
  return weighed
}

function convertBelow(conversion: Conversion, step: string | number, node: ParsedNode): Weighed {
  conversion.path.push(step)
  const weighed = convert(conversion, node)
  conversion.path.pop()
  return weighed
}

function convertOwn(conversion: Conversion, node: Exclude<ParsedNode, Alias>): Weighed {
  const span = spanOf(conversion, node)
  if (isScalar(node)) {
    const tree = convertScalar(node, span)
    return { tree, nodes: 1 + lengthInNodes(tree.value), depth: 0 }
  }
  if (isMap(node)) return convertMap(conversion, node)
  const items = node.items.map((item, index) => convertBelow(conversion, index, item))
  return {
    tree: { kind: 'list', items: items.map(({ tree }) => tree), span },
    nodes: items.reduce((sum, { nodes }) => sum + nodes, 1),
    depth: items.reduce((deepest, { depth }) => Math.max(deepest, depth + 1), 1),
  }
}

function lengthInNodes(value: LocatedScalar['value']): number {
  return typeof value === 'string' ? Math.floor(value.length / charactersOfNode) : 0
}

function convertScalar(node: Scalar, span: Span): LocatedScalar {
  const { value } = node
  if (typeof value === 'number') {
    const exact = !Number.isInteger(value) || Number.isSafeInteger(value)
    return { kind: 'scalar', value: exact ? value : (node.source ?? String(value)), span }
  }
  if (typeof value === 'string' || typeof value === 'boolean') return { kind: 'scalar', value, span }
  return { kind: 'scalar', value: null, span }
}

function convertAlias(conversion: Conversion, alias: Alias): Weighed {
  const { path } = conversion
  const span = spanOf(conversion, alias)
  const nothing: Weighed = { tree: { kind: 'scalar', value: null, span }, nodes: 1, depth: 0 }
  const target = conversion.anchors.get(alias.source)
  if (!target) {
    // The name is not repeated: a password that begins with a star would be printed.
    const searched = conversion.problems.length < maximumSuggestions
    const meant = searched ? similar(alias.source, conversion.anchors.keys()) : undefined
    const hint = `quote the text if the "*" belongs to it${meant ? `; or did you mean *${meant}?` : ''}`
    report(conversion, 'yaml-alias', 'this alias has no anchor (&name) above it', { hint, path, span })
    return nothing
  }
  const weighed = conversion.finished.get(target)
  if (!weighed) {
    const hint = 'an alias cannot stand inside the value that it repeats'
    report(conversion, 'yaml-alias', 'this alias contains itself', { hint, path, span })
    return nothing
  }
  conversion.aliasedNodes += weighed.nodes
  if (conversion.aliasedNodes > maximumAliasedNodes || path.length + weighed.depth > maximumDepth) {
    const hint = `aliases may add ${maximumAliasedNodes} values and nest ${maximumDepth} levels deep`
    // Once is enough: a bomb has thousands of them.
    if (!conversion.exploded) {
      report(conversion, 'yaml-alias', 'the aliases of this file expand to too much', { hint, path, span })
    }
    conversion.exploded = true
    return nothing
  }
  return weighed.tree.kind === 'scalar' ? { ...weighed, tree: { ...weighed.tree, span } } : weighed
}

interface MapUnderWork {
  conversion: Conversion
  entries: Map<string, LocatedEntry>
  /** Keys that came through `<<`: the map's own keys replace them, wherever they stand. */
  merged: Set<string>
  nodes: number
  depth: number
}

function convertMap(conversion: Conversion, node: ParsedMap): Weighed {
  const map: MapUnderWork = { conversion, entries: new Map(), merged: new Set(), nodes: 1, depth: 1 }
  let mergedAt: Span | undefined
  const dropped = new Map<string, Span>()
  for (const pair of node.items) {
    const named = keyOf(map, pair)
    if (!named) continue
    const { name, key } = named
    if (name === '<<' && (pair.key as Scalar).type === Scalar.PLAIN) {
      if (mergedAt) reportDuplicate(map, '<<', key, mergedAt)
      mergedAt ??= key
      mergePair(map, pair, key)
      continue
    }
    const weighed = pairValue(map, pair, name, key)
    const first = map.merged.has(name) ? undefined : (map.entries.get(name)?.key ?? dropped.get(name))
    if (first) reportDuplicate(map, name, key, first)
    else if (name.startsWith('x-')) {
      dropped.set(name, key)
      warnIfLost(map, pair, name, key)
    } else {
      map.entries.set(name, { key, value: weighed.tree })
      map.merged.delete(name)
      weigh(map, weighed)
    }
  }
  return {
    tree: { kind: 'map', entries: map.entries, span: spanOf(conversion, node) },
    nodes: map.nodes,
    depth: map.depth,
  }
}

function pairValue(map: MapUnderWork, pair: ParsedPair, name: string, key: Span): Weighed {
  const value = pair.value
  if (value) return convertBelow(map.conversion, name, value)
  // `{key}` and `? key` have no value at all: what is said about it points at the key.
  return { tree: { kind: 'scalar', value: null, span: key }, nodes: 1, depth: 0 }
}

function weigh(map: MapUnderWork, value: Weighed): void {
  map.nodes += value.nodes
  map.depth = Math.max(map.depth, value.depth + 1)
}

/** The key as text: numbers and booleans are taken as they are written. */
function keyOf(map: MapUnderWork, pair: ParsedPair): { name: string; key: Span } | undefined {
  const node = pair.key as ParsedNode | null
  const { conversion } = map
  if (node && isScalar(node) && node.value !== null) {
    if (node.anchor) convert(conversion, node)
    const name = typeof node.value === 'string' ? node.value : node.source
    const key = spanOf(conversion, node)
    if (name.length <= maximumKeyLength) return { name, key }
    report(conversion, 'yaml-syntax', `this key is longer than ${maximumKeyLength} characters`, {
      hint: 'is a quote or a colon missing?',
      path: conversion.path,
      span: { ...key, end: key.start + 1 },
    })
    return undefined
  }
  const span = spanOf(conversion, node ?? pair.value)
  report(conversion, 'bad-key', 'a key must be plain text', {
    hint: 'write "key: value"; quote the key if it holds * { [ or null',
    path: conversion.path,
    span,
  })
  return undefined
}

function mergePair(map: MapUnderWork, pair: ParsedPair, key: Span): void {
  const { conversion } = map
  const { path } = conversion
  const value = pair.value
  const before = conversion.problems.length
  const weighed = pairValue(map, pair, '<<', key)
  const sources = weighed.tree.kind === 'list' ? weighed.tree.items : [weighed.tree]
  for (const source of sources) {
    if (source.kind !== 'map') {
      const span = value ? spanOf(conversion, value) : key
      const hint = 'write "<<: *name" or "<<: [*one, *two]", where the anchors are maps'
      // An alias that led nowhere is told already.
      const told = conversion.exploded || conversion.problems.length > before
      if (!told) report(conversion, 'merge-value', '<< can merge maps only', { hint, path, span })
      continue
    }
    for (const [name, entry] of source.entries) {
      if (map.entries.has(name)) continue
      map.entries.set(name, entry)
      map.merged.add(name)
    }
  }
  map.nodes += weighed.nodes
  map.depth = Math.max(map.depth, weighed.depth)
}

/** Of `x-*` keys only anchors are of use: a map without any is perhaps a repository that begins with x-. */
function warnIfLost(map: MapUnderWork, pair: ParsedPair, name: string, key: Span): void {
  const value = pair.value
  if (map.conversion.path.length === 0 || !value || !isMap(value)) return
  let anchored = Boolean(value.anchor)
  visit(value, (_, node) => {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) anchored = true
    return anchored ? visit.BREAK : undefined
  })
  if (anchored) return
  const { conversion } = map
  const problem = {
    hint: 'keys that begin with x- hold anchors (&name) and nothing else: choose another name',
    path: [...conversion.path, name],
    span: key,
    severity: 'warning' as const,
  }
  report(conversion, 'ignored-key', `"${name}" is ignored`, problem)
}

function reportDuplicate(map: MapUnderWork, name: string, span: Span, first: Span): void {
  const { line, column } = positionAt(map.conversion.starts, first.start)
  const hint = name === '<<' ? 'merge several maps with "<<: [*one, *two]"' : 'keep one of the two'
  const message = `the key "${name}" is written twice in this map, first at line ${line + 1}, column ${column + 1}`
  report(map.conversion, 'duplicate-key', message, { hint, path: [...map.conversion.path, name], span })
}

interface Reported {
  hint: string
  path: Path
  span: Span
  severity?: Problem['severity']
}

function report(conversion: Conversion, code: string, message: string, about: Reported): void {
  const { hint, path, span, severity = 'error' } = about
  conversion.problems.push({ severity, code, message, hint, path: formatPath(path), span })
}

function spanOf(conversion: Conversion, node: ParsedNode | null): Span {
  const [start, end] = node?.range ?? [0, 0]
  return { file: conversion.source.name, start, end }
}

import { isAlias, isMap, isScalar, type ParsedNode, Scalar } from 'yaml'
import type { Span } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import { aliased } from './aliases.ts'
import {
  type Alias,
  type Conversion,
  type ParsedMap,
  type ParsedPair,
  report,
  spanOf,
  type Weighed,
} from './conversion.ts'
import { acceptKey, type Located, type LocatedEntry, type LocatedScalar } from './located.ts'
import { keyOf, reportDuplicate, warnIfLost } from './map-keys.ts'

/** A long text counts as several nodes: repeated, it is in many messages and paths. */
const charactersOfNode = 64

/**
 * The parsed document as a tree with positions: aliases and merge keys (`<<`) resolved, `x-*` keys dropped, but for `x-accept`. Merged keys and
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
  if (isAlias(node)) return aliased(conversion, node)
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

interface MapUnderWork {
  conversion: Conversion
  entries: Map<string, LocatedEntry>
  /** Keys that came through `<<`: the map's own keys replace them, wherever they stand. */
  merged: Set<string>
  accepts: Located | undefined
  nodes: number
  depth: number
}

function convertMap(conversion: Conversion, node: ParsedMap): Weighed {
  const map: MapUnderWork = {
    conversion,
    entries: new Map(),
    merged: new Set(),
    accepts: undefined,
    nodes: 1,
    depth: 1,
  }
  let mergedAt: Span | undefined
  const dropped = new Map<string, Span>()
  for (const pair of node.items) {
    const named = keyOf(conversion, pair, (key) => convert(conversion, key))
    if (!named) continue
    const { name, key } = named
    if (name === '<<' && (pair.key as Scalar).type === Scalar.PLAIN) {
      if (mergedAt) reportDuplicate(conversion, '<<', key, mergedAt)
      mergedAt ??= key
      mergePair(map, pair, key)
      continue
    }
    const weighed = pairValue(map, pair, name, key)
    const first = map.merged.has(name) ? undefined : (map.entries.get(name)?.key ?? dropped.get(name))
    if (first) reportDuplicate(conversion, name, key, first)
    else if (name.startsWith('x-')) {
      dropped.set(name, key)
      if (name === acceptKey) {
        map.accepts = weighed.tree
        weigh(map, weighed)
      } else warnIfLost(conversion, pair, name, key)
    } else {
      map.entries.set(name, { key, value: weighed.tree })
      map.merged.delete(name)
      weigh(map, weighed)
    }
  }
  return {
    tree: {
      kind: 'map',
      entries: map.entries,
      ...(map.accepts && { accepts: map.accepts }),
      span: spanOf(conversion, node),
    },
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

function weigh(map: MapUnderWork, { nodes, depth }: Weighed, levels = 1): void {
  map.nodes += nodes
  map.depth = Math.max(map.depth, depth + levels)
}

function mergePair(map: MapUnderWork, pair: ParsedPair, key: Span): void {
  const { conversion } = map
  const { value } = pair
  const before = conversion.problems.length
  const weighed = pairValue(map, pair, '<<', key)
  const sources = weighed.tree.kind === 'list' ? weighed.tree.items : [weighed.tree]
  for (const source of sources) {
    if (source.kind !== 'map') {
      const span = value ? spanOf(conversion, value) : key
      const hint = 'write "<<: *name" or "<<: [*one, *two]", where the anchors are maps'
      // An alias that led nowhere is told already.
      const told = conversion.exploded || conversion.problems.length > before
      if (!told)
        report(conversion, 'merge-value', '<< can only merge maps', { hint, path: conversion.path, span })
      continue
    }
    map.accepts ??= source.accepts
    for (const [name, entry] of source.entries) {
      if (map.entries.has(name)) continue
      map.entries.set(name, entry)
      map.merged.add(name)
    }
  }
  weigh(map, weighed, 0)
}

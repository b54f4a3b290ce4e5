import type { ParsedNode } from 'yaml'
import type { Span } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import { formatPath, type Located, type Path } from './located.ts'

/** A tree and its weight when every alias in it is written out. */
export interface Weighed {
  tree: Located
  nodes: number
  depth: number
}

export type Alias = Extract<ParsedNode, { source: string; resolve: unknown }>

export interface Conversion {
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

export type ParsedMap = Extract<ParsedNode, { items: { key: unknown }[] }>
export type ParsedPair = ParsedMap['items'][number]

interface Reported {
  hint: string
  path: Path
  span: Span
  severity?: Problem['severity']
}

export function report(conversion: Conversion, code: string, message: string, about: Reported): void {
  const { hint, path, span, severity = 'error' } = about
  conversion.problems.push({ severity, code, message, hint, path: formatPath(path), span })
}

export function spanOf(conversion: Conversion, node: ParsedNode | null): Span {
  const [start, end] = node?.range ?? [0, 0]
  return { file: conversion.source.name, start, end }
}

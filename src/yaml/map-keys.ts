import { isMap, isScalar, isSeq, type ParsedNode, visit } from 'yaml'
import { positionAt, type Span } from '../core/position.ts'
import { type Conversion, type ParsedPair, report, spanOf } from './conversion.ts'

/** YAML's own limit, which the library watches over for keys that stand on one line. Paths are made of keys, and every problem has a path. */
const maximumKeyLength = 1024

/** The key as text: numbers and booleans are taken as they are written. One that has an anchor is converted, for its aliases. */
export function keyOf(
  conversion: Conversion,
  pair: ParsedPair,
  convert: (key: ParsedNode) => void,
): { name: string; key: Span } | undefined {
  const node = pair.key as ParsedNode | null
  if (node && isScalar(node) && node.value !== null) {
    if (node.anchor) convert(node)
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
    hint: 'write "key: value"; quote the key if it contains * { [ or null',
    path: conversion.path,
    span,
  })
  return undefined
}

/** Of `x-*` keys only anchors are of use: a map without any is perhaps a repository that begins with x-. */
export function warnIfLost(conversion: Conversion, { value }: ParsedPair, name: string, key: Span): void {
  if (conversion.path.length === 0 || !value || !isMap(value)) return
  let anchored = Boolean(value.anchor)
  visit(value, (_, node) => {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) anchored = true
    return anchored ? visit.BREAK : undefined
  })
  if (anchored) return
  report(conversion, 'ignored-key', `"${name}" is ignored`, {
    hint: 'choose another name: keys that begin with x- are only for anchors (&name)',
    path: [...conversion.path, name],
    span: key,
    severity: 'warning',
  })
}

/** A key that the map has already. */
export function reportDuplicate(conversion: Conversion, name: string, span: Span, first: Span): void {
  const { line, column } = positionAt(conversion.starts, first.start)
  const hint = name === '<<' ? 'merge several maps with "<<: [*one, *two]"' : 'keep one of the two'
  const message = `the key "${name}" is written twice in this map, first at line ${line + 1}, column ${column + 1}`
  report(conversion, 'duplicate-key', message, { hint, path: [...conversion.path, name], span })
}

import { Document, isMap, isNode, isPair, isScalar, isSeq, type Node, visit } from 'yaml'
import { printable } from '../../core/printable.ts'

/** Where a comment stands: before the key or the item at this path. */
export type Comments = readonly (readonly [path: readonly (string | number)[], comment: string])[]

/** A value as a YAML document with comments, one line each. Ends with a line break. */
export function yamlDocument(value: unknown, comments: Comments = []): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  for (const [path, comment] of comments) {
    const node = nodeAt(document, path)
    if (node)
      node.commentBefore = comment
        .split('\n')
        .map((line) => ` ${printable(line)}`)
        .join('\n')
  }
  visit(document, {
    // A short list on the line of its key.
    Seq(_, list) {
      const short = list.items.every((item) => isScalar(item) && item.commentBefore == null)
      if (short && String(list).length < 60) list.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The key of an entry, or an item of a list. */
function nodeAt(document: Document, path: readonly (string | number)[]): Node | undefined {
  const last = path.at(-1)
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const found = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
    : isSeq(parent) && typeof last === 'number'
      ? parent.items[last]
      : undefined
  const node = isPair(found) ? found.key : found
  return isNode(node) ? node : undefined
}

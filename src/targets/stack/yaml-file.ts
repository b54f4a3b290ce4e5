import { type Document, isMap, isNode, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'
import { printable } from '../../core/printable.ts'

export type YamlPath = readonly (string | number)[]

interface Filling {
  /** Values to lay over those of the template, also where it has none. */
  set: readonly (readonly [path: YamlPath, value: unknown])[]
  /** A line before the key or the item there. */
  comments?: readonly (readonly [path: YamlPath, comment: string])[]
  /** For Compose and Swarm, which take `$` for the begin of a variable, and `$$` for a dollar. */
  doubleDollars?: true
}

/** A YAML text made of one with comments and of values. Ends with a line break. */
export function yamlFile(template: string, { set, comments = [], doubleDollars }: Filling): string {
  const document = parseDocument(template)
  for (const [path, value] of set) if (value !== undefined) document.setIn(path, document.createNode(value))
  for (const [path, comment] of comments) {
    const node = nodeAt(document, path)
    if (node) node.commentBefore = ` ${printable(comment)}`
  }
  visit(document, {
    Scalar(key, scalar) {
      if (doubleDollars && key !== 'key' && typeof scalar.value === 'string')
        scalar.value = scalar.value.replaceAll('$', () => '$$')
    },
    // A short list on the line of its key.
    Seq(_, list) {
      const isPlain =
        list.comment == null && list.items.every((item) => isScalar(item) && !item.commentBefore)
      if (isPlain && String(list).length < 100) list.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The key of an entry, or an item of a list. */
function nodeAt(document: Document, path: YamlPath): Node | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  const found = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key
    : isSeq(parent) && parent.items[Number(last)]
  return isNode(found) ? found : undefined
}

import { similar } from '../core/similar.ts'
import { type Alias, type Conversion, report, spanOf, type Weighed } from './conversion.ts'
import { maximumDepth } from './documents.ts'

/** Nodes that aliases may add to a file: far above any real one, far below what hurts (`a: &a [*b, *b, …]`, nine deep). */
const maximumAliasedNodes = 100_000

/** Beyond it, searching for anchors that are alike is left out: such a file is no configuration. */
const maximumSuggestions = 100

/** What an alias stands for: the tree of its anchor, which is shared. */
export function aliased(conversion: Conversion, alias: Alias): Weighed {
  const { path } = conversion
  const span = spanOf(conversion, alias)
  const refused = (message: string, hint: string): Weighed => {
    report(conversion, 'yaml-alias', message, { hint, path, span })
    return nothing
  }
  const nothing: Weighed = { tree: { kind: 'scalar', value: null, span }, nodes: 1, depth: 0 }
  const target = conversion.anchors.get(alias.source)
  if (!target) {
    // The name is not repeated: a password that begins with a star would be printed.
    const searched = conversion.problems.length < maximumSuggestions
    const meant = searched ? similar(alias.source, conversion.anchors.keys()) : undefined
    const hint = `quote the text if the "*" is part of it${meant ? `; or did you mean *${meant}?` : ''}`
    return refused('this alias has no anchor (&name) above it', hint)
  }
  const weighed = conversion.finished.get(target)
  if (!weighed)
    return refused('this alias contains itself', 'an alias must not be inside the value that it repeats')
  conversion.aliasedNodes += weighed.nodes
  if (conversion.aliasedNodes > maximumAliasedNodes || path.length + weighed.depth > maximumDepth) {
    // Once is enough: a bomb has thousands of them.
    if (conversion.exploded) return nothing
    conversion.exploded = true
    const hint = `aliases may add up to ${maximumAliasedNodes} values and nest up to ${maximumDepth} levels deep`
    return refused('the aliases in this file expand too far', hint)
  }
  return weighed.tree.kind === 'scalar' ? { ...weighed, tree: { ...weighed.tree, span } } : weighed
}

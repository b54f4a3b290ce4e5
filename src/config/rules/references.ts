import { similar } from '../../core/similar.ts'
import type { Naming } from '../../resources/contract/description.ts'
import type { Namespace } from '../../resources/contract/object.ts'
import type { Rule, RuleContext } from '../../resources/contract/rule.ts'

/** Beyond it, looking for names that are alike is left out: it takes long, and such a file is no configuration. */
const maximumSuggestions = 100

/** What objects refer to is described or `external: true`; what only servers know is checked there. */
export const knownReferences: Rule = (context) => {
  const known = new Map<Namespace, ReadonlySet<string>>()
  let reported = 0
  for (const target of context.objects) {
    for (const { namespace, id, path } of target.kind.references(target.values)) {
      const naming = context.naming(namespace)
      if (!naming?.section) continue
      const names = known.get(namespace) ?? namesOf(namespace, naming, context)
      known.set(namespace, names)
      if (names.has(id)) continue
      reported += 1
      const close = reported > maximumSuggestions ? undefined : similar(id, names)
      context.report(target, path, {
        code: naming.missing,
        message: `${naming.noun} "${id}" is not in the file`,
        hint: close
          ? `did you mean "${close}"?`
          : `add it under ${naming.section}:, or "${id}: {external: true}" there if it exists on the server`,
      })
    }
  }
}

/** All names of the section, those of objects that have problems of their own included, and what intents have made. */
function namesOf(namespace: Namespace, naming: Naming, context: RuleContext): Set<string> {
  const { section = '', builtIn = [] } = naming
  const objects = context.inNamespace(namespace).map(({ id }) => id)
  return new Set([...context.namesIn(section), ...objects, ...builtIn])
}

import type { Namespace } from './object.ts'
import type { Rule } from './rule.ts'

/** Names that differ only in case: some servers create a twin, others refuse (nexus-api 2.3, 2.2). */
export function distinctNames(namespace: Namespace): Rule {
  return ({ inNamespace, externals, reportAt }) => {
    const seen = new Map<string, string>()
    const managed = inNamespace(namespace).map(({ id, object }) => ({ id, path: object.path }))
    const all = [...managed, ...externals.filter((external) => external.namespace === namespace)]
    for (const { id, path } of all) {
      const other = seen.get(id.toLowerCase())
      if (other === undefined) seen.set(id.toLowerCase(), id)
      else {
        const message = `"${id}" and "${other}" differ only in case`
        const hint = 'keep one of them: Nexus ignores case in names'
        reportAt(path, { code: 'name-clash', message, hint }, 'key')
      }
    }
  }
}

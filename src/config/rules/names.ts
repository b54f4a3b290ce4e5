import { isName } from '../../core/names.ts'
import { offers } from '../../nexus/capabilities.ts'
import type { Rule, RuleObject } from './context.ts'

/** Names that Nexus accepts; docker names in lower case, which 3.89 and later insist on. */
export const validNames: Rule = ({ repositories, objects, config, report, reportAt }) => {
  const checkPattern = (id: string, path: readonly (string | number)[]) => {
    if (isName(id)) return
    const hint =
      'use letters, digits, underscores, hyphens and dots; do not begin with an underscore or a dot'
    reportAt(path, { code: 'invalid-name', message: `"${id}" is not a name that Nexus accepts`, hint }, 'key')
  }
  for (const { id, object } of objects) {
    if (object.kind.section.form === 'map') checkPattern(id, object.path)
  }
  for (const repository of repositories) {
    const { id } = repository
    if (id.length > 200) {
      const hint = 'Nexus stores at most 200 characters'
      report(repository, '', { code: 'name-too-long', message: `the name has ${id.length} characters`, hint })
    }
    if (id !== id.toLowerCase() && !allowsUpperCase(config.nexus.version)) {
      report(repository, '', {
        code: 'upper-case-name',
        message: `docker repository name "${id}" is not in lower case`,
        hint: `Nexus 3.89 and later refuse it; write "${id.toLowerCase()}", or set nexus.version for an older server`,
      })
    }
  }
}

function allowsUpperCase(version: string | undefined): boolean {
  return version !== undefined && !offers({ version, edition: 'unknown' }, 'lowerCaseNames')
}

/** Names that differ only in case: some servers create a twin, others refuse (nexus-api 2.3, 2.2). */
export const distinctNames: Rule = ({ repositories, blobStores, config, reportAt }) => {
  const externals = (namespace: string) =>
    config.externals.filter((external) => external.namespace === namespace)
  for (const [objects, namespace] of [
    [repositories, 'repository'],
    [blobStores, 'blobStore'],
  ] as const) {
    const seen = new Map<string, string>()
    const all = [...objects.map(({ id, object }) => ({ id, path: object.path })), ...externals(namespace)]
    for (const { id, path } of all) {
      const other = seen.get(id.toLowerCase())
      if (other === undefined) seen.set(id.toLowerCase(), id)
      else {
        const hint = 'Nexus looks names up ignoring case; keep one of them'
        reportAt(
          path,
          { code: 'name-clash', message: `"${id}" and "${other}" differ only in case`, hint },
          'key',
        )
      }
    }
  }
}

/** A directory, and what is known of the stores in it. */
interface Directory {
  inner: Map<string, Directory>
  /** The first store that is this directory, and the first that is it or inside. */
  store?: RuleObject
  inside?: RuleObject
}

/** Two stores in one directory, or one inside the other, are refused from 3.29 (nexus-api 2.2). */
export const separateBlobStorePaths: Rule = ({ blobStores, report }) => {
  const root: Directory = { inner: new Map() }
  for (const store of blobStores) {
    const path = pathOf(store)
    const other = place(root, path, store)
    if (!other) continue
    report(store, store.values['path'] === undefined ? '' : 'path', {
      code: 'blob-store-path',
      message: `path "${path}" overlaps with blob store "${other.id}" (${pathOf(other)})`,
      hint: 'give every blob store a directory of its own',
      absent: ['path'],
    })
  }
}

/** Puts the store into the tree; one that overlaps with it, the closest around it first. */
function place(root: Directory, path: string, store: RuleObject): RuleObject | undefined {
  let around: RuleObject | undefined
  let directory = root
  for (const step of path.split('/')) {
    const inner: Directory = directory.inner.get(step) ?? { inner: new Map() }
    directory.inner.set(step, inner)
    directory = inner
    around = directory.store ?? around
    directory.inside ??= store
  }
  const inside = directory.inside === store ? undefined : directory.inside
  directory.store ??= store
  return around ?? inside
}

function pathOf(store: RuleObject): string {
  return normalise(String(store.values['path'] ?? store.id))
}

function normalise(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/^\.\//, '').replace(/\/$/, '')
}

/** `None` is a word of the UI, not a policy: from 3.94 such a repository does not start (peers 3.2, np#1025). */
export const noPolicyCalledNone: Rule = ({ repositories, report }) => {
  for (const repository of repositories)
    forEachText(repository, 'cleanupPolicies', (policy, field) => {
      if (policy.toLowerCase() !== 'none') return
      const hint = 'leave the list empty: cleanupPolicies: []'
      report(repository, field, {
        code: 'cleanup-policy-none',
        message: 'there is no cleanup policy called "None"',
        hint,
      })
    })
}

/** Calls back for every text of a list field with the path of the item. */
export function forEachText(
  object: RuleObject,
  field: string,
  visit: (text: string, field: string) => void,
): void {
  const list = object.values[field]
  if (!Array.isArray(list)) return
  for (const [index, text] of list.entries()) visit(text, `${field}[${index}]`)
}

/** Lists in which a repeated item can only be a mistake. */
export const noRepeatedItems: Rule = ({ config, reportAt }) => {
  for (const object of config.objects) {
    for (const [key, value] of Object.entries(object.spec)) {
      if (!Array.isArray(value)) continue
      const seen = new Set<unknown>()
      for (const [index, item] of value.entries()) {
        const message = `${key} names "${String(item)}" twice`
        const finding = { code: 'repeated-item', message, hint: 'remove one of them' }
        if (seen.has(item)) reportAt([...object.path, key, index], finding)
        seen.add(item)
      }
    }
  }
}

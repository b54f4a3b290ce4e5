import type { Catalogue, Kind } from './kind.ts'
import type { Namespace } from './object.ts'

type Names = Partial<Pick<Catalogue, 'naming' | 'occupants'>>

/** The kinds that a run knows. Whoever plans, applies or reads a file gets them as an argument. */
export interface KindTable {
  readonly all: readonly Kind[]
  /** Throws for a name that no kind has: a bug. */
  named(kind: string): Kind
  /** How a namespace's names are called and looked up; undefined parts where nothing refers to it by name. */
  namesOf(namespace: Namespace): Names
}

/** A table of these kinds; `catalogues` are namespaces that the file only refers to. */
export function tableOf(all: readonly Kind[], catalogues: readonly Catalogue[] = []): KindTable {
  const byName = new Map(all.map((kind) => [kind.kind, kind]))
  const byNamespace = new Map<Namespace, Names>()
  for (const names of [...all, ...catalogues])
    if (!byNamespace.has(names.namespace)) byNamespace.set(names.namespace, names)
  return {
    all,
    named(name) {
      const kind = byName.get(name)
      if (!kind) throw new Error(`there is no kind ${name}`)
      return kind
    },
    namesOf: (namespace) => byNamespace.get(namespace) ?? {},
  }
}

/** `docker/hosted "apps"`, or `security realms` for what there is one of. */
export function titleOf({ section, label }: Kind, id: string): string {
  return section.form === 'map' ? `${label} "${id}"` : label
}

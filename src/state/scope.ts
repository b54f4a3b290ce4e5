import type { Desired } from '../config/config.ts'
import type { Kind, Wanted } from '../resources/contract/kind.ts'
import type { Namespace } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { valuesOfObject } from '../resources/contract/written.ts'

/** What to read of a server. */
export interface Scope {
  kinds: readonly Kind[]
  /** Whose names are wanted, whatever holds them. */
  namespaces: ReadonlySet<Namespace>
  /** What the file says of a kind's objects. */
  wanted: (kind: Kind) => Wanted
}

/** What a configuration concerns: the kinds of what it describes, and the names that it refers to. */
export function scopeOf({ objects, externals }: Desired, kinds: KindTable): Scope {
  const described = new Set([
    ...objects.map(({ kind }) => kinds.named(kind).namespace),
    ...externals.map(({ namespace }) => namespace),
  ])
  // Blob stores, routing rules, policies: named without having to be described.
  const referredTo = objects.flatMap((object) => {
    const kind = kinds.named(object.kind)
    return kind.references(valuesOfObject(kind, object)).map(({ namespace }) => namespace)
  })
  // A file that describes nothing asks for nothing, so it needs nothing either.
  const needsServer = objects.length > 0
  return {
    kinds: kinds.all.filter(
      (kind) =>
        described.has(kind.namespace) ||
        (needsServer && (kind.prerequisite !== undefined || kind.matters?.(objects) === true)),
    ),
    namespaces: new Set([...described, ...referredTo]),
    wanted: ({ kind }) =>
      new Map(
        objects
          .filter((object) => object.kind === kind)
          .map((object) => [object.id.toLowerCase(), object.spec]),
      ),
  }
}

/** Everything that the tool knows of a server. */
export function everything(kinds: KindTable): Scope {
  return {
    kinds: kinds.all,
    namespaces: new Set(kinds.all.map(({ namespace }) => namespace)),
    wanted: () => new Map(),
  }
}

import type { Catalogue, Namespace } from './define.ts'
import { catalogues, kinds } from './index.ts'

type Names = Partial<Pick<Catalogue, 'naming'>> & { occupants?: Catalogue['occupants'] }

/** How a namespace's names are called and looked up; undefined parts where nothing refers to it by name. */
export function namesOf(namespace: Namespace): Names {
  const kind = kinds.find((candidate) => candidate.namespace === namespace)
  return kind ?? catalogues.find((candidate) => candidate.namespace === namespace) ?? {}
}

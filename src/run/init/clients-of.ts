import type { Config } from '../../config/config.ts'
import type { Edge } from '../../edge/edge.ts'
import { type ClientSteps, clientSteps } from '../../report/next-text.ts'
import { registriesOf } from '../../report/registries.ts'
import type { DesiredObject } from '../../resources/contract/object.ts'
import { valuesOfObject } from '../../resources/contract/written.ts'
import { kinds } from '../../resources/index.ts'
import { edgeOfConfig } from '../edge-of-config.ts'

/** What clients do once the file is applied, as `apply` says it at its end, and what the reverse proxy needs before. */
export function clientsOf(config: Config, url: string): ClientSteps {
  const valuesOf = (object: DesiredObject) => valuesOfObject(kinds.named(object.kind), object)
  const edge = edgeOfConfig(config)
  const { steps, notes } = clientSteps(registriesOf(config, { kinds, valuesOf, url, edge, missing: [] }))
  return { steps, notes: [...notes, ...certificateNote(edge)] }
}

function certificateNote(edge: Edge | undefined): string[] {
  if (!edge || !('certificate' in edge.tls)) return []
  const { certificate, key } = edge.tls
  return [`The reverse proxy needs ${certificate} and ${key} on its machine before it starts.`]
}

import type { Config } from '../../config/config.ts'
import { type ClientSteps, clientSteps } from '../../report/next-text.ts'
import { registriesOf } from '../../report/registries.ts'
import type { DesiredObject } from '../../resources/contract/object.ts'
import { valuesOfObject } from '../../resources/contract/written.ts'
import { kinds } from '../../resources/index.ts'
import { edgeOfConfig } from '../edge-of-config.ts'

/** What clients do once the file is applied, as `apply` says it at its end. */
export function clientsOf(config: Config, url: string): ClientSteps {
  const valuesOf = (object: DesiredObject) => valuesOfObject(kinds.named(object.kind), object)
  return clientSteps(registriesOf(config, { kinds, valuesOf, url, edge: edgeOfConfig(config), missing: [] }))
}

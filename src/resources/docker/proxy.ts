import { schemaOf } from '../contract/fields.ts'
import type { Kind } from '../contract/kind.ts'
import { noPolicyCalledNone } from './cleanup-field.ts'
import { connectorPorts, dockerReferences } from './fields.ts'
import { proxyFields } from './proxy-fields.ts'
import { proxyRules } from './proxy-rules.ts'
import { dockerRepositoryVerbs } from './repository.ts'
import { dockerRules } from './repository-rules.ts'

/** Docker proxy repository: caches another registry. `/v1/repositories/docker/proxy`, Nexus 3.26 and later. */
export const dockerProxy: Kind<typeof proxyFields> = {
  kind: 'dockerProxy',
  label: 'docker/proxy',
  namespace: 'repository',
  section: { key: 'repositories', form: 'map', chosenBy: { type: { word: 'proxy' } } },
  schema: schemaOf(proxyFields),
  fields: proxyFields,
  rules: [...dockerRules, noPolicyCalledNone, ...proxyRules],
  references: dockerReferences,
  connectorPorts,
  ...dockerRepositoryVerbs('proxy', proxyFields),
}

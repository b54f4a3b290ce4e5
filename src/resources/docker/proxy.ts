import type { Kind } from '../contract/kind.ts'
import { cleanupRules } from './cleanup-field.ts'
import { dockerReferences } from './fields.ts'
import { proxyFields } from './proxy-fields.ts'
import { proxyRules } from './proxy-rules.ts'
import { dockerKind } from './repository.ts'
import { dockerRules } from './repository-rules.ts'

/** Docker proxy repository: caches another registry. `/v1/repositories/docker/proxy`, Nexus 3.26 and later. */
export const dockerProxy: Kind<typeof proxyFields> = {
  ...dockerKind('proxy', proxyFields),
  rules: [...dockerRules, ...cleanupRules, ...proxyRules],
  references: dockerReferences,
}

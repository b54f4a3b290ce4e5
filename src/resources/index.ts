import { adminPassword } from './admin-password.ts'
import { anonymous } from './anonymous.ts'
import { blobStore } from './blob-store.ts'
import { cleanupPolicies } from './cleanup-policies.ts'
import { tableOf } from './contract/table.ts'
import { dockerGroup } from './docker/group.ts'
import { dockerHosted } from './docker/hosted.ts'
import { dockerProxy } from './docker/proxy.ts'
import { eula } from './eula.ts'
import { httpProxy } from './http-proxy.ts'
import { realms } from './realms.ts'
import { routingRule } from './routing-rule.ts'

/** Every kind there is, one line each. Schema, planner, executor and documentation loop over this table. */
export const kinds = tableOf(
  [
    adminPassword,
    eula,
    httpProxy,
    routingRule,
    blobStore,
    dockerHosted,
    dockerProxy,
    dockerGroup,
    realms,
    anonymous,
  ],
  [cleanupPolicies],
)

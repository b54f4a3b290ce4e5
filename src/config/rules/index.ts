import type { Rule } from './context.ts'
import {
  distinctNames,
  noPolicyCalledNone,
  noRepeatedItems,
  separateBlobStorePaths,
  validNames,
} from './names.ts'
import { distinctPorts, notNexusPort, notTooManyPorts, pathOrPorts, validSubdomains } from './ports.ts'
import {
  completeLogins,
  foreignLayersMakeSense,
  indexMatchesUrl,
  latestPolicyNeedsAllowOnce,
  proxyHasUpstream,
  trustStoreNeedsHttps,
  validRemoteUrls,
} from './proxies.ts'
import { hostedBeforeProxies, knownReferences, noMemberCycles, writableMemberFits } from './references.ts'
import { meantSecrets } from './secrets.ts'
import {
  anonymousPullIsConsistent,
  proxyHostIsNoUrl,
  realmsKeepLogin,
  validExclusions,
  validServerUrl,
} from './server-settings.ts'
import { versionGates } from './version-gates.ts'

/** Every rule across objects that needs no server. Those that do are in plan/server-rules.ts. */
export const rules: readonly Rule[] = [
  validServerUrl,
  validNames,
  distinctNames,
  separateBlobStorePaths,
  noRepeatedItems,
  noPolicyCalledNone,
  distinctPorts,
  notNexusPort,
  notTooManyPorts,
  pathOrPorts,
  validSubdomains,
  knownReferences,
  noMemberCycles,
  writableMemberFits,
  hostedBeforeProxies,
  proxyHasUpstream,
  validRemoteUrls,
  indexMatchesUrl,
  completeLogins,
  meantSecrets,
  trustStoreNeedsHttps,
  foreignLayersMakeSense,
  latestPolicyNeedsAllowOnce,
  proxyHostIsNoUrl,
  validExclusions,
  realmsKeepLogin,
  anonymousPullIsConsistent,
  versionGates,
]

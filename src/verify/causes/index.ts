import { accessCauses, credentialsCause, rightsCause } from './access.ts'
import type { Cause } from './cause.ts'
import { contentCauses, unexplained } from './content.ts'
import { edgeCauses } from './edge.ts'
import { passingCauses } from './passing.ts'
import { reachCauses } from './reach.ts'
import { upstreamCauses, upstreamUnexplained } from './upstream.ts'

/** All that is known, what explains more before what explains less: the first that fits is the cause. */
export const causes: readonly Cause[] = [
  ...reachCauses,
  ...upstreamCauses,
  ...accessCauses,
  ...edgeCauses,
  ...passingCauses,
  ...contentCauses,
  credentialsCause,
  rightsCause,
  upstreamUnexplained,
  unexplained,
]

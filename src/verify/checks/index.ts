import { anonymous } from './anonymous.ts'
import type { Check } from './check.ts'
import { cleanUp } from './clean-up.ts'
import { pullMember, pullThrough, refusePush } from './pull.ts'
import { pull, push, pushAgain } from './push.ts'
import { login, reach, wrongPassword } from './reach.ts'
import { routing } from './routing.ts'

/** What is proved of a repository, in this order. */
export const checks: readonly Check[] = [
  reach,
  login,
  wrongPassword,
  push,
  pull,
  pullThrough,
  refusePush,
  pullMember,
  anonymous,
  routing,
  pushAgain,
  cleanUp,
]

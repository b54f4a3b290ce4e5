import { anonymousPull } from './anonymous-pull.ts'
import { bootstrap } from './bootstrap.ts'
import type { Intent } from './contract.ts'
import { edge } from './edge.ts'
import { loginType } from './login-type.ts'
import { upstream } from './upstream.ts'

/** Every intent there is, one line each, in the order in which they are expanded: each sees what those before it made. */
export const intents: readonly Intent[] = [upstream, loginType, anonymousPull, bootstrap, edge]

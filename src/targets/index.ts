import { caddy } from './caddy.ts'
import type { Target } from './contract.ts'
import { haproxy } from './haproxy.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [caddy, haproxy]

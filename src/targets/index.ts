import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import type { Target } from './contract.ts'
import { haproxy } from './haproxy.ts'
import { nginx } from './nginx.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [apache, caddy, haproxy, nginx]

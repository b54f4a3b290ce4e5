import { apache } from './apache.ts'
import type { Target } from './contract.ts'
import { nginx } from './nginx.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [apache, nginx]

import type { Target } from './contract.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = []

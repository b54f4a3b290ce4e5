import { printable } from '../core/printable.ts'
import type { RenderInput } from './contract.ts'

/** The first two lines of a file that is wholly ours. `sign` begins a comment in its format. */
export function header({ from }: Pick<RenderInput, 'from'>, target: string, sign = '#'): string {
  return [
    `Made by nexus-docker from ${printable(from.join(', '))}: nexus-docker render ${target}`,
    'Changes here are lost: change the file and render again.',
  ]
    .map((line) => `${sign} ${line}\n`)
    .join('')
}

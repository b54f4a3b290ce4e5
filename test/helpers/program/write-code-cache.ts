import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { program } from './program.ts'

const file = fileURLToPath(new URL('../../../examples/team-registry/repos.yml', import.meta.url))

/** Before the first test: what most starts run is compiled once. Where it cannot be, each start compiles for itself. */
export function setup(): void {
  spawnSync(process.execPath, [...program, 'apply', '--sandbox', '-f', file], {
    env: { PATH: process.env['PATH'], WRITE_CODE_CACHE: 'yes' },
    timeout: 60_000,
  })
}

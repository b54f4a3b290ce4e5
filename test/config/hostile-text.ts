// Files that are made to take long, and the program that reads one.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { folderWith } from '../helpers/run-cli.ts'

const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))

/** `head`, the unit as often as it fits (`%` in it is its number), `tail`. */
export interface Hostile {
  head?: string
  unit: string
  tail?: string
  code: string
  size?: number
}

export function textOf({ head = '', unit, tail = '', size = 120_000 }: Hostile): string {
  const parts = [head]
  const numbered = unit.includes('%')
  for (let length = head.length + tail.length, n = 0; length + unit.length + 6 < size; n++) {
    const part = numbered ? unit.replaceAll('%', String(n)) : unit
    parts.push(part)
    length += part.length
  }
  return parts.join('') + tail
}

/** 16 MiB of it through the program. The heap is limited, so that what needs more ends the process. */
export function validateLarge(file: Hostile): void {
  const path = join(folderWith({}), 'repos.yml')
  writeFileSync(path, textOf({ ...file, size: 16 * 1024 * 1024 }))
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--max-old-space-size=900', bin, 'validate', '-o', 'json', '-f', path],
    { encoding: 'utf8', timeout: 100_000, maxBuffer: 1e9 },
  )
  const { problems } = JSON.parse(stdout) as { problems: { code: string }[] }
  expect(problems.map(({ code }) => code)).toEqual(file.code === '' ? [] : [file.code])
  expect(status).toBe(file.code === '' ? 0 : 3)
}

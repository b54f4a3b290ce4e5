// Waiting runs as a person sees them. The files were read before they were committed: read them again when they change.
import { beforeAll, expect, test } from 'vitest'
import {
  comesUpAfter,
  diesDuringApply,
  isNotNexus,
  neverComesUp,
  seenOf,
} from '../helpers/runs/waiting-runs.ts'
import { hasPython } from '../helpers/terminal.ts'

const runs = {
  'comes-up-later': comesUpAfter(1500, '1m'),
  'never-comes-up': neverComesUp,
  'is-not-nexus': isNotNexus,
  'dies-during-the-apply': diesDuringApply,
}
const seen = new Map<string, string>()
const canRun = hasPython || Boolean(process.env['CI'])

// All at once: they wait most of the time.
beforeAll(async () => {
  if (!canRun) return
  await Promise.all(Object.entries(runs).map(async ([name, run]) => seen.set(name, await seenOf(run))))
})

test.skipIf(!canRun).each(Object.keys(runs))('a server that %s', async (name) => {
  await expect(seen.get(name)).toMatchFileSnapshot(`../golden/wait/${name}.txt`)
})

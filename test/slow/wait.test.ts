// The waiting run of a CI job: long enough to hear that the tool still waits.
import { expect, test } from 'vitest'
import { comesUpAfter, seenOf } from '../helpers/runs/waiting-runs.ts'
import { hasPython } from '../helpers/terminal.ts'

test.skipIf(!hasPython && !process.env['CI'])('a server that comes up after 20 s', async () => {
  const seen = await seenOf(comesUpAfter(20_000, '2m'))
  await expect(seen).toMatchFileSnapshot('../golden/wait/comes-up-after-20-s.txt')
})

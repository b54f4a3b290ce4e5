// What test/init/random-answers.test.ts does with a few conversations, with 500: applied, the file leaves nothing to do.
import fc from 'fast-check'
import { it } from 'vitest'
import { settles, starts } from '../helpers/init.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

it('applies the file of 500 random conversations once', async () => {
  console.log(`seed: ${seed}`)
  await fc.assert(fc.asyncProperty(starts, settles), { numRuns: 500, seed })
})

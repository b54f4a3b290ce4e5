// Five thousand answers of every kind, and large files: each ends in time, with a result or with one sentence.
import { expect, test } from 'vitest'
import { type Hostile, validateLarge } from '../config/hostile-text.ts'
import { meetHostileAnswers } from '../helpers/hostile/hostile-runs.ts'

test('whatever a server answers: in time, an answer or one sentence, and the memory stays as it is', async () => {
  await meetHostileAnswers(5000)
  // What is held, not what the process once took: that depends on when it was last tidied up.
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  expect(globalThis.gc).toBeDefined()
  expect(heapUsed + external).toBeLessThan(300 * 1024 ** 2)
})

test.each<Hostile>([
  { unit: '\n', code: 'file-too-large' },
  { unit: 'k%: 1\n', code: 'file-too-large' },
  { unit: 'x', head: 'a: "', code: 'yaml-unclosed' },
])('16 MiB of $unit through the program', validateLarge)

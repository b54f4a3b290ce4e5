// Five thousand answers of every kind: each request ends in time, with an answer or with one sentence.
import { expect, test } from 'vitest'
import { meetHostileAnswers } from '../helpers/hostile-runs.ts'

test('whatever a server answers: in time, an answer or one sentence, and the memory stays as it is', async () => {
  await meetHostileAnswers(5000)
  expect(process.memoryUsage.rss()).toBeLessThan(400 * 1024 ** 2)
})

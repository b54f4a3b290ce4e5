import { test } from 'vitest'
import { meetHostileAnswers } from '../helpers/hostile/hostile-runs.ts'

// Five thousand are in test/slow.
test('whatever a server answers: in time, an answer or one sentence', async () => {
  await meetHostileAnswers(200)
}, 120_000)

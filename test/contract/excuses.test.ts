// What may differ from a recording is named exchange by exchange, with its reason; no entry stands for several.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compare } from '../../scripts/lib/contract.js'
import { withSets } from '../../scripts/lib/parallel-sets.js'
import { readRecordings } from '../../scripts/lib/recordings.js'

interface Recording {
  log: { id: string; scenario: string; observed?: unknown }[]
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const archive = readRecordings() as Record<string, Recording>

describe.each(readdirSync(folder).filter((name) => name.startsWith('explained-')))('%s', (file) => {
  const name = file.replace(/^explained-(lifecycle-)?|\.json$/g, '')
  const recording = archive[file.includes('lifecycle') ? `lifecycle-${name}.json` : `core-${name}.json`]
  const reasons = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Record<string, string>

  it('names recorded exchanges alone, each with a sentence', () => {
    const recorded = new Set(recording?.log.map(({ id }) => id))
    for (const [id, reason] of Object.entries(reasons)) {
      expect(recorded).toContain(id)
      expect(reason).toMatch(/^\w.{20,}\.$/)
    }
  })

  it('fails where nothing differs any more, or where an entry stands for several', async () => {
    const [expected, actual] = [recording, recording]
    const claimed = { expected, actual, explained: file, show: '1' }
    expect((await compare(claimed)).code).toBe(1)
    const scenarios = ['status']
    await expect(compare({ ...claimed, scenarios })).rejects.toThrow('names what is not compared')
  })
})

it('answers to parallel requests are sets, whichever round they came in', () => {
  const answer = (status: number, message = '') => ({
    status,
    contentType: 'application/json',
    body: message && { id: '*', message },
  })
  const round = (number: number, ...responses: object[]) => ({
    id: `concurrency/same-${number}-delete`,
    scenario: 'concurrency',
    observed: responses,
  })
  const sets = (...log: object[]) =>
    JSON.stringify((withSets({ log }) as Recording).log.map(({ observed }) => observed))
  const one = sets(round(1, answer(204), answer(400, 'a')), round(2, answer(204), answer(204)))
  expect(sets(round(1, answer(400, 'b'), answer(204)), round(2, answer(400, 'c'), answer(204)))).toBe(one)
  expect(sets(round(1, answer(204), answer(500, 'a')), round(2, answer(204), answer(204)))).not.toBe(one)
  expect(sets(round(1, answer(204)), round(2, answer(204)))).not.toBe(one)
})

// Random walks over what was recorded: any order, any mixture, some requests changed. fast-check makes them and makes a wrong one short.
import fc from 'fast-check'
import { requestsOf, vary } from './requests.js'
import { knowledgeOf } from './rules.js'
import { createWalker } from './walker.js'

const variation = fc.record({
  what: fc.constantFrom('none', 'bad', 'name', 'name', 'name', 'field', 'field'),
  place: fc.nat(1000),
  value: fc.nat(1000),
})
const step = fc.record({
  pick: fc.nat(100_000),
  variations: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(variation, { minLength: 1, maxLength: 3 }) },
  ),
})

/** The requests of a walk, one a line. */
function toldOf(pool, taken) {
  return taken.map(({ pick, variations }) => {
    const { method, path, auth, body } = variations.reduce(vary, pool[pick % pool.length].request)
    return `  ${method} ${path} as ${auth} ${body === undefined ? '' : JSON.stringify(body)}`
  })
}

/**
 * Walks through the sandbox of one recording; what is wrong, with the shortest walk that shows it, or nothing.
 * @param {{ name: string, archive: Record<string, any>, startSandbox: (options: any) => Promise<any>, seed: number, walks: number, steps: number }} options
 * @returns {Promise<string | undefined>}
 */
export async function walkThrough({ name, archive, startSandbox, seed, walks, steps }) {
  const pool = requestsOf(archive[`core-${name}.json`])
  const cores = Object.entries(archive).filter(([file]) => file.startsWith('core-'))
  const knowledge = knowledgeOf(cores.map(([, recording]) => recording))
  const [version, database = 'h2'] = name.split('-')
  async function run(taken) {
    const sandbox = await startSandbox({ version, database, edition: 'core' })
    const walker = createWalker({ name, sandbox, pool, knowledge })
    try {
      for (const one of taken) {
        const found = await walker.step(one)
        if (found.length > 0) throw new Error(found.join('\n'))
      }
    } finally {
      walker.end()
      await sandbox.close()
    }
  }
  const longWalk = fc.array(step, { minLength: 1, maxLength: steps, size: 'max' })
  const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(longWalk, run), {
    seed,
    numRuns: walks,
  })
  if (!failed) return undefined
  const { message } = /** @type {Error} */ (errorInstance)
  return [
    `${name}: ${message}`,
    `after, with seed ${seed}:`,
    ...toldOf(pool, counterexample?.[0] ?? []),
  ].join('\n')
}

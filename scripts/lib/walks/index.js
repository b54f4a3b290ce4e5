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
const variations = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(variation, { minLength: 1, maxLength: 3 }) },
)

/** How many requests of one scenario follow each other at most: they meet more often than by chance alone. */
const longestStretch = 8

/** Some requests of one scenario, each scenario as likely as the others, and what is changed of each. */
function stretchesFrom(pool) {
  const scenarios = [...new Set(pool.map(({ scenario }) => scenario))]
  const stretchOf = (wanted) => {
    const exchange = fc.constantFrom(...pool.filter(({ scenario }) => scenario === wanted))
    return fc.array(fc.record({ exchange, variations }), {
      minLength: 1,
      maxLength: longestStretch,
      size: 'max',
    })
  }
  return fc.oneof(...scenarios.map(stretchOf))
}

/** The requests of a walk, one a line. */
function toldOf(stretches) {
  return stretches.flat().map(({ exchange, variations: changes }) => {
    const { method, path, auth, body } = changes.reduce(vary, exchange.request)
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
  async function run(stretches) {
    const sandbox = await startSandbox({ version, database, edition: 'core' })
    const walker = createWalker({ name, sandbox, knowledge })
    try {
      for (const one of stretches.flat()) {
        const found = await walker.step(one)
        if (found.length > 0) throw new Error(found.join('\n'))
      }
    } finally {
      walker.end()
      await sandbox.close()
    }
  }
  // A stretch has half of its longest length on average, and so has a walk.
  const most = Math.ceil((4 * steps) / longestStretch)
  const longWalk = fc.array(stretchesFrom(pool), { minLength: 1, maxLength: most, size: 'max' })
  const { failed, counterexample, errorInstance } = await fc.check(
    fc.asyncProperty(fc.noBias(longWalk), run),
    {
      seed,
      numRuns: walks,
    },
  )
  if (!failed) return undefined
  const { message } = /** @type {Error} */ (errorInstance)
  return [`${name}: ${message}`, `after, with seed ${seed}:`, ...toldOf(counterexample?.[0] ?? [])].join('\n')
}

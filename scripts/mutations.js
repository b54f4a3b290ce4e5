// Changes the source in one place at a time and sees whether a test notices. This takes hours: what is found out is kept for
// each commit in .mutations.jsonl, and the next run goes on from there.
// usage: node scripts/mutations.js [--sample N] [--seed TEXT] [--only PART-OF-A-PATH] [--id ID] [--parallel 2]
import { appendFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutantsOf } from './lib/mutants.js'
import { attempt, baseline, git, makeLab } from './lib/mutation-lab.js'

const needed = 95
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '60' },
    seed: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    id: { type: 'string' },
    parallel: { type: 'string', default: '1' },
  },
})

const root = git(import.meta.dirname, 'rev-parse', '--show-toplevel')
const commit = git(root, 'rev-parse', 'HEAD')
if (git(root, 'status', '--porcelain') !== '') console.error('what is not committed is not tried')

const book = join(root, '.mutations.jsonl')
const lines = existsSync(book) ? readFileSync(book, 'utf8').trim().split('\n') : []
const entries = lines.map((line) => JSON.parse(line)).filter((entry) => entry.commit === commit)
const known = new Map(entries.map((entry) => [entry.id, entry]))
async function remember(id, find) {
  if (known.has(id)) return known.get(id)
  const entry = { commit, id, ...(await find()) }
  appendFileSync(book, `${JSON.stringify(entry)}\n`)
  return entry
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'nexus-docker-mutations-')))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
const labs = ['1', '2'].slice(0, Number(values.parallel)).map((name) => makeLab(root, join(scratch, name)))
const [firstLab] = labs
if (!firstLab) throw new Error('--parallel is 1 or 2')

const all = await mutantsOf(firstLab.clone, values)
const mutants = all.filter(({ id }) => id === (values.id ?? id))
console.log(`${mutants.length} mutants of ${commit.slice(0, 10)}, seed ${values.seed}`)
const { milliseconds } = await remember('baseline', async () => ({ milliseconds: await baseline(firstLab) }))
// Other mutants may run beside it.
const limit = 60_000 + 2 * milliseconds

const results = []
const row = ({ verdict, id, place, mutator, seconds, by }) =>
  [verdict.padEnd(13), `${seconds} s`.padStart(6), id, place, mutator, by].join('  ')
let running = 0
const queue = mutants.values()
const count = (...verdicts) => results.filter(({ verdict }) => verdicts.includes(verdict)).length
const counted = () => count('killed', 'timeout', 'survived')
// Mutants that do not compile make room for the next ones.
await Promise.all(
  labs.map(async (lab) => {
    while (counted() + running < Number(values.sample)) {
      const mutant = queue.next().value
      if (!mutant) return
      running += 1
      const start = performance.now()
      const result = await remember(mutant.id, async () => {
        const { verdict, by, diff } = await attempt(lab, mutant, limit)
        return {
          mutator: mutant.mutator,
          verdict,
          by,
          diff,
          seconds: Math.round((performance.now() - start) / 1000),
        }
      })
      running -= 1
      results.push({ ...result, place: `${mutant.file}:${mutant.line}` })
      console.log(row(results.at(-1)))
    }
  }),
)

for (const { verdict, place, id, diff } of results)
  if (verdict === 'survived') console.log(`\nsurvived: ${place} (--id ${id})\n${diff}`)
const score = (100 * count('killed', 'timeout')) / counted()
console.log(
  `\n${counted()} tried: ${count('killed')} killed, ${count('timeout')} by timeout, ${count('survived')} survived;` +
    ` ${count('compile error')} more do not compile\nscore ${score.toFixed(1)} %, needed ${needed} %`,
)
process.exitCode = score >= needed ? 0 : 1

// Walks at random through sandboxes of the recorded versions and holds the answers against what the recordings show.
// usage: node scripts/walks.js [VERSION[-orient]…] [--seed N] [--walks N] [--steps N]
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { readRecordings } from './lib/recordings.js'
import { walkThrough } from './lib/walks/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    walks: { type: 'string', default: '20' },
    steps: { type: 'string', default: '300' },
  },
})
const numbers = { seed: Number(values.seed), walks: Number(values.walks), steps: Number(values.steps) }
const archive = readRecordings()
const recorded = Object.keys(archive).flatMap((file) => /^core-(.*)\.json$/.exec(file)?.[1] ?? [])
const { startSandbox } = await tsImport('../src/sandbox/index.ts', import.meta.url)
for (const name of positionals.length > 0 ? positionals : recorded) {
  const wrong = await walkThrough({ name, archive, startSandbox, ...numbers })
  if (wrong !== undefined) process.exitCode = 1
  console.log(
    wrong ??
      `ok   ${name}  ${numbers.walks} walks of ${numbers.steps} steps on average, seed ${numbers.seed}`,
  )
}

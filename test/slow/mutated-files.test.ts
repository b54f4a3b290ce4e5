// What test/config/load-mutations.test.ts does with 500 wrong files, with 10,000 or MUTATED_FILES of them, and with 200 through the program.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { environment, expectPlacedProblems, mutatedFiles, type Seen } from '../config/mutated-files.ts'
import { inParallel } from '../helpers/landscape.ts'
import { runCli } from '../helpers/run-cli.ts'

const files = Number(process.env['MUTATED_FILES'] ?? 10_000)
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

it(`${files} mutated files: no crash, no hang, every rejection has a place in the file`, async () => {
  console.log(`seed: ${seed}`)
  const seen: Seen = { accepted: 0, codes: new Set() }
  const file = fc.asyncProperty(mutatedFiles, (text) => expectPlacedProblems(text, seen))
  await fc.assert(file, { numRuns: files, seed })
  console.log(`${seen.accepted} accepted, ${seen.codes.size} codes`)
})

it('200 mutated files through the program: exit code 0 or 3, one document, no stack trace', async () => {
  console.log(`seed: ${seed}`)
  const validate = async (text: string) => {
    const { code, stdout, stderr } = await runCli(['validate', '-f', '-', '-o', 'json'], {
      env: environment,
      input: text,
    })
    const { problems } = JSON.parse(stdout) as { problems: { line?: number; severity: string }[] }
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect({ code, stderr }, text).toEqual({ code: errors.length > 0 ? 3 : 0, stderr: '' })
    expect(
      problems.filter(({ line }) => line === undefined),
      text,
    ).toEqual([])
  }
  await inParallel(fc.sample(mutatedFiles, { numRuns: 200, seed }), validate)
})

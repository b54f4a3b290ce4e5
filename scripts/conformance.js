// The OCI conformance program against a hosted repository of the sandbox, by connector and by path, and against docker-registry for
// comparison. Ends with 1 where the sandbox fails a test without a reason in lib/conformance-expected.js. Without the program it says why
// and ends with 0.
// usage: node scripts/conformance.js [--target sandbox|docker-registry]… [-o text|json]
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { bin, run, startSandbox } from './lib/cli.js'
import { conformanceProgram, runConformance } from './lib/conformance.js'
import { expected } from './lib/conformance-expected.js'

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: ['docker-registry', 'sandbox'] },
    output: { type: 'string', short: 'o', default: 'text' },
  },
})
const { withTarget } = await tsImport('../test/matrix/index.ts', import.meta.url)
const program = { startSandbox, cli: (args, env) => run([bin, ...args], { env }) }

/** One run for each way to the target. */
const runsAgainst = (name) =>
  withTarget({ target: name, program }, async ({ workshop, target }) => {
    const found = await conformanceProgram(workshop.run)
    if ('reason' in found) return found
    const runs = []
    for (const mode of target.modes) {
      const { host, prefix } = target.address('ours', mode)
      const result = await runConformance({
        workshop,
        path: found.path,
        host,
        prefix,
        ...target.administrator,
      })
      runs.push({ target: name, way: mode, ...result, failures: result.failures.map(explained(name)) })
    }
    return { runs }
  })

/** What is known of a failure; only the sandbox's need a reason. */
const explained = (target) => (failure) => {
  const reason = expected.find(
    ({ test, says = /^/ }) => test.test(failure.name) && says.test(failure.message),
  )
  return target === 'sandbox' ? { ...failure, why: reason?.why } : failure
}

const runs = []
for (const name of values.target) {
  const result = await runsAgainst(name)
  if ('reason' in result) {
    console.log(`skipped: the OCI conformance program is not to be had: ${result.reason}`)
    process.exit(0)
  }
  runs.push(...result.runs)
}
const failures = runs.filter(({ target }) => target === 'sandbox').flatMap((one) => one.failures)
const unused = expected.filter(({ why }) => failures.length > 0 && !failures.some((one) => one.why === why))
if (values.output === 'json') console.log(JSON.stringify({ formatVersion: 1, runs }, undefined, 2))
else print()
if (failures.some(({ why }) => why === undefined) || unused.length > 0) process.exitCode = 1

function print() {
  for (const { target, way, tests, failed, failures: listed, skipped } of runs) {
    console.log(`${target} by ${way}: ${tests} tests, ${failed} failed, ${skipped} skipped`)
    if (target !== 'sandbox') continue
    for (const { why } of expected) {
      const count = listed.filter((one) => one.why === why).length
      if (count > 0) console.log(`  ${String(count).padStart(3)} expected: ${why}`)
    }
    for (const { name, message } of listed.filter(({ why }) => why === undefined))
      console.log(`  UNEXPECTED: ${name}\n    ${message.replaceAll('\n', '\n    ')}`)
  }
  for (const { why } of unused) console.log(`no failure needs this any more: ${why}`)
}

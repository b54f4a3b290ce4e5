// A clone of the last commit in which mutants are tried, so that nobody's checkout changes.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** What git prints. */
export function git(cwd, ...args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()
}

/**
 * @param {string} root the checkout whose last commit is cloned
 * @param {string} folder that does not exist yet
 */
export function makeLab(root, folder) {
  const clone = join(folder, 'clone')
  git(root, 'clone', '--quiet', '--shared', root, clone)
  // A folder of links, so that what tools keep in node_modules stays in this lab.
  mkdirSync(join(clone, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules')).filter((name) => !/^\.(vite|cache)/.test(name)))
    symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name))
  return { clone, buildInfo: join(folder, 'types.tsbuildinfo'), report: join(folder, 'report.json') }
}

/** All tests of the unchanged clone: they have to pass. Resolves with the milliseconds that they take. */
export async function baseline(lab) {
  if (!(await compiles(lab))) throw new Error('the last commit does not compile')
  const start = performance.now()
  const result = await vitest(lab, [], 3_600_000)
  if (result !== 'passed')
    throw new Error(`the last commit does not pass its tests: ${result} ${failure(lab)}`)
  return Math.round(performance.now() - start)
}

/**
 * killed: a test failed; timeout: the tests did not end; compile error: it cannot happen, and counts for nothing.
 * @param {ReturnType<typeof makeLab>} lab
 * @param {import('./mutants.js').Mutant} mutant
 * @param {number} milliseconds that the tests of its room may take, and those that import it, and the rest
 */
export async function attempt(lab, { file, content }, milliseconds) {
  writeFileSync(join(lab.clone, file), content)
  const diff = git(lab.clone, 'diff', '--unified=0').split('\n').slice(4).join('\n')
  try {
    if (!(await compiles(lab))) return { verdict: 'compile error', by: '', diff }
    for await (const result of testRuns(lab, file, milliseconds)) {
      if (result === 'timeout') return { verdict: 'timeout', by: '', diff }
      if (result === 'failed') return { verdict: 'killed', by: failure(lab), diff }
    }
    return { verdict: 'survived', by: '', diff }
  } finally {
    git(lab.clone, 'checkout', '--quiet', '--', '.')
  }
}

/** Rooms whose tests do not start the built program: what does not import the file there cannot notice. */
const inProcess = /^test\/(contract|core|http|init|nexus|report|state|ui|yaml)\//

/** Runs the tests of the same room, then those that import the file, then those that run the program. */
async function* testRuns(lab, file, milliseconds) {
  const tests = git(lab.clone, 'ls-files', 'test/**.test.ts').split('\n')
  const room = dirname(file).replace(/^src/, 'test')
  const own = tests.filter((test) => dirname(test) === room)
  if (own.length > 0) yield await vitest(lab, own, milliseconds)
  yield await vitest(lab, ['related', file], milliseconds)
  const done = [...own, ...results(lab).map(({ name }) => relative(lab.clone, name))]
  yield await vitest(
    lab,
    tests.filter((test) => !done.includes(test) && !inProcess.test(test)),
    milliseconds,
  )
}

function vitest(lab, args, milliseconds) {
  rmSync(lab.report, { force: true })
  const options = ['--run', '--passWithNoTests', '--bail=1', '--reporter=json', `--outputFile=${lab.report}`]
  return run(lab, ['node_modules/vitest/vitest.mjs', ...args, ...options], milliseconds)
}

/** What the last run of tests found; nothing when it broke off before it could write that. */
const results = ({ report }) =>
  existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : []
const isFailed = ({ status }) => status === 'failed'

function failure(lab) {
  const file = results(lab).find(isFailed)
  if (!file) return 'the run as a whole'
  const test = file.assertionResults.find(isFailed)?.fullName ?? file.message.split('\n')[0]
  return `${relative(lab.clone, file.name)}: ${test}`
}

async function compiles(lab) {
  const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile']
  const types = await run(lab, [...tsc, lab.buildInfo], 300_000)
  return types === 'passed' && (await run(lab, ['scripts/build.js'], 300_000)) === 'passed'
}

/** Resolves with 'passed', 'failed' or 'timeout'; after that, or when this process exits, none of its children is left. */
function run(lab, args, timeout) {
  return new Promise((done, fail) => {
    const options = { cwd: lab.clone, detached: true, timeout, killSignal: /** @type {const} */ ('SIGKILL') }
    const child = spawn(process.execPath, args, { ...options, stdio: 'ignore' })
    const endAll = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // all have ended by themselves
      }
    }
    process.prependListener('exit', endAll)
    child.on('error', fail)
    child.on('exit', (code, signal) => {
      process.off('exit', endAll)
      endAll()
      if (signal === 'SIGKILL') done('timeout')
      else done(code === 0 ? 'passed' : 'failed')
    })
  })
}

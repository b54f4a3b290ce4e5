// The conformance program of the OCI distribution specification: where it is, how it is run, what it found.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const module = 'github.com/opencontainers/distribution-spec/conformance'
/** It has no released versions that are served: this commit is what the lists below were made with. */
const version = 'v0.0.0-20260831232431-97274622c111'

/**
 * The program, built where Go is there and kept in the user's cache; else the sentence that says why it is not to be had.
 * @param {(argv: string[], options?: object) => Promise<{ ok: boolean, text: string }>} run
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function conformanceProgram(run) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'nexus-docker', `oci-conformance-${version}`)
  const path = join(folder, 'conformance')
  if (existsSync(path)) return { path }
  mkdirSync(folder, { recursive: true })
  try {
    const env = { ...process.env, GOBIN: folder }
    const built = await run(['go', 'install', `${module}@${version}`], { env, timeoutMs: 120_000 })
    return built.ok ? { path } : { reason: `go install failed: ${built.text.trim()}` }
  } catch (error) {
    return { reason: error.message }
  }
}

/**
 * What the program says of a registry.
 * @returns {Promise<{ tests: number, skipped: number, failed: number, failures: { name: string, message: string }[] }>}
 */
export async function runConformance({ workshop, path, host, prefix, username, password }) {
  const results = workshop.place('oci')
  const env = {
    OCI_REGISTRY: host,
    OCI_TLS: 'disabled',
    OCI_REPO1: `${prefix}conformance/repo1`,
    OCI_REPO2: `${prefix}conformance/repo2`,
    OCI_USERNAME: username,
    OCI_PASSWORD: password,
    OCI_RESULTS_DIR: results,
    OCI_LOG: 'error',
  }
  const { text } = await workshop.run([path], { env, cwd: results, timeoutMs: 300_000 })
  const report = join(results, 'junit.xml')
  if (!existsSync(report)) throw new Error(`the conformance program wrote no report\n${text}`)
  return readReport(readFileSync(report, 'utf8'))
}

const entities = { '&#xA;': '\n', '&#34;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' }
const plain = (xml) => xml.replaceAll(/&(?:#xA|#34|#39|lt|gt|amp);/g, (entity) => entities[entity])

/** The program's JUnit report, which is always written the same way. A failure of a group only repeats those of its tests. */
function readReport(xml) {
  const cases = [
    ...xml.matchAll(/<testcase name="([^"]*)"[^>]*status="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g),
  ]
  const tests = cases.map(([, name, status, body]) => ({
    name: plain(name).replace(/^OCI Conformance Test\//, ''),
    status,
    message: plain(/<system-out>([\s\S]*?)<\/system-out>/.exec(body)?.[1] ?? '').trim(),
  }))
  const failed = tests.filter(({ status }) => status === 'failure' || status === 'error')
  const failures = failed.filter(({ name }) => !failed.some((other) => other.name.startsWith(`${name}/`)))
  // The program's own totals: the report has a case for a part of what it counts only.
  const total = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(xml)?.[1])
  return {
    tests: total('tests'),
    skipped: total('skipped'),
    failed: total('failures'),
    failures: failures.map(({ name, message }) => ({ name, message })),
  }
}

// The steps of docs/how-to/ci.md and action.yml, run against fresh servers: an empty one becomes a working registry, a finished one stays
// as it is, and what somebody changed by hand is seen.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { startSandbox } from '../../src/sandbox/index.ts'
import { folderWith } from '../helpers/run-cli.ts'
import { getJson, sandboxFor, send, writesOf } from '../helpers/sandbox.ts'
import { ciFile } from './ci-files.ts'
import { runGithubJob, type Values } from './github-job.ts'
import { runComposeService, runGitlabJob, runJenkinsStage, runKubernetesJob } from './other-jobs.ts'
import { machineIn, type StepResult } from './runners.ts'

const wanted = 'wanted-by-the-job-1'

/** A server on its first start, and the folder that a job finds: repos.yml, and the volume with admin.password where the file looks. */
async function freshServer(options: Parameters<typeof startSandbox>[0] = {}) {
  const sandbox = await sandboxFor({ state: 'fresh', edition: 'community', ...options })
  const data = sandbox.initialPasswordFile === undefined ? '/nowhere' : dirname(sandbox.initialPasswordFile)
  const folder = folderWith({ 'repos.yml': ciFile('repos.yml'), 'secrets/password': `${wanted}\n` })
  // NEXUS_DATA: where this machine has the volume that a container would find at /nexus-data
  const machine = machineIn(folder, ['gh', 'docker', 'npm'], { NEXUS_DATA: data })
  /** Writes since the last call. */
  let seen = 0
  const newWrites = () => {
    const all = writesOf(sandbox)
    const since = all.slice(seen)
    seen = all.length
    return since
  }
  const changeByHand = async () => {
    sandbox.password = wanted
    const path = '/v1/repositories/docker/hosted/ours'
    const body = {
      name: 'ours',
      online: true,
      storage: { blobStoreName: 'images', strictContentTypeValidation: true, writePolicy: 'ALLOW' },
      docker: { v1Enabled: false, forceBasicAuth: false, httpPort: 8083 },
    }
    expect(await send(sandbox, 'PUT', path, body)).toBe(204)
    newWrites()
  }
  return { sandbox, folder, machine, newWrites, changeByHand }
}

function ended(code: number, { code: actual, log }: StepResult): void {
  expect(actual, log).toBe(code)
  expect(log).not.toContain(wanted)
}

describe('GitHub Actions', () => {
  const registry = ciFile('.github/workflows/registry.yml')

  it('applies to an empty server, then nothing; shows the plan in a pull request; sees drift', async () => {
    const { sandbox, machine, newWrites, changeByHand } = await freshServer()
    const first = sandbox.password
    const values: Values = new Map([
      ['vars.NEXUS_URL', sandbox.url],
      ['secrets.NEXUS_PASSWORD', wanted],
      ['github.token', 'token-1'],
      ['github.event.pull_request.html_url', 'https://github.com/o/r/pull/1'],
    ])
    const job = (name: string) => runGithubJob(registry, name, { machine, values })
    const applied = await job('apply')
    ended(0, applied)
    expect(applied.log).not.toContain(first)
    expect(values.get('summary')).toContain('**Applied:**')
    expect(newWrites().length).toBeGreaterThan(5)

    ended(0, await job('apply'))
    expect(newWrites()).toEqual([])

    ended(0, await job('plan'))
    expect(values.get('steps.plan.outputs.changes')).toBe('false')
    ended(0, await job('drift'))
    expect(machine.noted()).toEqual([])

    await changeByHand()
    ended(0, await job('plan'))
    expect(values.get('steps.plan.outputs.changes')).toBe('true')
    expect(values.get('summary')).toContain('writePolicy')
    const report = values.get('steps.plan.outputs.report') ?? ''
    expect(machine.noted()).toEqual([
      `gh pr comment https://github.com/o/r/pull/1 --edit-last --create-if-none --body-file ${report}`,
    ])
    ended(2, await job('drift'))
    expect(newWrites()).toEqual([])
  })

  it('fails when the file is wrong, with the problem beside its line, and needs no secret for that', async () => {
    const wrong = 'version: 1\nrepositories:\n  a: {type: hosted, htpPort: 1}\n'
    const machine = machineIn(folderWith({ 'repos.yml': wrong }))
    const result = await runGithubJob(registry, 'validate', {
      machine,
      values: new Map([['vars.NEXUS_URL', '']]),
    })
    ended(3, result)
    expect(result.log).toContain('::error file=repos.yml,line=3,col=21,title=unknown-key::')
  })

  /** A job that is nothing but the action, with these inputs. */
  function jobWith(inputs: Record<string, string>): string {
    const steps = [{ id: 'it', uses: 'your-org/nexus-docker@v0.1.0', with: inputs }]
    return stringify({ jobs: { job: { env: { NEXUS_PASSWORD: '${{ secrets.P }}' }, steps } } })
  }

  it('hands over every input of the action', async () => {
    const sandbox = await sandboxFor()
    const folder = folderWith({
      'infra/base.yml': 'version: 1\nrepositories: {a: {type: hosted, httpPort: 8082}}\n',
      'infra/with blank.yml': 'repositories: {a: {httpPort: 8083}}\n',
    })
    const machine = machineIn(folder)
    const values: Values = new Map([['secrets.P', sandbox.password]])
    const job = (inputs: Record<string, string>) => runGithubJob(jobWith(inputs), 'job', { machine, values })
    const common = {
      url: sandbox.url,
      username: 'admin',
      wait: '10s',
      'working-directory': 'infra',
      file: 'base.yml\nwith blank.yml\n',
    }
    ended(0, await job({ ...common, args: '--parallelism 1\n--verbose' }))
    expect(await getJson(sandbox, '/v1/repositories/docker/hosted/a')).toMatchObject({
      docker: { httpPort: 8083 },
    })
    expect(values.get('steps.it.outputs.exit-code')).toBe('0')
    ended(0, await job({ ...common, command: 'wait' }))
    // Nobody listens at its connector.
    const unproved = await job({ ...common, command: 'verify' })
    ended(2, unproved)
    expect(unproved.log).toContain('title=port-not-published::a: ')
    expect(values.get('summary')).toContain('**The registry does not work:**')
    const refused = await job({ ...common, command: 'aply' })
    ended(3, refused)
    expect(refused.log).toContain('::error::command is apply, plan, verify, validate or wait, not aply')
    ended(4, await job({ ...common, username: 'nobody', command: 'plan' }))
    expect(values.get('steps.it.outputs.exit-code')).toBe('4')
  })

  it('starts a server that has the password from its environment', async () => {
    const { sandbox, machine, newWrites } = await freshServer({ initialPassword: wanted })
    const values: Values = new Map([['secrets.NEXUS_PASSWORD', wanted]])
    const places = { 'http://localhost:8081': sandbox.url }
    const job = () =>
      runGithubJob(ciFile('.github/workflows/integration.yml'), 'test', { machine, values, places })
    ended(0, await job())
    expect(newWrites().length).toBeGreaterThan(5)
    expect(machine.noted()).toEqual([
      'npm install --global ./tools/nexus-docker-0.1.0.tgz',
      'docker pull localhost:8082/library/alpine',
    ])
    ended(0, await job())
    expect(newWrites()).toEqual([])
  })
})

describe('GitLab CI', () => {
  it('applies, then nothing; shows the plan of a merge request; drift has its own exit code', async () => {
    const { sandbox, machine, newWrites, changeByHand } = await freshServer()
    const secrets = { NEXUS_PASSWORD: wanted }
    const job = (name: string) =>
      runGitlabJob(name, { machine, secrets, places: { 'https://nexus.example.com': sandbox.url } })
    ended(0, await job('apply'))
    expect(newWrites().length).toBeGreaterThan(5)
    ended(0, await job('apply'))
    ended(0, await job('drift'))
    await changeByHand()
    const check = await job('check')
    ended(0, check)
    expect(check.log).toContain('writePolicy')
    ended(allowedExitCode(), await job('drift'))
    expect(newWrites()).toEqual([])
  })

  function allowedExitCode(): number {
    return Number(/exit_codes: (\d+)/.exec(ciFile('.gitlab-ci.yml'))?.[1])
  }
})

describe('Jenkins', () => {
  it('validates, applies, then nothing; drift is what the script looks for', async () => {
    const { sandbox, folder, machine, newWrites, changeByHand } = await freshServer()
    const secrets = { 'nexus-password': wanted }
    const stage = (name: string) =>
      runJenkinsStage(name, { machine, secrets, places: { 'https://nexus.example.com': sandbox.url } })
    ended(0, await stage('Validate'))
    ended(0, await stage('Apply'))
    expect(newWrites().length).toBeGreaterThan(5)
    ended(0, await stage('Apply'))
    ended(0, await stage('Drift'))
    await changeByHand()
    ended(0, await stage('Plan'))
    expect(readFileSync(join(folder, 'plan.md'), 'utf8')).toContain('writePolicy')
    ended(2, await stage('Drift'))
    expect(newWrites()).toEqual([])
  })
})

describe('Compose', () => {
  it('sets the password from the volume and applies; started again it writes nothing', async () => {
    const { sandbox, folder, machine, newWrites } = await freshServer()
    const places = { 'http://nexus:8081': sandbox.url, '/config': folder }
    const service = () =>
      runComposeService('registry', { machine, secrets: { NEXUS_PASSWORD: wanted }, places })
    ended(0, await service())
    expect(newWrites().length).toBeGreaterThan(5)
    ended(0, await service())
    expect(newWrites()).toEqual([])
  })

  it('sends nothing without a password', async () => {
    const { sandbox, folder, machine, newWrites } = await freshServer()
    const places = { 'http://nexus:8081': sandbox.url, '/config': folder }
    const { code, log } = await runComposeService('registry', { machine, secrets: {}, places })
    expect(code, log).not.toBe(0)
    expect(newWrites()).toEqual([])
  })
})

describe('Kubernetes', () => {
  it('needs no volume of the server: its password is there from the start', async () => {
    const { sandbox, folder, machine, newWrites } = await freshServer({ initialPassword: wanted })
    const places = {
      'http://nexus.registry.svc:8081': sandbox.url,
      '/config': folder,
      '/secrets': join(folder, 'secrets'),
    }
    const job = () => runKubernetesJob({ machine, secrets: {}, places })
    ended(0, await job())
    expect(newWrites().length).toBeGreaterThan(5)
    ended(0, await job())
    expect(newWrites()).toEqual([])
  })
})

// Every rule of the table, by nginx itself, in front of a hosted repository and a group with a proxied upstream: `verify` passes through the
// right ones, and names of each wrong one what is wrong with it.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillUpstream } from '../../scripts/lib/sample-upstream.js'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { runCli } from '../helpers/run-cli.ts'
import { environmentOf } from '../helpers/sandbox.ts'
import { certificates } from '../http/certificates.ts'
import { type Nginx, startNginx } from '../programs/nginx.ts'
import { type ProxyRule, type ProxyRuleName, proxyRules } from '../programs/reverse-proxies.ts'
import { openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'
import { applyTo, freePorts } from '../verify/verify-on.ts'

const reason = reasonToSkip('nginx', 'openssl')

it('has the programs that it needs', ({ skip }) => {
  skip(reason !== undefined, reason)
})

interface Trial {
  /** What has to fail, as `repository.check cause`; nothing by default. */
  fails?: string[]
  /** Which of the two repositories have the name in front; both by default. */
  names?: ('ours' | 'docker')[]
  /** The name is that of the whole server, and the repositories are asked by their paths. */
  by?: 'file'
  version?: string
  /** The hosted repository asks for a login, the group does not. */
  closed?: boolean
}

const both = (failure: string) => [`ours.${failure}`, `docker.${failure}`]
const hosted = ['ours' as const]

/** Rules that send everything to one repository are tried with that one. */
const trials: Record<ProxyRuleName, Trial[]> = {
  'three-part': [{}],
  'three-part-ping-hosted': [{}, { closed: true }],
  // What verify pushes is not in the namespace: pushes are proved at the repository's own port.
  namespace: [{ names: ['docker'] }],
  prefix: [{}],
  'whole-server': [{ by: 'file' }],
  plain: [{ names: hosted }],
  'get-only': [{ fails: ['ours.routing upload-session-split', 'docker.routing head-manifest-to-hosted'] }],
  'get-head': [{ fails: ['ours.routing head-blob-to-group'] }],
  'put-only': [{ fails: ['ours.push writes-to-group'] }],
  'split-uploads': [{ fails: ['ours.push upload-session-split'] }],
  'upload-status': [{ fails: ['ours.routing upload-session-split'] }],
  'no-forwarded-proto': [
    { names: hosted, fails: ['ours.reach forwarded-proto'] },
    { names: hosted, fails: ['ours.reach realm-null'], version: '3.79.0' },
  ],
  'forwarded-proto-http': [{ names: hosted, fails: ['ours.reach forwarded-proto'] }],
  'forwarded-host-with-port': [
    { names: hosted, fails: ['ours.reach realm-port-doubled'], version: '3.79.0' },
    // It disturbs nobody from 3.81 on.
    { names: hosted },
  ],
  'blind-prefix': [{ names: hosted, fails: ['ours.login blind-prefix'] }],
  'body-limit': [{ names: hosted, fails: ['ours.push body-limit'] }],
  'methods-filtered': [{ names: hosted, fails: ['ours.push methods-filtered'] }],
  'host-without-port': [{ names: hosted, fails: ['ours.reach wrong-host'] }],
  'host-of-upstream': [{ names: hosted, fails: ['ours.reach wrong-host'] }],
  'no-api-version': [{ names: hosted, fails: ['ours.reach api-version-header'] }],
  'to-the-ui': [{ fails: both('reach web-interface-answers') }],
  'authorization-dropped': [{ names: hosted, fails: ['ours.login credentials-refused'] }],
  'query-lost': [{ names: hosted, fails: ['ours.push query-lost'] }],
  'short-timeouts': [{ names: hosted, fails: ['ours.push gateway-timeout'] }],
}

interface Registry {
  sandbox: Sandbox
  /** By `ours` and `docker`. */
  connectors: Record<'ours' | 'docker', string>
  file: string
}

describe.skipIf(reason !== undefined)('nginx in front of a Nexus', () => {
  let workshop: Workshop
  let upstream: Awaited<ReturnType<typeof fillUpstream>>
  const registries = new Map<string, Promise<Registry>>()
  /** Ends of uploads take as long as a large layer. */
  let isSlow = false

  async function start({ version = '3.90.0', closed = false, by }: Trial): Promise<Registry> {
    const sandbox = await startSandbox({
      version,
      connectorOffset: 0,
      hooks: {
        beforeRequest: ({ method, path }) =>
          isSlow && method === 'PUT' && path.includes('digest=') ? delay(1600) : undefined,
      },
    })
    workshop.onClose(() => sandbox.close())
    const [ours = 0, docker = 0] = await freePorts(2)
    const way = (port: number) => (by === 'file' ? { pathEnabled: true } : { httpPort: port })
    const document = {
      anonymousPull: true,
      repositories: {
        ours: { type: 'hosted', ...way(ours), ...(closed && { forceBasicAuth: true }) },
        hub: { type: 'proxy', remoteUrl: upstream.remoteUrl, index: 'registry' },
        docker: { type: 'group', ...way(docker), members: ['ours', 'hub'] },
      },
    }
    await applyTo(sandbox, document)
    const file = workshop.file('repos.yml', JSON.stringify({ version: 1, ...document }))
    const at = (port: number) => `http://127.0.0.1:${port}`
    return { sandbox, connectors: { ours: at(ours), docker: at(docker) }, file }
  }

  function registryFor(trial: Trial): Promise<Registry> {
    const key = JSON.stringify([trial.version, trial.closed, trial.by])
    const known = registries.get(key) ?? start(trial)
    registries.set(key, known)
    return known
  }

  beforeAll(async () => {
    workshop = openWorkshop()
    const sandbox = await startSandbox()
    workshop.onClose(() => sandbox.close())
    upstream = await fillUpstream(sandbox, { token: true })
  })
  afterAll(() => workshop.close())

  const rows = Object.entries(trials).flatMap(([rule, all]) =>
    all.map((trial) => [rule as ProxyRuleName, trial.version ?? 'now', trial] as const),
  )
  /** nginx with the rule, by connectors or by paths, whichever it wants. */
  function front(rule: ProxyRuleName, { sandbox, connectors }: Registry): Promise<Nginx> {
    const { needsTls = false, prefix = false }: ProxyRule = proxyRules[rule]
    const at = (name: 'ours' | 'docker') => (prefix ? `${sandbox.url}/repository/${name}` : connectors[name])
    const tls = needsTls && { tls: certificates().localhost }
    return startNginx({ rule, push: at('ours'), pull: at('docker'), ui: sandbox.url, workshop, ...tls })
  }

  function verify(url: string, { by, names, version }: Trial, { sandbox, file }: Registry) {
    const endpoints = (names ?? ['ours', 'docker']).flatMap((name) => ['--endpoint', `${name}=${url}`])
    const args = [
      'verify',
      ...['-f', file, '-o', 'json', '--image', `hub=${upstream.name}:${upstream.tag}`],
      ...(by === 'file' ? [] : endpoints),
      // Without anything in front 3.77 to 3.80 are wrong by themselves.
      ...(version === undefined ? [] : ['--only', 'ours']),
      ...(url.startsWith('https:') ? ['--ca-cert', workshop.file('ca.pem', certificates().ca)] : []),
    ]
    return runCli(args, { env: { ...environmentOf(sandbox), ...(by === 'file' && { NEXUS_URL: url }) } })
  }

  it.each(rows)('%s, %s', async (rule, _, trial) => {
    const { names = ['ours', 'docker'], by, fails = [] } = trial
    const there = await registryFor(trial)
    const proxy = await front(rule, there)
    isSlow = rule === 'short-timeouts'
    const { code, stdout, stderr } = await verify(proxy.url, trial, there)
    isSlow = false
    await proxy.close()
    expect(stderr).toBe('')
    const { checks } = JSON.parse(stdout) as {
      checks: { id: string; status: string; cause?: { code: string } }[]
    }
    expect(checks.flatMap(({ id, cause }) => (cause ? [`${id} ${cause.code}`] : []))).toEqual(fails)
    expect(code).toBe(fails.length > 0 ? 2 : 0)
    // Through the right ones all of it was asked.
    if (fails.length === 0 && by !== 'file')
      for (const name of names)
        expect(checks.find(({ id }) => id === `${name}.routing`)?.status).toBe('passed')
  })
})

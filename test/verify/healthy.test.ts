// On a healthy set-up nothing fails, however often it is looked at, and nothing is left behind.
import { expect, it } from 'vitest'
import { sandboxFor } from '../helpers/sandbox.ts'
import { reverseProxy, threeParts } from './reverse-proxy.ts'
import { applyTo, failuresOf, freePorts, images, upstream, verifyOn } from './verify-on.ts'

const statusOf = (results: { repository: string; check: string; status: string; note?: string }[]) =>
  results.map(
    ({ repository, check, status, note }) => `${repository}.${check} ${status}${note ? `: ${note}` : ''}`,
  )

async function registry(version = '3.90.0') {
  const sandbox = await sandboxFor({ version, connectorOffset: 0 })
  const remoteUrl = await upstream()
  const [hosted = 0, denied = 0, group = 0] = await freePorts(3)
  const document = {
    anonymousPull: true,
    repositories: {
      ours: { type: 'hosted', httpPort: hosted, writePolicy: 'allow-once' },
      denied: { type: 'hosted', httpPort: denied, writePolicy: 'deny', forceBasicAuth: true },
      inside: { type: 'hosted' },
      off: { type: 'proxy', remoteUrl, online: false },
      hub: { type: 'proxy', remoteUrl, index: 'registry' },
      docker: { type: 'group', httpPort: group, members: ['ours', 'hub'] },
    },
  }
  await applyTo(sandbox, document)
  const at = (port: number) => `http://127.0.0.1:${port}`
  return { sandbox, document, hosted: at(hosted), group: at(group) }
}

it('every check that has something to look at passes', async () => {
  const { sandbox, document } = await registry()
  const { results } = await verifyOn(sandbox, document, { images })
  expect(statusOf(results)).toEqual([
    'ours.reach passed',
    'ours.login passed',
    'ours.wrong-password passed',
    'ours.push passed',
    'ours.pull passed',
    'ours.anonymous passed',
    'ours.push-again passed',
    'ours.clean-up passed',
    'denied.reach passed',
    'denied.login passed',
    'denied.wrong-password passed',
    'denied.push passed',
    'denied.anonymous passed',
    'inside.reach passed',
    'inside.login passed',
    'inside.wrong-password passed',
    'inside.push passed',
    'inside.pull passed',
    'inside.push-again passed',
    'inside.clean-up passed',
    'off.reach skipped: the file has it offline',
    'off.login skipped: the file has it offline',
    'off.wrong-password skipped: the file has it offline',
    'off.pull-through skipped: the file has it offline',
    'hub.reach passed',
    'hub.login passed',
    'hub.wrong-password passed',
    'hub.pull-through passed',
    'docker.reach passed',
    'docker.login passed',
    'docker.wrong-password passed',
    'docker.refuse-push passed',
    'docker.pull-member passed: from ours',
    'docker.anonymous passed',
  ])
})

it.each(['3.50.0', '3.71.0', '3.76.0', '3.81.0', '3.83.0', '3.96.3'])(
  'no false alarm on %s',
  async (version) => {
    const { sandbox, document } = await registry(version)
    expect(failuresOf(await verifyOn(sandbox, document, { images }))).toEqual([])
  },
)

it('no false alarm in 25 runs, 5 at a time, and nothing is left', async () => {
  const { sandbox, document, hosted } = await registry()
  for (let round = 0; round < 5; round += 1) {
    const runs = await Promise.all(Array.from({ length: 5 }, () => verifyOn(sandbox, document, { images })))
    expect(runs.flatMap(failuresOf)).toEqual([])
  }
  const { username, password } = sandbox
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const list = await fetch(`${hosted}/v2/nexus-docker-verify/image/tags/list`, { headers: { authorization } })
  expect(await list.text()).not.toContain('run-')
})

it('a hosted repository that takes no pushes has nothing to be asked of uploads', async () => {
  const { sandbox, document } = await registry()
  const { denied } = document.repositories
  const url = await reverseProxy({ to: () => `http://127.0.0.1:${denied.httpPort}` })
  expect(failuresOf(await verifyOn(sandbox, document, { images, endpoints: { denied: url } }))).toEqual([])
})

it('--read-only pushes nothing', async () => {
  const { sandbox, document, hosted, group } = await registry()
  const url = await reverseProxy({ to: threeParts(hosted, group) })
  const endpoints = { ours: url, docker: url }
  const { results } = await verifyOn(sandbox, document, { readOnly: true, images, endpoints })
  expect(results.filter(({ check }) => check.startsWith('push') || check === 'clean-up')).toEqual([])
  expect(
    sandbox.requests.filter(({ method, path }) => path.includes('/v2/') && !['GET', 'HEAD'].includes(method)),
  ).toEqual([])
})

it('an interrupt ends the checks, and removes what was pushed', async () => {
  const { sandbox, document } = await registry()
  const killed = new AbortController()
  // The process is gone before it can clean up.
  const hook = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (!sandbox.requests.some(({ method, path }) => method === 'PUT' && path.includes('/manifests/')))
        return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  void hook.then(() => killed.abort('SIGINT'))
  const interrupted = await verifyOn(sandbox, document, { signal: killed.signal })
  expect(interrupted.interrupted).toBe(true)
  expect(failuresOf(interrupted)).toEqual([])
  const { results } = await verifyOn(sandbox, document)
  expect(failuresOf({ results, interrupted: false })).toEqual([])
})

it('passes through one name for hosted and group, with the rule in three parts', async () => {
  const { sandbox, document, hosted, group } = await registry()
  const url = await reverseProxy({ to: threeParts(hosted, group) })
  const verified = await verifyOn(sandbox, document, { images, endpoints: { ours: url, docker: url } })
  expect(failuresOf(verified)).toEqual([])
  const routed = verified.results.filter(({ check }) => check === 'routing')
  expect(statusOf(routed)).toEqual(['ours.routing passed', 'docker.routing passed'])
})

it('one name for a hosted repository that asks for a login and a group that does not', async () => {
  const { sandbox, document, hosted, group } = await registry()
  const closed = { ...document.repositories.ours, forceBasicAuth: true }
  const asking = { ...document, repositories: { ...document.repositories, ours: closed } }
  await applyTo(sandbox, asking)
  const right = threeParts(hosted, group)
  const url = await reverseProxy({ to: (asked) => (asked.path === '/v2/' ? hosted : right(asked)) })
  const verified = await verifyOn(sandbox, asking, { images, endpoints: { ours: url, docker: url } })
  expect(failuresOf(verified)).toEqual([])
  expect(statusOf(verified.results)).toContain(
    'ours.anonymous skipped: "docker" lets everybody pull what it has',
  )
})

it('a layer that is larger than what is read into memory', async () => {
  const { sandbox, document } = await registry()
  expect(failuresOf(await verifyOn(sandbox, document, { images, layerSize: 6 * 1024 ** 2 }))).toEqual([])
})

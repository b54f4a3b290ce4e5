import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Rendered } from '../../src/targets/contract.ts'
import { runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../helpers/sandbox.ts'
import { startFront } from '../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { certificateForExample } from '../targets/fronts/certificate.ts'

interface Check {
  /** `ours.push` */
  id: string
  status: string
  cause?: { code: string; message: string }
}

const reason = reasonToSkip('nginx', 'openssl')

/** A registry behind nginx, as one file describes both; `change` may spoil what is rendered. */
async function frontFor(routing: string, change = (text: string) => text) {
  const sandbox = await sandboxFor({ connectorOffset: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-through-'))
  const workshop = openWorkshop()
  onTestFinished(async () => {
    await workshop.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { ca, certificate, key } = certificateForExample()
  for (const [name, text] of Object.entries({ 'ca.crt': ca, 'front.crt': certificate, 'front.key': key }))
    writeFileSync(join(folder, name), text)
  const [port, ours, all] = [await freePort(), await freePort(), await freePort()]
  const way = (connector: number) => (routing === 'path' ? '' : `, httpPort: ${connector}`)
  const file = join(folder, 'repos.yml')
  writeFileSync(
    file,
    `version: 1
anonymousPull: ${routing === 'two-hosts'}
x-accept: [edge-method]
repositories:
  ours: {type: hosted${way(ours)}}
  libs: {type: hosted}
  inner: {type: group, members: [libs]}
  all: {type: group, members: [ours, inner]${way(all)}}
edge:
  routing: ${routing}
  push: ours
  hosts: {pull: "registry.example.com:${port}"${routing === 'two-hosts' ? `, push: "push.example.com:${port}"` : ''}}
  upstream: "${sandbox.url}"
  tls: {certificate: ${folder}/front.crt, key: ${folder}/front.key, ca: ca.crt}
${routing === 'namespace' ? '  namespaces: [acme/apps, globex]' : ''}
`,
  )
  const env = environmentOf(sandbox)
  const run = (...args: string[]) => runCli([...args, '-f', file], { env })
  const applied = await run('apply', '--yes')
  expect(applied.code, applied.stderr).toBe(0)
  const { stdout, stderr } = await run('render', 'nginx', '-o', 'json')
  expect(stderr).toBe('')
  const rendered = JSON.parse(stdout) as Rendered
  const files = rendered.files.map((one) => ({ ...one, text: change(one.text) }))
  await startFront('nginx', { ...rendered, files }, [port], workshop)
  const verify = async (...args: string[]) => {
    const { code, stdout: text, stderr: errors } = await run('verify', '-o', 'json', ...args)
    const { checks = [] } = JSON.parse(text || '{}') as { checks?: Check[] }
    return { code, errors, checks }
  }
  return { verify }
}

describe.skipIf(reason !== undefined)('verify --through a rendered front', () => {
  it.each(['path', 'two-hosts', 'namespace', 'method'])('proves the public names: %s', async (routing) => {
    const { verify } = await frontFor(routing)
    const { code, errors, checks } = await verify('--through', '127.0.0.1')
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([])
    expect(code, errors).toBe(0)
    const passed = checks.filter(({ status }) => status === 'passed').map(({ id }) => id)
    expect(passed).toEqual(
      expect.arrayContaining(['ours.push', 'ours.pull', 'ours.routing', 'all.pull-member']),
    )
  })

  it('proves every namespace, and what the group has besides', async () => {
    const lose = (text: string) => text.replaceAll(/^.*globex.*$/gm, '')
    const { verify } = await frontFor('namespace', lose)
    const { code, checks } = await verify('--through', '127.0.0.1')
    expect(code).toBe(2)
    expect(checks.flatMap(({ id, cause }) => (cause ? [`${id} ${cause.code}`] : []))).toEqual([
      'ours.routing writes-to-group',
    ])
  })

  it('asks nobody without an address that is one, and says which was asked', async () => {
    const { verify } = await frontFor('two-hosts')
    const empty = await verify('--through', '')
    expect(empty).toMatchObject({ code: 3, checks: [] })
    const shut = `127.0.0.1:${await freePort()}`
    const { code, checks } = await verify('--through', shut)
    expect(code).toBe(2)
    const messages = checks.flatMap(({ cause }) => cause?.message ?? [])
    expect(messages.join()).toContain(`, asked at ${shut}`)
  })

  it('names what is wrong with the front', async () => {
    const { verify } = await frontFor('two-hosts', (text) =>
      text.replaceAll('X-Forwarded-Proto https', 'X-Forwarded-Proto http'),
    )
    const { code, checks } = await verify('--through', '127.0.0.1')
    expect(code).toBe(2)
    const codes = checks.flatMap(({ cause }) => cause?.code ?? [])
    expect(new Set(codes)).toEqual(new Set(['forwarded-proto']))
  })
})

import { describe, expect, it, onTestFinished } from 'vitest'
import { nginx } from '../../src/targets/nginx.ts'
import { checkFront, startFront } from '../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { edgeFor } from './edges.ts'
import { describeFront, limited, overPlainHttp } from './fronts/describe-front.ts'
import { probe } from './fronts/front-probe.ts'
import { openTrial, ways } from './fronts/front-trial.ts'
import { describeTrust } from './fronts/limits.ts'

describeFront('nginx', nginx)
describeTrust('nginx', nginx)

const usualPorts = (text: string, plain: number, encrypted: number) =>
  text.replaceAll(
    /listen (\[::\]:)?(80|443)/g,
    (_, v6 = '', port) => `listen ${v6}${port === '80' ? plain : encrypted}`,
  )

describe.skipIf(reasonToSkip('nginx', 'openssl') !== undefined)('nginx', () => {
  it('leads from port 80 to TLS, and lets the certificate authority look', async () => {
    expect(await overPlainHttp('nginx', nginx, usualPorts)).toEqual([
      '308 https://registry.example.com/v2/_catalog?n=1',
      '200 of the authority',
    ])
  })

  const long = 'container-registry.of-a-long-name'
  it.each([
    ['registry.example.com', 'registry.example.com'],
    [`${long}.first.example.com`, `${long}.second.example.com`],
  ])('keeps two rendered files apart: %s, %s', async (...names) => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const trials = await Promise.all(
      names.map((pull) => {
        const home = ways.method.homes['registry.example.com:443']
        const way = { wanted: { ...ways.method.wanted, hosts: { pull } }, homes: { [`${pull}:443`]: home } }
        return openTrial(way, workshop, freePort, 'plain')
      }),
    )
    const files = trials.flatMap(({ edge }, index) =>
      nginx.render({ edge, from: ['x'] }).files.map((file) => ({ ...file, name: `${index}.conf` })),
    )
    const ports = trials.flatMap((trial) => trial.ports)
    await startFront('nginx', { files, notes: [] }, ports, workshop)
    for (const trial of trials) expect(await probe(trial)).toEqual([])
  })

  it.each([46, 47, 253])('says what a name of %d characters needs of nginx.conf', async (length) => {
    const label = `${'a'.repeat(60)}.`
    const pull = `${label.repeat(4).slice(0, length - 'example.com'.length - 1)}.example.com`
    const hosts = { pull, web: 'nexus.example.com' }
    const edge = edgeFor({ routing: 'path', hosts, upstream: 'http://127.0.0.1:8081', tls: undefined })
    const { files, notes } = nginx.render({ edge, from: ['x'] })
    const needed = /in its block http: (.*;)$/m.exec(notes.join('\n'))?.[1]
    expect(needed !== undefined).toBe(length > 46)
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const given = files.map((file) => ({ ...file, text: `${needed ?? ''}\n${file.text}` }))
    const { checked } = await checkFront('nginx', { files: given, notes }, workshop)
    expect(checked).toMatchObject({ ok: true, text: expect.not.stringContaining('warn') as string })
  })

  it('keeps to the limit of uploads', async () => {
    expect(await limited('nginx', nginx)).toEqual([413, 202])
  })
})

const goldens = {
  method: edgeFor({ routing: 'method', limits: { upload: 10_737_418_240, timeout: 60 } }),
  namespace: edgeFor({ routing: 'namespace', connectors: false }),
  path: edgeFor({
    routing: 'path',
    upstream: 'https://nexus:8443/nexus',
    tls: { acme: { email: 'me@example.com' } },
  }),
  'further-out': edgeFor({ routing: 'two-hosts', tls: { endsFurtherOut: true } }),
}

it.each(Object.entries(goldens))('writes what a person reads: %s', async (name, edge) => {
  const { files, notes } = nginx.render({ edge, from: ['repos.yml'] })
  expect(files.map((file) => file.name)).toEqual(['nexus-docker.conf'])
  await expect(files[0]?.text).toMatchFileSnapshot(`../golden/targets/nginx/${name}.conf`)
  await expect(`${notes.join('\n')}\n`).toMatchFileSnapshot(`../golden/targets/nginx/${name}.notes`)
})

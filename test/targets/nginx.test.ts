import { describe, expect, it } from 'vitest'
import { nginx } from '../../src/targets/nginx.ts'
import { reasonToSkip } from '../programs/workshop.ts'
import { edgeFor } from './edges.ts'
import { describeFront, limited, overPlainHttp } from './fronts/describe-front.ts'
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

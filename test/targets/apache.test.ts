import { describe, expect, it } from 'vitest'
import { apache } from '../../src/targets/apache.ts'
import { reasonToSkip } from '../programs/workshop.ts'
import { edgeFor } from './edges.ts'
import { describeFront, overPlainHttp } from './fronts/describe-front.ts'
import { describeTrust } from './fronts/limits.ts'

describeFront('apache', apache)
describeTrust('apache', apache, 'registry.example.com')

/** Debian's ports.conf listens on both, and its apache2.conf lets /var/www be read. */
const usualPorts = (text: string, plain: number, encrypted: number) =>
  `<Directory /var/www/html>\nRequire all granted\n</Directory>\nListen ${plain}\nListen ${encrypted}\n${text.replaceAll(':80>', `:${plain}>`).replaceAll(':443>', `:${encrypted}>`)}`

describe.skipIf(reasonToSkip('apache2', 'openssl') !== undefined)('apache', () => {
  it('leads from port 80 to TLS, and lets the certificate authority look', async () => {
    expect(await overPlainHttp('apache', apache, usualPorts)).toEqual([
      '308 https://registry.example.com/v2/_catalog?n=1',
      '200 of the authority',
    ])
  })
})

it('cannot limit uploads, and says so', () => {
  const edge = edgeFor({ routing: 'path', limits: { upload: 1024 } })
  expect(() => apache.render({ edge, from: ['repos.yml'] })).toThrow(
    expect.objectContaining({ code: 'not-expressible', exitCode: 3 }),
  )
})

const goldens = {
  method: edgeFor({ routing: 'method', limits: { timeout: 60 } }),
  namespace: edgeFor({ routing: 'namespace', connectors: false }),
  path: edgeFor({
    routing: 'path',
    upstream: 'https://nexus:8443/nexus',
    tls: { acme: { email: 'me@example.com' } },
  }),
  'further-out': edgeFor({ routing: 'two-hosts', tls: { endsFurtherOut: true } }),
}

it.each(Object.entries(goldens))('writes what a person reads: %s', async (name, edge) => {
  const { files, notes } = apache.render({ edge, from: ['repos.yml'] })
  expect(files.map((file) => file.name)).toEqual(['nexus-docker.conf'])
  await expect(files[0]?.text).toMatchFileSnapshot(`../golden/targets/apache/${name}.conf`)
  await expect(`${notes.join('\n')}\n`).toMatchFileSnapshot(`../golden/targets/apache/${name}.notes`)
})

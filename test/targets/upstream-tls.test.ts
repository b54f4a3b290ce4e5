import { expect, it } from 'vitest'
import { haproxy } from '../../src/targets/haproxy.ts'
import { nginx } from '../../src/targets/nginx.ts'
import { edgeFor } from './edges.ts'

it.each([haproxy, nginx])('$name says that it cannot compare an address with a certificate', (target) => {
  const edge = edgeFor({ routing: 'path', upstream: 'https://10.0.0.5:8443' })
  expect(() => target.render({ edge, from: ['repos.yml'] })).toThrow(
    expect.objectContaining({
      code: 'not-expressible',
      exitCode: 3,
      message: expect.stringMatching(/cannot check the certificate of a Nexus at 10\.0\.0\.5/) as string,
    }),
  )
})

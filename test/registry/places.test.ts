import { describe, expect, it } from 'vitest'
import { judgeRealm, shownUrl } from '../../src/registry/places.ts'

describe('a realm', () => {
  const far = new URL('https://registry.example.com')
  it.each([
    ['https://auth.example.org/token', undefined],
    ['https://registry.example.com/v2/token', undefined],
    ['http://registry.example.com/v2/token', 'not https'],
    ['null://registry.example.com/v2/token', 'not a place'],
    ['file:///etc/passwd', 'not a place'],
    ['token', 'not a URL'],
    ['https://registry.example.com:5002:5002/v2/token', 'not a URL'],
    ['https://me:secret@auth.example.org/token', 'holds credentials'],
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::]',
      '[fd00::1]',
      '[fe80::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a00:1]',
      'localhost',
      'a.localhost',
      'LOCALHOST.',
    ].map((host) => [`https://${host}/token`, 'within a private network'] as const),
    ['https://172.32.0.1/token', undefined],
    ['https://8.8.8.8/token', undefined],
    ['https://[2606:4700::1]/token', undefined],
  ] as [string, string | undefined][])('%s of a registry far away: %s', (realm, refusal) => {
    if (refusal === undefined) expect(judgeRealm(realm, far).refusal).toBeUndefined()
    else expect(judgeRealm(realm, far).refusal).toContain(refusal)
  })

  it('of a registry within may be that address, and no other', () => {
    const near = new URL('http://10.0.0.5:5000')
    expect(judgeRealm('http://10.0.0.5:5000/token', near).refusal).toBeUndefined()
    expect(judgeRealm('https://auth.example.org/token', near).refusal).toBeUndefined()
    for (const realm of [
      'http://10.0.0.5:5001/token',
      'http://10.0.0.6:5000/token',
      'http://localhost:5000/token',
    ])
      expect(judgeRealm(realm, near).refusal).toContain('within a private network')
    expect(judgeRealm('http://localhost:1/token', new URL('http://127.0.0.1:2')).refusal).toBeUndefined()
  })
})

it('a URL is shown without what its query holds', () => {
  const signed =
    'https://cdn.example.org/x?X-Amz-Signature=abc&X-Amz-Date=1&ns=docker.io&digest=sha256%3A1&flag'
  expect(shownUrl(signed)).toBe(
    'https://cdn.example.org/x?X-Amz-Signature=***&X-Amz-Date=***&ns=docker.io&digest=sha256%3A1&flag',
  )
  expect(shownUrl('/x?a=b?c=d')).toBe('/x?a=***')
  expect(shownUrl('/x')).toBe('/x')
})

import { describe, expect, it } from 'vitest'
import { NEXUS, type Received, type Reply } from '../../http/scripted-server.ts'
import { client, failure, get, PASSWORD, server } from '../helpers.ts'

const REFUSED = {
  status: 401,
  headers: { ...NEXUS, 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
}
/** As 3.96 answers a user name that failed to sign in too often, the right password included. */
const LOCKED: Reply = {
  status: 429,
  headers: { ...NEXUS, 'content-type': 'text/html', 'retry-after': '30' },
  body: 'Too many authentication attempts',
}

function signedIn({ headers }: Received): boolean {
  return headers.authorization !== undefined
}

describe('credentials', () => {
  it('are sent with the first request, in UTF-8, without a challenge', async () => {
    const target = await server(() => ({ status: 200, headers: NEXUS, body: [] }))
    await get(client(target.url).nexus, '/service/rest/v1/repositories')
    const authorization = target.received[0]?.headers.authorization ?? ''
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8')).toBe(
      `admin:${PASSWORD}`,
    )
    expect(target.received).toHaveLength(1)
  })

  it('may stand in the URL, which no error then shows', async () => {
    const target = await server(() => REFUSED)
    const url = target.url.replace('://', '://bob:s%40cret-canary@')
    const error = await failure(get(client(url, { username: undefined, password: undefined }).nexus, '/x'))
    expect(target.received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('bob:s@cret-canary').toString('base64')}`,
    )
    expect(error.message).toContain('"bob"')
    expect(error.message + String(error.hint)).not.toContain('canary')
  })

  it('are left out of anonymous requests, and no cookie ever comes back', async () => {
    const target = await server(() => ({
      status: 200,
      headers: { ...NEXUS, 'set-cookie': 'NXSESSIONID=1' },
      body: [],
    }))
    const { nexus } = client(target.url)
    await nexus.request({ method: 'GET', path: '/service/rest/v1/status', anonymous: true })
    await get(nexus, '/service/rest/v1/x')
    expect(target.received.map(signedIn)).toEqual([false, true])
    for (const { headers } of target.received) {
      expect(headers.cookie).toBeUndefined()
      expect(headers.accept).toBe('application/json')
      expect(headers['user-agent']).toMatch(/^nexus-docker\/\d+\.\d+\.\d+$/)
    }
  })

  it('are never sent with an empty password', async () => {
    const target = await server(() => ({ status: 200 }))
    const error = await failure(get(client(target.url, { password: '' }).nexus, '/x'))
    expect(error).toMatchObject({ code: 'no-password', exitCode: 4 })
    expect(target.received).toHaveLength(0)
  })
})

describe('a wrong password', () => {
  for (const [name, reply, code] of [
    ['401', REFUSED, 'not-authenticated'],
    ['429', LOCKED, 'sign-in-limit'],
  ] as const) {
    it(`(${name}) costs one request, however many are made at the same time and later`, async () => {
      const target = await server((request) =>
        signedIn(request) ? ({ ...(reply as object), delayMs: 30 } as Reply) : { status: 200 },
      )
      const { nexus, waits } = client(target.url)
      const codes = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          failure(nexus.request({ method: index % 2 ? 'POST' : 'GET', path: `/service/rest/v1/x/${index}` })),
        ),
      )
      const later = await failure(get(nexus, '/service/rest/v1/later'))
      for (const error of [...codes, later]) expect(error).toMatchObject({ code, exitCode: 4 })
      expect(target.received).toHaveLength(1)
      expect(waits).toEqual([])
      const open = { method: 'GET', path: '/service/rest/v1/status', anonymous: true } as const
      expect(await failure(nexus.request(open))).toMatchObject({ code })
      expect(target.received).toHaveLength(1)
    })
  }

  it('is explained with the user, without the password, and without advice to try again', async () => {
    const error = await failure(
      get(client((await server(() => REFUSED)).url).nexus, '/x', 'list repositories'),
    )
    expect(error.message).toBe(
      'cannot list repositories: the server does not accept the password of user "admin" (or there is no such active user)',
    )
    const locked = await failure(
      get(client((await server(() => LOCKED)).url).nexus, '/x', 'list repositories'),
    )
    expect(locked.hint).toContain('15 minutes')
  })

  it('ends the run also when it comes in the middle', async () => {
    const target = await server((_, index) =>
      index < 2 ? { status: 200, headers: NEXUS, body: [] } : REFUSED,
    )
    const { nexus } = client(target.url)
    await get(nexus, '/a')
    await get(nexus, '/b')
    await failure(get(nexus, '/c'))
    await failure(get(nexus, '/d'))
    expect(target.received).toHaveLength(3)
  })

  it('is refused once even where the caller allows a 401', async () => {
    const target = await server(() => REFUSED)
    const { nexus } = client(target.url)
    expect((await nexus.request({ method: 'GET', path: '/x', allow: [401] })).status).toBe(401)
    await failure(nexus.request({ method: 'GET', path: '/x', allow: [401] }))
    expect(target.received).toHaveLength(1)
  })
})

describe('the first request with credentials', () => {
  it('goes alone, then the others go together', async () => {
    let alone = true
    const target = await server(async (_, index) => {
      if (index === 0) await new Promise((resolve) => setTimeout(resolve, 60))
      if (index === 0) alone = target.received.length === 1
      return { status: 200, headers: NEXUS, body: [], delayMs: 30 }
    })
    const { nexus } = client(target.url, { parallelism: 4 })
    await Promise.all(Array.from({ length: 9 }, (_, index) => get(nexus, `/service/rest/v1/x/${index}`)))
    expect(alone).toBe(true)
    expect(target.maxInFlight()).toBe(4)
  })

  it('proves nothing where the answer is not from behind the sign-in', async () => {
    const seen: number[] = []
    const target = await server(async (_, index) => {
      seen.push(index)
      await new Promise((resolve) => setTimeout(resolve, 20))
      return index < 2
        ? { status: 503, headers: { 'content-type': 'text/html' }, body: '<html></html>' }
        : REFUSED
    })
    const { nexus } = client(target.url, { parallelism: 4 })
    await Promise.all(Array.from({ length: 6 }, () => failure(get(nexus, '/x'))))
    expect(seen).toEqual([0, 1, 2])
    expect(target.maxInFlight()).toBe(1)
  })

  it('proves nothing on a status page, which 3.96 shows to everybody', async () => {
    const target = await server(({ path }) =>
      path.includes('/status') ? { status: 200, headers: NEXUS } : { ...REFUSED, delayMs: 20 },
    )
    const { nexus } = client(target.url)
    await get(nexus, '/service/rest/v1/status/writable')
    await Promise.all(Array.from({ length: 5 }, () => failure(get(nexus, '/x'))))
    expect(target.received).toHaveLength(2)
  })

  it('does not keep anonymous requests waiting', async () => {
    const target = await server((request) =>
      signedIn(request) ? { status: 200, headers: NEXUS, delayMs: 200 } : { status: 200 },
    )
    const { nexus } = client(target.url)
    let firstIsOver = false
    const first = get(nexus, '/x').then(() => {
      firstIsOver = true
    })
    await nexus.request({ method: 'GET', path: '/service/rest/v1/status', anonymous: true })
    expect(firstIsOver).toBe(false)
    await first
  })
})

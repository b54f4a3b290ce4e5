import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import type { ConnectionOptions, InitialPassword, Nexus } from '../../../src/nexus/client.ts'
import { NEXUS, type Received, type Reply } from '../../http/scripted-server.ts'
import { client, failure, get, PASSWORD, server } from '../helpers.ts'

const FIRST = 'first-canary'
const REFUSED: Reply = {
  status: 401,
  headers: { ...NEXUS, 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
}
const OK: Reply = { status: 200, headers: NEXUS, body: [] }

function passwordOf({ headers }: Received): string | undefined {
  const encoded = headers.authorization?.replace('Basic ', '')
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64').toString('utf8').slice('admin:'.length)
}

interface Setup {
  nexus: Nexus
  sent: () => (string | undefined)[]
  lookUps: () => number
}

/** A server with one password, which a change-password replaces; `answer` may answer instead. */
async function setUp(
  password: string,
  source: Partial<InitialPassword> = {},
  answer: (request: Received) => Reply | undefined = () => undefined,
  options: Partial<ConnectionOptions> = {},
): Promise<Setup> {
  let current = password
  let lookUps = 0
  const target = await server((request): Reply => {
    const own = answer(request)
    if (own) return own
    if (passwordOf(request) !== current) return REFUSED
    if (request.method !== 'PUT' || !request.path.endsWith('/change-password')) return OK
    current = request.body
    return { status: 204, headers: NEXUS }
  })
  const initialPassword: InitialPassword = {
    from: 'the test',
    note: undefined,
    evident: () => Promise.resolve(undefined),
    find: () => {
      lookUps += 1
      return Promise.resolve(FIRST)
    },
    gone: () => false,
    ...source,
  }
  const { nexus } = client(target.url, { initialPassword, passwordFrom: 'NEXUS_PASSWORD', ...options })
  return { nexus, sent: () => target.received.map(passwordOf), lookUps: () => lookUps }
}

describe('the initial password', () => {
  it('is not looked up where the wanted one works', async () => {
    const { nexus, sent, lookUps } = await setUp(PASSWORD)
    await get(nexus, '/x')
    expect({ sent: sent(), lookUps: lookUps(), provisional: nexus.signIn.provisional }).toEqual({
      sent: [PASSWORD],
      lookUps: 0,
      provisional: false,
    })
  })

  it('is tried once, then used one request at a time until it has been replaced', async () => {
    const { nexus, sent, lookUps } = await setUp(FIRST)
    await Promise.all([1, 2, 3].map((number) => get(nexus, `/service/rest/v1/x/${number}`)))
    expect(nexus.signIn.provisional).toBe(true)
    await nexus.signIn.goOnWithWanted(async (from) => {
      expect(from).toBe('NEXUS_PASSWORD')
      await nexus.request({
        method: 'PUT',
        path: '/service/rest/v1/security/users/admin/change-password',
        text: PASSWORD,
      })
    })
    expect(nexus.signIn.provisional).toBe(false)
    await Promise.all([1, 2].map((number) => get(nexus, `/service/rest/v1/y/${number}`)))
    expect(sent()).toEqual([PASSWORD, FIRST, FIRST, FIRST, FIRST, PASSWORD, PASSWORD])
    expect(lookUps()).toBe(1)
  })

  it('goes alone: what is asked at the same time waits', async () => {
    let open = 0
    let most = 0
    const target = await server(async (request) => {
      open += 1
      most = Math.max(most, open)
      await new Promise((resolve) => setTimeout(resolve, 10))
      open -= 1
      return passwordOf(request) === FIRST ? OK : REFUSED
    })
    const initialPassword = {
      from: 'x',
      note: undefined,
      evident: () => Promise.resolve(undefined),
      find: () => Promise.resolve(FIRST),
      gone: () => false,
    }
    const { nexus } = client(target.url, { initialPassword })
    await Promise.all([1, 2, 3, 4].map((number) => get(nexus, `/service/rest/v1/x/${number}`)))
    expect(most).toBe(1)
  })

  it('that is refused too ends the run: nothing is sent any more', async () => {
    const { nexus, sent } = await setUp('another')
    const error = await failure(get(nexus, '/x', 'list'))
    expect(error.message).toBe(
      'cannot list: the server accepts neither the password of user "admin" from NEXUS_PASSWORD nor the one from the test',
    )
    await failure(get(nexus, '/y'))
    expect(sent()).toEqual([PASSWORD, FIRST])
  })

  it('is not sent again where it is the wanted one', async () => {
    const { nexus, sent } = await setUp('another', { find: () => Promise.resolve(PASSWORD) })
    await failure(get(nexus, '/x'))
    expect(sent()).toEqual([PASSWORD])
  })

  it('changed by another run in the middle: the wanted one is tried again, once', async () => {
    let changed: string | undefined
    const { nexus, sent } = await setUp(FIRST, {}, (request) =>
      changed === undefined ? undefined : passwordOf(request) === changed ? OK : REFUSED,
    )
    await get(nexus, '/a')
    changed = PASSWORD
    await Promise.all([get(nexus, '/b'), get(nexus, '/c')])
    expect(nexus.signIn.provisional).toBe(false)
    changed = 'another'
    await failure(get(nexus, '/d'))
    expect(sent()).toEqual([PASSWORD, FIRST, FIRST, PASSWORD, PASSWORD, PASSWORD])
  })

  it('whose file is there goes first, and the wanted one is tried where it is refused', async () => {
    const there = { evident: () => Promise.resolve(FIRST) }
    const { nexus, sent, lookUps } = await setUp(FIRST, there)
    await get(nexus, '/x')
    expect({ sent: sent(), provisional: nexus.signIn.provisional }).toEqual({
      sent: [FIRST],
      provisional: true,
    })
    const stale = await setUp(PASSWORD, there)
    await Promise.all([1, 2, 3].map((number) => get(stale.nexus, `/service/rest/v1/x/${number}`)))
    expect(stale.sent()).toEqual([FIRST, PASSWORD, PASSWORD, PASSWORD])
    const wrong = await setUp('another', there)
    const error = await failure(get(wrong.nexus, '/x', 'list'))
    expect(error.message).toBe(
      'cannot list: the server accepts neither the password of user "admin" from the test nor the one from NEXUS_PASSWORD',
    )
    await failure(get(wrong.nexus, '/y'))
    expect(wrong.sent()).toEqual([FIRST, PASSWORD])
    expect([lookUps(), stale.lookUps(), wrong.lookUps()]).toEqual([0, 0, 0])
  })

  it('whose file is there and which is the wanted one is sent once', async () => {
    const { nexus, sent } = await setUp('another', {
      evident: () => Promise.resolve(PASSWORD),
      find: () => Promise.resolve(PASSWORD),
    })
    await failure(get(nexus, '/x'))
    expect(sent()).toEqual([PASSWORD])
  })

  it('whose file goes: the wanted one is sent from the next request on', async () => {
    let gone = false
    let current = FIRST
    const source = { evident: () => Promise.resolve(gone ? undefined : FIRST), gone: () => gone }
    const answer = (request: Received): Reply => (passwordOf(request) === current ? OK : REFUSED)
    const { nexus, sent } = await setUp('', source, answer)
    await get(nexus, '/a')
    gone = true
    current = PASSWORD
    await Promise.all([get(nexus, '/b'), get(nexus, '/c')])
    expect(sent()).toEqual([FIRST, PASSWORD, PASSWORD])
  })

  it('whose file came and went while it was waited for: the wanted one is tried again, once', async () => {
    let right = ''
    const source = { find: () => Promise.resolve(undefined), gone: () => true }
    const answer = (request: Received): Reply => (passwordOf(request) === right ? OK : REFUSED)
    const { nexus, sent } = await setUp('', source, answer)
    await failure(get(nexus, '/x'))
    expect(sent()).toEqual([PASSWORD, PASSWORD])
    const changed = await setUp(
      '',
      {
        ...source,
        find: () => {
          right = PASSWORD
          return Promise.resolve(undefined)
        },
      },
      answer,
    )
    await get(changed.nexus, '/x')
    expect(changed.sent()).toEqual([PASSWORD, PASSWORD])
  })

  it('costs two failed sign-ins at most, whatever comes and goes', async () => {
    for (const there of [true, false])
      for (const gone of [true, false]) {
        const source = { evident: () => Promise.resolve(there ? FIRST : undefined), gone: () => gone }
        const { nexus, sent } = await setUp('another', source)
        await Promise.all([1, 2, 3].map((number) => failure(get(nexus, `/service/rest/v1/x/${number}`))))
        expect(sent().length).toBeLessThanOrEqual(2)
      }
  })

  it('is masked where the server quotes it, as it is and as it was sent', async () => {
    const { nexus } = await setUp(FIRST, {}, (request) =>
      passwordOf(request) === FIRST && request.path === '/quote'
        ? { status: 400, headers: NEXUS, body: `${FIRST} ${request.headers.authorization ?? ''}` }
        : undefined,
    )
    const { message } = await failure(get(nexus, '/quote'))
    expect(message).toContain('***')
    expect(message).not.toContain(FIRST)
    expect(message).not.toContain(Buffer.from(`admin:${FIRST}`).toString('base64'))
  })

  it('whose source is wrong: its error is everybody’s', async () => {
    const wrong = new UserError('initial-password', 'the file is a directory', { exitCode: 4 })
    const { nexus, sent } = await setUp(FIRST, { find: () => Promise.reject(wrong) })
    const errors = await Promise.all([failure(get(nexus, '/x')), failure(get(nexus, '/y'))])
    expect(errors).toEqual([wrong, wrong])
    expect(sent()).toEqual([PASSWORD])
  })
})

describe('the initial password is for Nexus alone', () => {
  it.each<[string, Reply, string]>([
    [
      'a proxy in front that asks for a sign-in of its own',
      { status: 401, headers: { server: 'nginx', 'www-authenticate': 'Basic realm="Staff only"' } },
      'front-authentication',
    ],
    ['something that says nothing of itself', { status: 401, headers: {} }, 'not-authenticated'],
    [
      'a locked user name',
      {
        status: 429,
        headers: { ...NEXUS, 'content-type': 'text/html', 'retry-after': '30' },
        body: 'Too many authentication attempts',
      },
      'sign-in-limit',
    ],
  ])('%s does not get it', async (_, reply, code) => {
    const { nexus, sent, lookUps } = await setUp(FIRST, {}, () => reply)
    expect(await failure(get(nexus, '/x'))).toMatchObject({ code })
    expect({ sent: sent(), lookUps: lookUps() }).toEqual({ sent: [PASSWORD], lookUps: 0 })
  })

  it('a Nexus whose header a proxy removes gets it', async () => {
    const bare: Reply = {
      status: 401,
      headers: { 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
    }
    const { nexus, sent } = await setUp(FIRST, {}, (request) => (passwordOf(request) === FIRST ? OK : bare))
    await get(nexus, '/x')
    expect(sent()).toEqual([PASSWORD, FIRST])
  })
})

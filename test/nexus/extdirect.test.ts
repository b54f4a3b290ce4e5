import { describe, expect, it } from 'vitest'
import { callExtDirect } from '../../src/nexus/extdirect.ts'
import { NEXUS, type Reply } from '../http/scripted-server.ts'
import { failure, signedInTo } from './helpers.ts'

const answer = (body: object): Reply => ({
  status: 200,
  headers: NEXUS,
  body: { tid: 1, action: 'a', method: 'm', type: 'rpc', ...body },
})

async function call(reply: Reply | Reply[], method = 'update') {
  const replies = Array.isArray(reply) ? reply : [reply]
  const { target, nexus } = await signedInTo((_, index) => replies[index] ?? 'hang')
  return {
    target,
    nexus,
    run: () => callExtDirect(nexus, 'coreui_HttpSettings', method, [{ a: 1 }], 'set the HTTP proxy'),
  }
}

describe('a call', () => {
  it('is one JSON object, and returns the data of the result', async () => {
    const { run, target, nexus } = await call(
      answer({ result: { success: true, data: { httpEnabled: null } } }),
    )
    expect(await run()).toEqual({ httpEnabled: null })
    expect(target.received[0]).toMatchObject({ method: 'POST', path: '/service/extdirect' })
    expect(JSON.parse(target.received[0]?.body ?? '')).toEqual({
      action: 'coreui_HttpSettings',
      method: 'update',
      data: [{ a: 1 }],
      type: 'rpc',
      tid: 1,
    })
    expect(nexus.counts).toEqual({ total: 2, writes: 1 })
  })

  it('that reads is repeated after a lost answer and is no write', async () => {
    const { run, nexus } = await call(['reset', answer({ result: { success: true, data: 7 } })], 'read')
    expect(await run()).toBe(7)
    expect(nexus.counts).toEqual({ total: 3, writes: 0 })
  })

  it('that writes is not repeated after a lost answer', async () => {
    const { run, target } = await call('reset')
    expect((await failure(run())).code).toBe('lost-answer')
    expect(target.received).toHaveLength(1)
  })

  /** As recorded from 3.28 to 3.89 (nexus-api section 4): failures come with status 200. */
  const FAILURES: [
    name: string,
    body: object,
    code: string,
    exitCode: number,
    says: string,
    hint?: string,
  ][] = [
    [
      'rights, 3.28',
      {
        result: {
          success: false,
          message: 'User is not permitted: nexus:settings:update',
          authenticationRequired: false,
          data: [],
        },
      },
      'refused',
      1,
      'User is not permitted: nexus:settings:update',
      'nx-settings-update',
    ],
    [
      'rights, 3.89',
      {
        result: {
          success: false,
          message: 'Subject does not have permission [nexus:settings:update]',
          authenticationRequired: false,
          data: [],
        },
      },
      'refused',
      1,
      'Subject does not have permission [nexus:settings:update]',
      'nx-settings-update',
    ],
    [
      'no sign-in',
      {
        result: {
          success: false,
          message: 'The current Subject is not authenticated.  Access denied.',
          authenticationRequired: true,
          data: [],
        },
      },
      'forbidden',
      4,
      'the server asks for a sign-in',
    ],
    [
      'validation',
      {
        result: {
          success: false,
          errors: {
            httpPort: 'must be more',
            timeout: '{org.sonatype.nexus.validation.constraint.portnumber}',
          },
          messages: null,
          data: [],
        },
      },
      'refused',
      1,
      'httpPort: must be more; timeout: must be a port from 1 to 65535',
    ],
    [
      'another refusal',
      { result: { success: false, message: 'A database error occurred', data: [] } },
      'refused',
      1,
      'A database error occurred',
    ],
    ['no reason', { result: { success: false } }, 'refused', 1, 'does not say why'],
    [
      'unknown method',
      {
        type: 'exception',
        message: "RequestException: No method registered as 'x'",
        where: '',
        serverException: {},
      },
      'extdirect-failed',
      1,
      "(RequestException: No method registered as 'x')",
    ],
    // Nothing tells whether it was made.
    ['no result', {}, 'lost-answer', 4, 'did not answer with the result of a call'],
    [
      'a result of another type',
      { result: { success: 'true' } },
      'lost-answer',
      4,
      'did not answer with the result of a call',
    ],
  ]
  for (const [name, body, code, exitCode, says, hint] of FAILURES) {
    it(`fails: ${name}`, async () => {
      const error = await failure((await call(answer(body))).run())
      expect(error).toMatchObject({ code, exitCode })
      expect(error.message).toContain('cannot set the HTTP proxy: ')
      expect(error.message).toContain(says)
      if (hint) expect(error.hint).toContain(hint)
    })
  }

  it.each([undefined, '{}', '[]', 'null', 'true', '[null]', '{"result":{}}', '{"type":"rpc","result":[]}'])(
    'a read that is answered with %s is an error',
    async (body) => {
      const reply: Reply = { status: 200, headers: NEXUS, ...(body !== undefined && { body }) }
      const error = await failure((await call(reply, 'read')).run())
      expect(error).toMatchObject({ code: 'unexpected-answer', exitCode: 4 })
      expect(error.message).toContain('the server did not answer with the result of a call')
    },
  )

  it('does not repeat the request that an exception quotes', async () => {
    const message = `JsonException: Failed attempt to convert. Method='coreui_HttpSettings.update', Json string='[{"httpAuthPassword":"canary"}]'`
    const error = await failure((await call(answer({ type: 'exception', message }))).run())
    expect(error.message).toContain('Failed attempt to convert')
    expect(error.message).not.toContain('canary')
  })

  it('fails on a page and on bad credentials like any request', async () => {
    const page = await call({
      status: 500,
      headers: { ...NEXUS, 'content-type': 'text/html' },
      body: '<title>500</title>',
    })
    expect((await failure(page.run())).code).toBe('server-error')
    expect((await failure((await call({ status: 401, headers: NEXUS })).run())).code).toBe(
      'not-authenticated',
    )
  })
})

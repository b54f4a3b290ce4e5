// Who asks, and for what: tokens as distribution's specification has them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { RequestEvent } from '../../src/http/options.ts'
import { certificates, withOpenssl } from '../http/certificates.ts'
import type { Received, Reply } from '../http/scripted-server.ts'
import { server } from '../nexus/helpers.ts'
import { startDockerRegistry, withDockerRegistry } from './docker-registry.ts'
import { all, blobOf, manifestOf, OCI_MANIFEST, refusal, registry, sink, USER } from './helpers.ts'
import { ISSUER, readTokenRequest, signingTokens } from './token-server.ts'

const TAGS: Reply = { status: 200, body: { tags: ['a'] } }

/** A registry that takes what `isRight` takes, and its token server, at another port of the same machine. */
async function withTokens(
  token: (request: Received, index: number) => Reply | Promise<Reply>,
  isRight: (token: string, request: Received) => boolean | string,
) {
  const tokens = await server(token)
  const target = await server((request) => {
    const [, given = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? []
    const verdict = isRight(given, request)
    if (verdict === true) return TAGS
    const [, name] = /^\/v2\/(.*)\/tags/.exec(request.path) ?? []
    const error = typeof verdict === 'string' ? `,error="${verdict}"` : ''
    const challenge = `Bearer realm="http://localhost:${tokens.port}/token",service="it, here",scope="repository:${name}:pull"${error}`
    return {
      status: 401,
      headers: { 'www-authenticate': challenge },
      body: { errors: [{ code: 'UNAUTHORIZED' }] },
    }
  })
  return { tokens, target, asked: () => tokens.received.map(readTokenRequest) }
}

describe('a token', () => {
  it('is asked for as the registry says, and used until it refuses', async () => {
    let right = 'first'
    const { target, asked } = await withTokens(
      () => ({ status: 200, body: { token: right } }),
      (token) => token === right,
    )
    const warnings: string[] = []
    const it = registry(target.url, { credentials: USER, onWarning: (text) => warnings.push(text) })
    for (let time = 0; time < 3; time += 1) expect(await all(it.tags('team/app'))).toEqual(['a'])
    expect(asked()).toMatchObject([
      {
        method: 'GET',
        user: USER.username,
        password: USER.password,
        service: 'it, here',
        scopes: ['repository:team/app:pull'],
      },
    ])
    expect(target.received).toHaveLength(4)
    right = 'second'
    await all(it.tags('team/app'))
    expect([asked().length, target.received.length]).toEqual([2, 6])
    expect(warnings).toEqual([
      expect.stringMatching(/^127.0.0.1:\d+ has its tokens given out by localhost:\d+/),
    ])
  })

  it('is one for each set of scopes, asked for once by however many', async () => {
    const { target, asked } = await withTokens(
      async ({ path }) => {
        await sleep(30)
        return { status: 200, body: { access_token: Buffer.from(path).toString('base64url') } }
      },
      (token, { path }) =>
        Buffer.from(token, 'base64url')
          .toString()
          .includes(encodeURIComponent(path.slice(4, 5))),
    )
    const it = registry(target.url)
    await all(it.tags('a'))
    await Promise.all(Array.from({ length: 8 }, (_, index) => all(it.tags(index % 2 === 0 ? 'b' : 'c'))))
    expect(asked().map(({ scopes, user }) => [scopes.join(), user])).toEqual([
      ['repository:a:pull', undefined],
      ['repository:b:pull', undefined],
      ['repository:c:pull', undefined],
    ])
    await it.exchange({ method: 'GET', path: '/v2/b/tags/list' }, { name: 'b', actions: ['push', 'pull'] })
    await it.exchange({ method: 'GET', path: '/v2/b/tags/list' }, { name: 'b', actions: ['pull', 'push'] })
    expect(
      asked()
        .slice(3)
        .map(({ scopes }) => scopes.join()),
    ).toEqual(['repository:b:pull,push'])
  })

  it('that says how long it lives is not used longer', async () => {
    const { target, asked } = await withTokens(
      (_, index) => ({ status: 200, body: { token: `t${index}`, expires_in: 1 } }),
      (token) => token !== '',
    )
    const it = registry(target.url)
    await all(it.tags('a'))
    await all(it.tags('a'))
    expect(asked()).toHaveLength(1)
    await sleep(600)
    await all(it.tags('a'))
    expect([asked().length, target.received.length]).toEqual([2, 4])
  })

  it.each(['invalid_token', 'insufficient_scope'])('that is refused as %s is renewed once', async (error) => {
    const { target, asked } = await withTokens(
      (_, index) => ({ status: 200, body: { token: `t${index}` } }),
      (token) => (token === '' ? false : error),
    )
    const refused = await refusal(all(registry(target.url, { credentials: USER }).tags('a')))
    expect(refused).toMatchObject({ code: 'unauthorized', status: 401 })
    expect([asked().length, target.received.length]).toEqual([2, 3])
  })

  it('that is new and refused for no reason is not renewed', async () => {
    const { target, asked } = await withTokens(
      () => ({ status: 200, body: { token: 't' } }),
      () => false,
    )
    await refusal(all(registry(target.url, { credentials: USER }).tags('a')))
    expect([asked().length, target.received.length]).toEqual([1, 2])
  })

  it('for more is asked for with the new scope first', async () => {
    const tokens = await server((_, index) => ({ status: 200, body: { token: `t${index}` } }))
    const target = await server((_, index) => {
      const scope = index === 0 ? 'repository:a:pull' : 'repository:other:pull'
      const error = index === 0 ? '' : ',error="insufficient_scope"'
      const challenge = `Bearer realm="http://localhost:${tokens.port}",scope="${scope}"${error}`
      return index < 2
        ? { status: index === 0 ? 401 : 403, headers: { 'www-authenticate': challenge } }
        : TAGS
    })
    await all(registry(target.url).tags('a'))
    expect(tokens.received.map((one) => readTokenRequest(one).scopes)).toEqual([
      ['repository:a:pull'],
      ['repository:other:pull', 'repository:a:pull'],
    ])
  })

  it.each([400, 404, 405])('server that answers %i to GET is asked with POST', async (status) => {
    const { target, asked } = await withTokens(
      ({ method }) => (method === 'GET' ? { status } : { status: 200, body: { token: 't' } }),
      (token) => token === 't',
    )
    await all(registry(target.url, { credentials: USER }).tags('a'))
    expect(asked().map(({ method }) => method)).toEqual(['GET', 'POST'])
    const form = asked()[1]?.form ?? []
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'password',
      ...USER,
      service: 'it, here',
      scope: 'repository:a:pull',
    })
  })

  it('of a former login goes with POST, and never as a password', async () => {
    const { target, asked } = await withTokens(
      () => ({ status: 200, body: { access_token: 't' } }),
      (token) => token === 't',
    )
    await all(registry(target.url, { credentials: { identityToken: 'canary-refresh-token' } }).tags('a'))
    expect(asked()).toMatchObject([{ method: 'POST', user: undefined }])
    expect(asked()[0]?.form.get('refresh_token')).toBe('canary-refresh-token')
    const basic = await server(() => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }))
    await refusal(
      all(registry(basic.url, { credentials: { identityToken: 'canary-refresh-token' } }).tags('a')),
    )
    expect(basic.received).toHaveLength(1)
  })

  it('that the server does not give is one error, with its words; a wrong password is tried once', async () => {
    const { target, asked } = await withTokens(
      () => ({ status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: `no: ${USER.password}` }] } }),
      () => false,
    )
    const redactor = createRedactor()
    const error = await refusal(all(registry(target.url, { credentials: USER, redactor }).tags('a')))
    expect(error).toMatchObject({ code: 'unauthorized', status: 401 })
    expect(error.message).toBe(
      'cannot log in to the registry: the registry wants other credentials (401, UNAUTHORIZED: no: ***)',
    )
    expect(asked()).toHaveLength(1)
  })

  it('is in nothing that is shown', async () => {
    const events: RequestEvent[] = []
    const { target } = await withTokens(
      () => ({ status: 200, body: { token: 'canary-token-of-the-server' } }),
      (token) => token !== '',
    )
    const redactor = createRedactor()
    const it = registry(target.url, { credentials: USER, redactor, onRequest: (event) => events.push(event) })
    await all(it.tags('a'))
    expect(JSON.stringify(events)).not.toMatch(/canary/)
    expect(events).toHaveLength(3)
    expect(redactor.redact('x canary-token-of-the-server')).toBe('x ***')
  })

  it('of anybody lets anybody in, says a ping', async () => {
    const { target } = await withTokens(
      () => ({ status: 200, body: { token: 't' } }),
      (token) => token === 't',
    )
    expect(await registry(target.url, { credentials: USER }).ping()).toMatchObject({
      status: 401,
      anonymous: true,
    })
    const closed = await withTokens(
      () => ({ status: 401 }),
      () => false,
    )
    expect(await registry(closed.target.url, { credentials: USER }).ping()).toMatchObject({
      anonymous: false,
    })
    expect(closed.asked()[0]?.user).toBeUndefined()
  })
})

describe.skipIf(!withDockerRegistry || !withOpenssl)('docker-registry with tokens', () => {
  it('lets USER push, mount and delete, and anybody pull', async () => {
    const identity = certificates().selfSigned
    const tokens = await server(signingTokens(identity))
    const folder = mkdtempSync(path.join(tmpdir(), 'nexus-docker-token-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const bundle = path.join(folder, 'root.pem')
    writeFileSync(bundle, identity.cert)
    const target = await startDockerRegistry({
      token: {
        realm: `http://localhost:${tokens.port}/token`,
        service: 'it',
        issuer: ISSUER,
        rootcertbundle: bundle,
      },
    })
    onTestFinished(() => target.close())
    const it = registry(target.url, { credentials: USER })
    const blob = blobOf(Buffer.from('content'))
    const manifest = manifestOf([blob])
    expect(await it.pushBlob('a/base', blob.descriptor, blob.source)).toBe('uploaded')
    expect(await it.pushBlob('a/app', blob.descriptor, blob.source, { mountFrom: 'a/base' })).toBe('mounted')
    await it.putManifest('a/app', '1', manifest.bytes, OCI_MANIFEST)
    const anybody = registry(target.url)
    expect(await anybody.ping()).toMatchObject({ status: 401, anonymous: true })
    expect((await anybody.manifest('a/app', '1')).digest).toBe(manifest.digest)
    const to = sink()
    await anybody.blob('a/app', blob.descriptor, to)
    expect(to.bytes().toString()).toBe('content')
    const denied = await refusal(anybody.putManifest('a/app', '2', manifest.bytes, OCI_MANIFEST))
    expect(denied).toMatchObject({ code: 'unauthorized', status: 401, errors: [{ code: 'UNAUTHORIZED' }] })
    const wrong = registry(target.url, { credentials: { ...USER, password: 'wrong-password' } })
    expect(await refusal(wrong.manifest('a/app', '1'))).toMatchObject({ code: 'unauthorized' })
    expect(await it.deleteManifest('a/app', manifest.digest)).toBe(true)
  })
})

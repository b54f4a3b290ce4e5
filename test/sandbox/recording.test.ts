import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { call, remoteCall, sandboxFor } from './client.ts'

const directory = mkdtempSync(join(tmpdir(), 'sandbox-recording-'))
const canary = 'c4n"ary,pässword'

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the trace of --record', () => {
  it.each(['12345678', '1234e567', '"quoted-word"', '{"a":"in-an-object"}'])(
    'does not have the new password %s, which looks like JSON',
    async (password) => {
      const file = join(directory, `${Buffer.from(password).toString('hex')}.jsonl`)
      const sandbox = await sandboxFor({ recordFile: file, state: 'fresh' })
      await call(sandbox, 'PUT', '/v1/security/users/admin/change-password', {
        body: password,
        headers: { 'content-type': 'text/plain' },
      })
      await expect.poll(() => readFileSync(file, 'utf8')).toContain('change-password')
      for (const word of password.match(/[\w-]{5,}/g) ?? [])
        expect(readFileSync(file, 'utf8')).not.toContain(word)
    },
  )

  it('does not have the token of a registry', async () => {
    const file = join(directory, 'token.jsonl')
    const sandbox = await sandboxFor({ recordFile: file })
    const settings = {
      name: 'images',
      online: true,
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' },
      docker: { v1Enabled: false, forceBasicAuth: false },
    }
    await call(sandbox, 'POST', '/v1/repositories/docker/hosted', { body: settings })
    const { text } = await call(sandbox, 'GET', '//repository/images/v2/token')
    const [, token = ''] = /"(DockerToken\.[^"]+)"/.exec(text) ?? []
    expect(token).not.toBe('')
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('/v2/token')
    expect(readFileSync(file, 'utf8')).not.toContain(token)
  })

  it('has one line per request and never a secret', async () => {
    const file = join(directory, 'trace.jsonl')
    const sandbox = await sandboxFor({ recordFile: file, state: 'fresh' })
    const proxy = {
      httpEnabled: true,
      httpHost: 'p',
      httpPort: 1,
      httpAuthUsername: 'u',
      httpAuthPassword: canary,
    }
    await remoteCall(sandbox, 'coreui_HttpSettings', 'update', [proxy])
    // answers that quote the request, as they are and with their punctuation masked
    await remoteCall(sandbox, 'coreui_HttpSettings', 'update', [{ ...proxy, httpPort: 'abc' }])
    await call(sandbox, 'PUT', '/v1/security/anonymous', { body: { enabled: canary, password: canary } })
    await call(sandbox, 'PUT', '/v1/security/anonymous', { body: `{"password":"${canary}` })
    await call(sandbox, 'PUT', '/v1/security/users/admin/change-password', {
      body: canary,
      headers: { 'content-type': 'text/plain' },
    })
    await expect.poll(() => readFileSync(file, 'utf8').split('\n').length).toBe(6)
    const trace = readFileSync(file, 'utf8')
    const lines = trace
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 200],
      ['POST', 200],
      ['PUT', 400],
      ['PUT', 400],
      ['PUT', 204],
    ])
    expect(lines[0]).toMatchObject({
      path: '/service/extdirect',
      user: 'admin',
      request: { data: [{ httpHost: 'p', httpAuthPassword: '********' }] },
    })
    for (const form of [
      sandbox.password,
      'ary,p',
      'ary*p',
      'ssword,',
      Buffer.from(canary).toString('base64'),
    ]) {
      expect(trace).not.toContain(form)
    }
    expect(trace.toLowerCase()).not.toContain('authorization')
  })
})

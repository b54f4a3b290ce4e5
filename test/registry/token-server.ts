import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import type { Received, Reply } from '../http/scripted-server.ts'
import { USER } from './helpers.ts'

export const ISSUER = 'test-issuer'

/** What a token server was asked for. */
export interface Asked {
  method: string
  user: string | undefined
  password: string | undefined
  service: string | null
  scopes: string[]
  form: URLSearchParams
}

/** Reads a request as distribution's token specification has it, in both forms. */
export function readTokenRequest({ method, path, headers, body }: Received): Asked {
  const form = method === 'POST' ? new URLSearchParams(body) : new URL(path, 'http://x').searchParams
  const [, basic = ''] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? []
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? []
  return {
    method,
    user: user ?? form.get('username') ?? undefined,
    password: password ?? form.get('password') ?? undefined,
    service: form.get('service'),
    scopes: form.getAll('scope').flatMap((scope) => scope.split(' ')),
    form,
  }
}

/**
 * A token server as distribution's specification has it (spec/auth/jwt.md): tokens that docker-registry takes, signed with a key whose
 * certificate it knows. Nobody in particular may pull; USER may do everything; all others are refused.
 */
export function signingTokens({ key, cert }: { key: string; cert: string }): (request: Received) => Reply {
  const der = new X509Certificate(cert).raw.toString('base64')
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return (request) => {
    const { user, password, service, scopes } = readTokenRequest(request)
    if (user !== undefined && (user !== USER.username || password !== USER.password))
      return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: 'wrong password' }] } }
    const now = Math.floor(Date.now() / 1000)
    const access = scopes
      .filter((scope) => scope !== '')
      .map((scope) => {
        const [type, name, actions = ''] = scope.split(':')
        const all = actions.split(',')
        return { type, name, actions: user === undefined ? all.filter((action) => action === 'pull') : all }
      })
    const claims = {
      iss: ISSUER,
      sub: user ?? '',
      aud: service,
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access,
    }
    const signed = `${part({ typ: 'JWT', alg: 'ES256', x5c: [der] })}.${part(claims)}`
    const signature = sign('sha256', Buffer.from(signed), {
      key: createPrivateKey(key),
      dsaEncoding: 'ieee-p1363',
    })
    return { status: 200, body: { token: `${signed}.${signature.toString('base64url')}`, expires_in: 300 } }
  }
}

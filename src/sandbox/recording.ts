// The trace that `--record FILE` writes: one JSON line per request, without credentials.
import { appendFileSync, writeFileSync } from 'node:fs'
import type { SeenRequest } from './kernel/server.ts'
import type { Reply } from './kernel/types.ts'

const secretName = /pass(word|phrase)|secret|token|credential|privatekey/i
const mask = '********'

function maskValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return secretName.test(name) && value !== '' ? mask : value
  if (Array.isArray(value)) return value.map((entry) => maskValue(entry, name))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, maskValue(entry, key)]))
}

/** Masks every password-like value of a JSON body; text bodies of password and session paths are masked as a whole. */
export function maskBody(path: string, body: string): unknown {
  if (body === '') return undefined
  if (/change-(admin-)?password|\/session/.test(path)) return mask
  try {
    return maskValue(JSON.parse(body))
  } catch {
    return body.length > 200 ? `${body.slice(0, 200)}…` : body
  }
}

/** Starts a trace in the file (emptied first) and returns what adds one request to it. */
export function createRecording(file: string): (request: SeenRequest, reply: Reply) => void {
  writeFileSync(file, '', { mode: 0o600 })
  return (request, reply) => {
    const answer = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null)
    const line = {
      number: request.number,
      method: request.method,
      path: request.path,
      user: request.user,
      request: maskBody(request.path, request.body),
      status: reply.status,
      response: reply.body === undefined ? undefined : maskBody('', answer),
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
  }
}

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { NEXUS, type Reply } from '../http/scripted-server.ts'
import { client, failure, PASSWORD, server } from './helpers.ts'

const PAIR = Buffer.from(`admin:${PASSWORD}`).toString('base64')
const CANARIES = [
  PASSWORD,
  'canary',
  PAIR,
  encodeURIComponent(PASSWORD),
  JSON.stringify(PASSWORD).slice(1, -1),
  Buffer.from(PASSWORD).toString('base64'),
]

/** Servers that quote what they were sent, and every way to fail. */
const REPLIES: Record<string, Reply> = {
  'a validation list': {
    status: 400,
    headers: NEXUS,
    body: [{ id: 'PARAMETER password', message: `bad: ${PASSWORD}` }],
  },
  'a message': {
    status: 400,
    headers: NEXUS,
    body: { id: '*', message: `"${encodeURIComponent(PASSWORD)}"` },
  },
  'a fault': {
    status: 500,
    headers: { ...NEXUS, 'content-type': 'text/plain' },
    body: `ERROR: (ID 1-1) x ${PASSWORD}`,
  },
  'an error that is too long, cut inside it': {
    status: 500,
    headers: { ...NEXUS, 'content-type': 'text/plain' },
    body: `${' '.repeat(64 * 1024 - PASSWORD.length + 1)}${PASSWORD}`,
  },
  'a page': { status: 500, headers: { 'content-type': 'text/html' }, body: `<title>Basic ${PAIR}</title>` },
  'a page with 200': {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: `<title>${PASSWORD}</title>`,
  },
  '401': { status: 401, headers: NEXUS, body: PAIR },
  '403': { status: 403, headers: NEXUS, body: { id: '*', message: PASSWORD } },
  '404': { status: 404, headers: NEXUS, body: { id: '*', message: PASSWORD } },
  '409': { status: 409, headers: NEXUS, body: PASSWORD },
  '503': { status: 503, headers: NEXUS, body: PASSWORD },
  'damaged JSON': {
    status: 200,
    headers: { ...NEXUS, 'content-type': 'application/json' },
    body: `{"${PASSWORD}`,
  },
  'a redirect': {
    status: 302,
    headers: {
      location: `http://admin:${encodeURIComponent(PASSWORD)}@other.invalid/x?p=${encodeURIComponent(PASSWORD)}`,
    },
  },
  garbage: { raw: `${PAIR}\r\n\r\n` },
  reset: 'reset',
  silence: 'hang',
}

describe('no error shows the password', () => {
  for (const [name, reply] of Object.entries(REPLIES)) {
    for (const method of ['GET', 'POST'] as const) {
      it(`${method}: ${name}`, async () => {
        const target = await server(() => reply)
        const { nexus } = client(target.url, { timeoutMs: 200, retries: 1 })
        const error = await failure(
          nexus.request({
            method,
            path: '/service/rest/v1/x',
            ...(method === 'POST' && { json: { password: PASSWORD } }),
          }),
        )
        const shown =
          inspect(error, { depth: 20, showHidden: true }) +
          JSON.stringify(error) +
          error.message +
          String(error.hint)
        for (const canary of CANARIES) expect(shown).not.toContain(canary)
      })
    }
  }
})

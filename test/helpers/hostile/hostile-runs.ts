import fc from 'fast-check'
import { expect } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { createRedactor } from '../../../src/core/secrets/redact.ts'
import { createNexus, type NexusRequest } from '../../../src/nexus/client.ts'
import { rawServer } from '../../http/raw-server.ts'
import { type HostileAnswer, hostileAnswers, sendHostile } from './hostile-answers.ts'

const TIMEOUT_MS = 60
const LONGEST_MS = 5000

const requests: readonly NexusRequest[] = [
  { method: 'GET', path: '/service/rest/v1/repositories', what: 'list' },
  { method: 'GET', path: '/service/rest/v1/status', anonymous: true },
  { method: 'POST', path: '/service/extdirect', json: { a: 1 }, readOnly: true },
  { method: 'PUT', path: '/service/rest/v1/x', json: { a: 1 } },
  { method: 'POST', path: '/service/rest/v1/x', json: { a: 1 } },
  { method: 'DELETE', path: '/service/rest/v1/x' },
]

/**
 * Sends requests to a server that answers so many times with whatever comes to mind: each ends in time, with an answer or with a
 * UserError that is a sentence.
 */
export async function meetHostileAnswers(count: number, seed?: number): Promise<void> {
  let next: HostileAnswer = { pieces: [], end: 'close' }
  const target = await rawServer((socket) => sendHostile(socket, next))
  const one = async (answer: HostileAnswer, request: NexusRequest): Promise<void> => {
    next = answer
    const nexus = createNexus({
      url: target.url,
      username: 'admin',
      password: 'some-password',
      timeoutMs: TIMEOUT_MS,
      maxAnswerBytes: 64 * 1024,
      retries: 1,
      redactor: createRedactor(),
      delay: () => Promise.resolve(),
    })
    const start = performance.now()
    try {
      await nexus.request(request)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      expect(error.message).toMatch(/^(cannot list|[A-Z]+ \/\S+ failed): ./)
      expect(error.message.length).toBeLessThan(20_000)
      expect([1, 4]).toContain(error.exitCode)
    } finally {
      nexus.close()
    }
    expect(performance.now() - start).toBeLessThan(LONGEST_MS)
  }
  await fc.assert(fc.asyncProperty(hostileAnswers, fc.constantFrom(...requests), one), {
    numRuns: count,
    ...(seed !== undefined && { seed }),
  })
}

// Every new server, killed at each single request by a real signal, and set up by two runs at once.
import { describe, expect, test } from 'vitest'
import { inParallel, reportOf } from '../helpers/landscape.ts'
import { bootstrapFile, newServer, newServers, outcomeOf, wanting } from '../helpers/new-server.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'

describe.each(Object.entries(newServers))('%s', (_, options) => {
  test.each(['beforeRequest', 'afterResponse'] as const)(
    'killed at each request (%s), run again: the same server',
    async (hook) => {
      const { outcome, requests } = await undisturbed(options)
      expect(requests).toBeGreaterThan(15)
      const numbers = Array.from({ length: requests }, (_value, index) => index + 1)
      const wrong = await inParallel(numbers, async (number) => ({
        number,
        ...(await killedAt(number, hook, options)),
      }))
      const right = { first: 'SIGKILL', second: 0, outcome, locked: 0 }
      expect(wrong).toMatchObject(numbers.map((number) => ({ number, ...right })))
      expect(wrong.filter(({ refused }) => refused > 3)).toEqual([])
    },
  )

  test('two at once: both end well, the server is as after one', async () => {
    const { outcome } = await undisturbed(options)
    for (let round = 1; round <= 5; round += 1) {
      const { sandbox, passwordFile, failed } = await newServer(options)
      const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
      const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
      const results = await Promise.all([run(), run()])
      for (const result of results) {
        const inBetween = sandbox.initialPasswordFile === undefined && result.code === 4
        // Nothing tells such a run that the other one came between its two sign-ins: it says so, and the next one goes on.
        const last = inBetween && result.stdout.includes('run the command again') ? await run() : result
        expect({ round, ...last }).toMatchObject({ round, code: 0 })
        expect(reportOf(last).failed).toEqual([])
      }
      expect(results.some(({ code }) => code === 0)).toBe(true)
      expect(outcomeOf(sandbox)).toEqual(outcome)
      expect(failed().locked).toBe(0)
    }
  })
})

async function undisturbed(options: object): Promise<{ outcome: unknown; requests: number }> {
  const { sandbox, passwordFile } = await newServer(options)
  const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
  const { code, stderr } = await runCli(['apply', '--yes', '-f', file], { env: wanting(sandbox) })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return { outcome: outcomeOf(sandbox), requests: sandbox.requests.length }
}

async function killedAt(number: number, hook: 'beforeRequest' | 'afterResponse', options: object) {
  let kill: ((signal: NodeJS.Signals) => void) | undefined
  const strike = (request: { number: number }) => {
    if (request.number !== number) return
    kill?.('SIGKILL')
    // Thrown before the server looks at the request: the connection is dropped, nothing is executed.
    if (hook === 'beforeRequest') throw new Error('killed')
  }
  const { sandbox, passwordFile, failed } = await newServer({ ...options, hooks: { [hook]: strike } })
  const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
  const env = wanting(sandbox)
  const first = await runCli(['apply', '--yes', '-f', file], { env, onStart: (signal) => (kill = signal) })
  const second = await runCli(['apply', '--yes', '-f', file], { env })
  const { refused, locked } = failed()
  const why = second.code === 0 ? {} : { stderr: second.stderr }
  return { first: first.signal, second: second.code, ...why, outcome: outcomeOf(sandbox), refused, locked }
}

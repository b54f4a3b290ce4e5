// What anything between here and a server may answer with 200: to every read of a run, in this process, through a front.
import { expect } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { createRedactor } from '../../../src/core/secrets/redact.ts'
import { intents } from '../../../src/intents/index.ts'
import { createNexus } from '../../../src/nexus/client.ts'
import { checkAgainstServer } from '../../../src/plan/server-rules.ts'
import { kinds } from '../../../src/resources/index.ts'
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/index.ts'
import { type Front, type FrontAnswer, type FrontRequest, frontOf } from '../front.ts'
import { applyOn, configOf, nexusOf, planOn } from '../in-process.ts'
import { snapshotOf } from '../landscape.ts'
import { WANTED } from '../new-server.ts'
import { sandboxFor } from '../sandbox.ts'

const loginPage = '<!DOCTYPE html><html><title>Sign in</title><form><input name="user"></form></html>'

type Shape = (right: unknown) => { body: string; type?: string | undefined }

const json = (value: unknown) => ({ body: JSON.stringify(value), type: 'application/json' })

/** By name; each may start from the right answer. */
export const shapes: Record<string, Shape> = {
  'an empty body': () => ({ body: '', type: 'application/json' }),
  'an empty object': () => json({}),
  'an empty list': () => json([]),
  null: () => json(null),
  true: () => json(true),
  'a text': () => json('ok'),
  'a number': () => json(17),
  'a list of empty objects': () => json([{}]),
  'a list of nulls': () => json([null]),
  'null fields': (right) => json(withFields(right, () => null)),
  'fields of other types': (right) => json(withFields(right, otherType)),
  'leaves of other types': (right) => json(withLeaves(right)),
  'the right answer in a list': (right) => json([right]),
  'a login page': () => ({ body: loginPage, type: 'text/html' }),
  'a login page as text': () => ({ body: loginPage, type: 'text/plain' }),
  'a login page as JSON': () => ({ body: loginPage, type: 'application/json' }),
  'a login page of no type': () => ({ body: loginPage }),
}

function withFields(value: unknown, change: (field: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withFields(item, change))
  if (typeof value !== 'object' || value === null) return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, change(field)]))
}

function otherType(value: unknown): unknown {
  if (typeof value === 'string') return 17
  return Array.isArray(value) ? {} : 'x'
}

function withLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLeaves)
  if (typeof value !== 'object' || value === null) return otherType(value)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withLeaves(field)]))
}

export interface Scenario {
  server: SandboxOptions
  /** Applied first, on the server alone. */
  before?: object
  document: object
  /** The answer to this request is lost on its way, once: method and end of the path. */
  lost?: [method: string, path: string]
}

interface Seen {
  name: string
  occurrence: number
}

type Rule = (request: FrontRequest, occurrence: number) => FrontAnswer | undefined

/** A server, what is in front of it, and runs that begin with the same state each. */
export interface Stage {
  /** Every read of an undisturbed run, in order. */
  reads: Seen[]
  /** Runs with the shape in place of every answer to that read from this occurrence on, and checks what has come of it. */
  check: (read: Seen, shape: string) => Promise<void>
}

export async function stageOf({ server, before, document, lost }: Scenario): Promise<Stage> {
  let toLose = 0
  const sandbox = await sandboxFor({
    ...server,
    hooks: {
      afterResponse({ method, path }) {
        if (method === lost?.[0] && path.endsWith(lost[1]) && toLose-- > 0) throw new Error('lost on its way')
      },
    },
  })
  if (before) await prepare(sandbox, before)
  const initial = structuredClone(sandbox.state)
  const config = await configOf(document)
  const right = new Map<string, unknown>()
  const counts = new Map<string, number>()
  let rule: Rule = () => undefined
  const front = await frontOf(sandbox, {
    instead(request) {
      if (!isRead(request)) return undefined
      const occurrence = (counts.get(nameOf(request)) ?? 0) + 1
      counts.set(nameOf(request), occurrence)
      return rule(request, occurrence)
    },
    reword(request, answer) {
      if (isRead(request) && !right.has(nameOf(request))) right.set(nameOf(request), answer)
      return answer
    },
  })

  async function run(): Promise<string[]> {
    toLose = 1
    counts.clear()
    delete sandbox.state.initialPasswordFile
    Object.assign(sandbox.state, structuredClone(initial))
    return errorsOf(front, sandbox, config)
  }

  expect(await run()).toEqual([])
  const reads = front.seen.filter(isRead).map((request, index, all) => ({
    name: nameOf(request),
    occurrence: all.slice(0, index + 1).filter((other) => nameOf(other) === nameOf(request)).length,
  }))
  const wanted = everything(sandbox)
  const asBefore = everything({ ...sandbox, state: initial })

  return {
    reads,
    async check(read, shape) {
      if (isBelievable(read, shape)) return
      const { body, type } = shapes[shape]?.(right.get(read.name)) ?? { body: '' }
      const { version, edition } = sandbox
      const headers = {
        server: `Nexus/${version}-01 (${edition.toUpperCase()})`,
        ...(type !== undefined && { 'content-type': type }),
      }
      rule = (request, occurrence) =>
        nameOf(request) === read.name && occurrence >= read.occurrence
          ? { status: 200, body, headers }
          : undefined
      const errors = await run()
      const now = everything(sandbox)
      const where = { read, shape, errors }
      if (errors.length === 0) expect({ ...where, now }).toEqual({ ...where, now: wanted })
      // Nothing has become what neither was there before nor is wanted.
      for (const [object, state] of Object.entries(now)) {
        const fine = [asBefore[object], wanted[object]].some((known) => sameState(known, state))
        expect({ ...where, object, fine, state }).toEqual({ ...where, object, fine: true, state })
      }
      expect({
        ...where,
        locksOut: initial.realms.filter((realm) => !sandbox.state.realms.includes(realm)),
      }).toEqual({
        ...where,
        locksOut: [],
      })
    },
  }
}

/** Nothing set at all is what a server answers there that nobody has set up. */
function isBelievable({ name }: Seen, shape: string): boolean {
  return name.endsWith('/v1/http') && shape === 'null fields'
}

async function prepare(sandbox: Sandbox, before: object): Promise<void> {
  const nexus = nexusOf(sandbox)
  const config = await configOf(before)
  const { plan } = await planOn(nexus, config)
  expect((await applyOn(nexus, plan, config)).failed).toEqual([])
  nexus.close()
}

/** What the run says, one sentence each; nothing where everything was done. Throws what is no error for users. */
async function errorsOf(
  front: Front,
  sandbox: Sandbox,
  config: Awaited<ReturnType<typeof configOf>>,
): Promise<string[]> {
  const first = sandbox.state.initialPasswordFile === undefined ? undefined : sandbox.password
  const there = () => sandbox.state.initialPasswordFile !== undefined
  const nexus = createNexus({
    url: front.url,
    username: front.username,
    password: first === undefined ? front.password : WANTED,
    redactor: createRedactor(),
    delay: () => Promise.resolve(),
    initialPassword: {
      from: 'the test',
      note: undefined,
      evident: () => Promise.resolve(there() ? first : undefined),
      find: () => Promise.resolve(there() ? first : undefined),
      gone: () => !there(),
    },
  })
  try {
    const { state, plan } = await planOn(nexus, config)
    const problems = checkAgainstServer(config, { kinds, intents, state }, plan).filter(
      ({ severity }) => severity === 'error',
    )
    if (problems.length > 0) return problems.map(({ message }) => sentence(message))
    const { failed } = await applyOn(nexus, plan, config, WANTED)
    expect(failed.map(({ error }) => error.code)).not.toContain('bug')
    return failed.map(({ error }) => sentence(error.message))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.exitCode).toBeGreaterThan(0)
    return [sentence(error.message)]
  } finally {
    nexus.close()
  }
}

function sentence(message: string): string {
  expect(message).not.toMatch(/\n|\[object|undefined|<html| {4}at /)
  return message
}

function everything(sandbox: Sandbox): Record<string, unknown> {
  const { users, eulaAccepted, routingRules } = sandbox.state
  return {
    ...snapshotOf(sandbox),
    ...Object.fromEntries(routingRules.map((rule) => [`routingRule ${rule.name}`, structuredClone(rule)])),
    users: structuredClone(users),
    eulaAccepted,
  }
}

function sameState(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isRead({ method, body }: FrontRequest): boolean {
  return method === 'GET' || body.includes('"method":"read"')
}

function nameOf({ method, path }: FrontRequest): string {
  return `${method} ${path}`
}

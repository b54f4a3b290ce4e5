// Every client, every action, every way to a repository.

import type { Client, Session } from '../programs/clients/client.ts'
import { clients } from '../programs/clients/index.ts'
import { fronts } from '../programs/fronts.ts'
import { find, openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'
import { type Action, actions, Unavailable } from './actions.ts'
import { type Expectation, expectationOf } from './expected.ts'
import { frontTarget, routings, type Through } from './front.ts'
import { type Mode, modes, type Program, registryTarget, sandboxTarget, type Target } from './target.ts'

export interface Cell {
  client: string
  action: string
  mode: Mode
  /** `wrong`: not what is expected; `none`: the client or the target cannot do it. */
  status: 'works' | 'refused' | 'wrong' | 'none'
  milliseconds: number
  expected?: Expectation
  /** Of a cell that is wrong or not there: what was seen. */
  reason?: string
  /** Of a refusal that is as it has to be: what the client says. */
  said?: string
}

export interface Matrix {
  target: string
  cells: Cell[]
  /** Clients that could not be run, and why; missed: they have to be there. */
  skipped: { client: string; reason: string; missed: boolean }[]
}

export interface MatrixOptions {
  target: 'sandbox' | 'docker-registry' | Through
  /** Names of clients and of actions; default: all. */
  only?: { clients?: readonly string[]; actions?: readonly string[] }
  program: Program
  /** The Nexus that the sandbox behaves as; default: its own. */
  nexusVersion?: string | undefined
  onCell?: (cell: Cell) => void
}

export const clientNames = clients.map(({ name }) => name)
export const columns = actions.map(({ id, title }) => ({ id, title }))
export { modes, routings }
export const frontNames = Object.keys(fronts)

export interface Prepared {
  workshop: Workshop
  target: Target
}

/** Starts what is to be asked, and ends it afterwards. */
export async function withTarget<T>(
  { target: kind, program, nexusVersion }: Pick<MatrixOptions, 'target' | 'program' | 'nexusVersion'>,
  use: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const minor = Number(nexusVersion?.split('.')[1])
  if (minor >= 77 && minor <= 80)
    throw new Error(
      '3.77 to 3.80 name a token realm that no client can use without a proxy in front (issue 565)',
    )
  const workshop = openWorkshop()
  try {
    const target = await (typeof kind === 'object'
      ? frontTarget(workshop, program, kind)
      : kind === 'sandbox'
        ? sandboxTarget(workshop, program, nexusVersion)
        : registryTarget(workshop))
    return await use({ workshop, target })
  } finally {
    await workshop.close()
  }
}

/** Runs the matrix; two clients at a time, because most cells wait for a program to start. */
export const runMatrix = (options: MatrixOptions): Promise<Matrix> =>
  withTarget(options, async (prepared) => {
    const { only = {}, onCell } = options
    const matrix: Matrix = { target: prepared.target.name, cells: [], skipped: [] }
    const queue = clients.filter(({ name }) => only.clients?.includes(name) ?? true)
    const todo = actions.filter(({ id }) => only.actions?.includes(id) ?? true)
    const worker = async () => {
      for (let client = queue.shift(); client !== undefined; client = queue.shift()) {
        const absent = client.programs.filter((name) => find(name) === undefined)
        if (absent.length > 0) {
          const missed = reasonToSkip(...client.programs) === undefined
          matrix.skipped.push({ client: client.name, reason: `not installed: ${absent.join(', ')}`, missed })
          continue
        }
        await runClient(client, todo, prepared, (cell) => {
          matrix.cells.push(cell)
          onCell?.(cell)
        })
      }
    }
    await Promise.all([worker(), worker()])
    return matrix
  })

async function runClient(
  client: Client,
  todo: readonly Action[],
  { workshop, target }: Prepared,
  onCell: (cell: Cell) => void,
): Promise<void> {
  const session = await client.start(workshop)
  for (const mode of target.modes)
    for (const action of todo) onCell(await runCell({ client, action, mode, session, workshop, target }))
}

interface CellInput extends Prepared {
  client: Client
  action: Action
  mode: Mode
  session: Session
}

async function runCell({ client, action, mode, ...bench }: CellInput): Promise<Cell> {
  const names = { client: client.name, action: action.id, mode }
  const expected = expectationOf(client.name, action.id)
  const start = performance.now()
  const since = () => Math.round(performance.now() - start)
  try {
    const { outcome, contradiction } = await action.run({
      ...bench,
      mode,
      key: `${bench.target.namespace ?? ''}${client.name}/${action.id}-${mode}`,
    })
    const reason = contradiction ?? unlike(outcome, expected)
    const status = reason !== undefined ? 'wrong' : outcome.ok ? 'works' : 'refused'
    return {
      ...names,
      status,
      milliseconds: since(),
      expected,
      ...(status === 'refused' && { said: outcome.text.trim() }),
      ...(reason !== undefined && { reason: `${reason}\n$ ${outcome.command}\n${outcome.text.trim()}` }),
    }
  } catch (error) {
    const { message } = error as Error
    const status = error instanceof Unavailable ? 'none' : 'wrong'
    return { ...names, status, milliseconds: since(), expected, reason: message }
  }
}

function unlike(
  { ok, text }: { ok: boolean; text: string },
  { works, says }: Expectation,
): string | undefined {
  if (ok !== works) return ok ? 'it works, and has to be refused' : 'it is refused, and has to work'
  return says === undefined || says.test(text) ? undefined : `the client does not show ${says.source}`
}

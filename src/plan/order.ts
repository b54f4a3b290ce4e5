import { phases } from '../resources/contract/kind.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { ServerState } from '../state/state.ts'
import { type Claim, claimsOf } from './ports.ts'
import { references } from './references.ts'
import type { Change, Step } from './types.ts'

/**
 * Puts changes into an order: what an object refers to comes before it, and a port is given up before somebody else takes it.
 * Where ports go round in a circle (two repositories that swap), one of them releases its port in a step of its own.
 */
export function orderSteps(
  changes: readonly Change[],
  { kinds, state }: { kinds: KindTable; state: ServerState },
): Step[] {
  const neededBy = references(changes, { kinds, state })
  const byPhase = phases.map((phase) => changes.filter((change) => phaseOf(change, kinds) === phase))
  const nodes = new Map<Change, Node>()
  for (const [index, change] of changes.entries()) {
    if (change.action === 'refused') continue
    const phase = phases.indexOf(phaseOf(change, kinds))
    const earlier = byPhase.slice(0, phase).flat()
    const needs = [...earlier, ...neededBy(change)]
    nodes.set(change, { index, change, earlier, needs, release: undefined, done: undefined })
  }
  const claims = claimsOf(changes, kinds).filter(({ taker, holder }) => nodes.has(taker) && nodes.has(holder))
  return stepsOf(nodes, claims)
}

/** Wave after wave of what can start, until nothing is left. */
function stepsOf(nodes: Nodes, claims: readonly Claim[]): Step[] {
  const steps: Step[] = []
  const add = (step: Step) => steps.push(step) - 1
  let waiting = [...nodes.values()]
  while (waiting.length > 0) {
    const ready = waiting.filter((node) => isReady(node, nodes, claims))
    if (ready.length === 0) {
      releaseOne(waiting, { nodes, claims, add })
      continue
    }
    // Built before any is marked done: one wave never depends on itself.
    const wave = ready.map((node) => ({ node, step: toStep(node, nodes, claims) }))
    for (const { node, step } of wave) node.done = add(step)
    waiting = waiting.filter((node) => node.done === undefined)
  }
  return steps
}

interface Node {
  /** Of the change in the plan. */
  index: number
  change: Change
  /** Changes of the phases before. */
  earlier: readonly Change[]
  needs: readonly Change[]
  /** Indices of its steps, once they have their place. */
  release: number | undefined
  done: number | undefined
}

type Nodes = ReadonlyMap<Change, Node>

function phaseOf({ kind }: Change, kinds: KindTable) {
  return kinds.named(kind).phase ?? 'objects'
}

function isReady(node: Node, nodes: Nodes, claims: readonly Claim[]): boolean {
  const referencesDone = node.needs.every(
    (needed) => nodes.get(needed)?.done !== undefined || !nodes.has(needed),
  )
  return referencesDone && holdersOf(node, nodes, claims).every((holder) => isFree(holder))
}

/** Whether the ports that others want of it are given up. */
function isFree({ done, release }: Node): boolean {
  return done !== undefined || release !== undefined
}

function holdersOf(node: Node, nodes: Nodes, claims: readonly Claim[]): Node[] {
  return claims
    .filter((claim) => claim.taker === node.change)
    .flatMap((claim) => nodes.get(claim.holder) ?? [])
}

interface Ordering {
  nodes: Nodes
  claims: readonly Claim[]
  /** Puts a step behind all others; returns its index. */
  add: (step: Step) => number
}

/**
 * Nothing can start: of the changes that wait for each other in a circle, one gives up all ports that others want of it. A circle without a
 * port is one of groups that contain each other, which the rules refuse; the plan has an order all the same.
 */
function releaseOne(waiting: readonly Node[], { nodes, claims, add }: Ordering): void {
  const circle = circleOf(waiting, nodes, claims)
  const holder = circle.find(({ forPort }) => forPort)?.node
  if (!holder) {
    for (const { node } of circle) node.needs = node.earlier
    return
  }
  const fields = claims.filter((claim) => claim.holder === holder.change).map((claim) => claim.holderField)
  const dependsOn = holder.earlier.flatMap((needed) => nodes.get(needed)?.done ?? [])
  holder.release = add({ change: holder.index, release: [...new Set(fields)], dependsOn })
}

interface Wait {
  /** Who is waited for. */
  node: Node
  forPort: boolean
}

/** Follows from one waiting change to what it waits for until somebody comes up again: the waits between are a circle. */
function circleOf(waiting: readonly Node[], nodes: Nodes, claims: readonly Claim[]): Wait[] {
  const path: Wait[] = []
  let node = waiting[0]
  while (node) {
    const start = path.findIndex((wait) => wait.node === node)
    if (start !== -1 && start < path.length - 1) return path.slice(start + 1)
    const next = waitOf(node, nodes, claims)
    if (next) path.push(next)
    node = next?.node
  }
  return []
}

function waitOf(node: Node, nodes: Nodes, claims: readonly Claim[]): Wait | undefined {
  const holder = holdersOf(node, nodes, claims).find((other) => !isFree(other))
  if (holder) return { node: holder, forPort: true }
  const needed = node.needs
    .map((change) => nodes.get(change))
    .find((other) => other && other.done === undefined)
  return needed && { node: needed, forPort: false }
}

function toStep(node: Node, nodes: Nodes, claims: readonly Claim[]): Step {
  const references = node.needs.flatMap((needed) => nodes.get(needed)?.done ?? [])
  const ports = holdersOf(node, nodes, claims).flatMap(({ release, done }) => release ?? done ?? [])
  const own = node.release ?? []
  return { change: node.index, release: [], dependsOn: [...references, ...ports].concat(own) }
}

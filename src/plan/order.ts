import { kinds } from '../resources/index.ts'
import type { ServerState } from '../state/state.ts'
import { type PortClaim, portClaims } from './ports.ts'
import type { Change, Step } from './types.ts'

/**
 * Sorts changes into waves: what an object refers to comes before it, and a port is given up before somebody else takes it.
 * Where ports go round in a circle (two repositories that swap), one of them releases its port in a step of its own.
 */
export function orderSteps(changes: readonly Change[], state: ServerState): Step[][] {
  const created = new Map(
    changes
      .filter(({ action }) => action === 'create')
      .map((change) => [nameOf(change.kind.namespace, change.id), change]),
  )
  const first = changes.filter(({ kind }) => kind.goesFirst).sort(inOrderOfKinds)
  const nodes = changes
    .filter((change) => !change.refused)
    .map(
      (change): Node => ({
        change,
        needs: [...firstBefore(change, first), ...referencesOf(change, created)],
        release: undefined,
        done: undefined,
      }),
    )
  const byChange = new Map(nodes.map((node) => [node.change, node]))
  const claims = portClaims(changes, state).filter(
    ({ taker, holder }) => byChange.has(taker) && holder && byChange.has(holder),
  )
  const waves: Step[][] = []
  let waiting = nodes
  while (waiting.length > 0) {
    const ready = waiting.filter((node) => isReady(node, byChange, claims))
    if (ready.length === 0) {
      waves.push([releaseOne(waiting, byChange, claims)])
      continue
    }
    // Built before any is marked done: one wave never depends on itself.
    const steps = ready.map((node) => ({ node, step: toStep(node, byChange, claims) }))
    for (const { node, step } of steps) node.done = step
    waves.push(steps.map(({ step }) => step))
    waiting = waiting.filter((node) => !node.done)
  }
  return waves
}

interface Node {
  change: Change
  needs: Change[]
  release: Step | undefined
  done: Step | undefined
}

type Nodes = Map<Change, Node>

/** Those that go first wait for each other in their own order, all others for all of them. */
function firstBefore(change: Change, first: readonly Change[]): Change[] {
  const position = first.indexOf(change)
  return position === -1 ? [...first] : first.slice(0, position)
}

function inOrderOfKinds(a: Change, b: Change): number {
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind)
}

/** Only what this plan creates has to come first; what exists already is there. */
function referencesOf(change: Change, created: ReadonlyMap<string, Change>): Change[] {
  return change.kind.references(change.values).flatMap(({ namespace, id }) => {
    const needed = created.get(nameOf(namespace, id))
    return needed && needed !== change ? [needed] : []
  })
}

function nameOf(namespace: string, id: string): string {
  return `${namespace} ${id}`
}

function isReady(node: Node, nodes: Nodes, claims: readonly PortClaim[]): boolean {
  const referencesDone = node.needs.every(
    (needed) => nodes.get(needed)?.done !== undefined || !nodes.has(needed),
  )
  return referencesDone && holdersOf(node, nodes, claims).every((holder) => holder.done ?? holder.release)
}

function holdersOf(node: Node, nodes: Nodes, claims: readonly PortClaim[]): Node[] {
  return claims
    .filter((claim) => claim.taker === node.change)
    .flatMap((claim) => (claim.holder ? (nodes.get(claim.holder) ?? []) : []))
}

/** Nothing can start: of the changes that wait for each other in a circle, one gives up all ports that others want of it. */
function releaseOne(waiting: readonly Node[], nodes: Nodes, claims: readonly PortClaim[]): Step {
  const holder = circleOf(waiting, nodes, claims).find(({ forPort }) => forPort)?.node
  if (!holder) throw new Error('changes depend on each other in a circle that no port closes')
  const fields = claims.filter((claim) => claim.holder === holder.change).map((claim) => claim.holderField)
  const dependsOn = holder.needs.flatMap((needed) => {
    const node = needed.kind.goesFirst ? nodes.get(needed) : undefined
    return node?.done ?? []
  })
  holder.release = { change: holder.change, release: [...new Set(fields)], dependsOn }
  return holder.release
}

interface Wait {
  /** Who is waited for. */
  node: Node
  forPort: boolean
}

/** Follows from one waiting change to what it waits for until somebody comes up again: the waits between are a circle. */
function circleOf(waiting: readonly Node[], nodes: Nodes, claims: readonly PortClaim[]): Wait[] {
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

function waitOf(node: Node, nodes: Nodes, claims: readonly PortClaim[]): Wait | undefined {
  const holder = holdersOf(node, nodes, claims).find((other) => !other.done && !other.release)
  if (holder) return { node: holder, forPort: true }
  const needed = node.needs.map((change) => nodes.get(change)).find((other) => other && !other.done)
  return needed && { node: needed, forPort: false }
}

function toStep(node: Node, nodes: Nodes, claims: readonly PortClaim[]): Step {
  const references = node.needs.flatMap((needed) => nodes.get(needed)?.done ?? [])
  const ports = holdersOf(node, nodes, claims).flatMap((holder) => holder.release ?? holder.done ?? [])
  const own = node.release ? [node.release] : []
  return { change: node.change, release: [], dependsOn: [...references, ...ports, ...own] }
}

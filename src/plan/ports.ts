import { actualValue } from '../resources/contract/fields.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { ServerState } from '../state/state.ts'
import type { Change } from './types.ts'

/** A port that a change wants and that another repository of the server has now. */
export interface PortClaim {
  port: number
  taker: Change
  takerField: string
  holderKind: string
  holderId: string
  holderLabel: string
  holderField: string
  /** The change that gives the port up; undefined when nobody does, which is a conflict. */
  holder: Change | undefined
}

/** Every claim of a plan. Ports that a repository moves between its own fields are not claims: one request does it. */
export function portClaims(
  changes: readonly Change[],
  { kinds, state }: { kinds: KindTable; state: ServerState },
): PortClaim[] {
  if (changes.length === 0) return []
  const held = heldPorts(kinds, state)
  return changes.flatMap((change) =>
    (kinds.named(change.kind).connectorPorts ?? []).flatMap((field): PortClaim[] => {
      const port = change.fields.find((entry) => entry.path === field)?.after
      const holder = typeof port === 'number' ? held.get(port) : undefined
      if (typeof port !== 'number' || !holder || holder.id.toLowerCase() === change.id.toLowerCase())
        return []
      return [
        {
          port,
          taker: change,
          takerField: field,
          holderKind: holder.kind,
          holderId: holder.id,
          holderLabel: holder.label,
          holderField: holder.field,
          holder: changes.find(
            (other) => other.kind === holder.kind && other.id === holder.id && givesUp(other, holder.field),
          ),
        },
      ]
    }),
  )
}

function givesUp(change: Change, field: string): boolean {
  return change.seen !== null && change.fields.some((entry) => entry.path === field)
}

interface HeldPort {
  kind: string
  id: string
  label: string
  field: string
}

function heldPorts(kinds: KindTable, state: ServerState): Map<number, HeldPort> {
  const held = new Map<number, HeldPort>()
  for (const kind of kinds.all) {
    for (const actual of state.actual.get(kind.kind) ?? []) {
      for (const name of kind.connectorPorts ?? []) {
        const field = kind.fields[name]
        const port = field && actualValue(field, actual.wire)
        if (typeof port === 'number')
          held.set(port, { kind: kind.kind, id: actual.id, label: kind.label, field: name })
      }
    }
  }
  return held
}

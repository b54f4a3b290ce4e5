import { expect, test } from 'vitest'
import { getPath, type JsonObject } from '../../src/core/json.ts'
import type { Nexus, NexusRequest } from '../../src/nexus/client.ts'
import { diffValues, layOver } from '../../src/plan/diff.ts'
import { actualValue, type Value, valuesOf } from '../../src/resources/contract/fields.ts'
import type { Kind, Write } from '../../src/resources/contract/kind.ts'

/** One value of one field of a kind, in the file and on both ways over the wire. */
export interface Row {
  /** The field's path in the file. */
  field: string
  /** As the file has it (and as the plan shows it, where `shown` is not given). */
  file: unknown
  shown?: Value
  /** Where the request has it, and what. */
  request: [path: string, value: unknown]
  /** What servers answer for it, at the same path, and how that reads. Left out for what no server answers. */
  answers?: [raw: unknown, read: Value | undefined][]
  /** What the file has to have beside this field, where the kind's own `base` is not enough. */
  beside?: Record<string, unknown>
}

interface Table {
  kind: Kind
  /** What the file has to have beside the field: `{remoteUrl: …}`. */
  base?: Record<string, unknown>
  rows: Row[]
  /** The request that an update sends; default: the JSON body itself. */
  bodyOf?: (json: unknown) => unknown
}

/** A client that answers everything with an empty 204 and keeps what it was asked. */
export function recordingNexus(): { nexus: Nexus; sent: NexusRequest[] } {
  const sent: NexusRequest[] = []
  const nexus: Nexus = {
    request(request) {
      sent.push(request)
      return Promise.resolve({ status: 204, body: undefined, headers: {} })
    },
    server: undefined,
    signIn: { username: 'admin', provisional: false, goOnWithWanted: () => Promise.resolve() },
    counts: { total: 0, writes: 0 },
    close: () => undefined,
  }
  return { nexus, sent }
}

/** What a kind is given to send. */
export function writing(id: string, body: JsonObject): Write {
  return { id, body, changed: [], secrets: {} }
}

function nested(path: string, value: unknown): Record<string, unknown> {
  const [head = '', ...rest] = path.split('.')
  return { [head]: rest.length === 0 ? value : nested(rest.join('.'), value) }
}

function merged(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const result = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const there = result[key]
    const both = typeof there === 'object' && there !== null && typeof value === 'object' && value !== null
    result[key] =
      both && !Array.isArray(value)
        ? merged(there as Record<string, unknown>, value as Record<string, unknown>)
        : value
  }
  return result
}

/** Tests a kind by its table; fails when a field of the kind has no row, or a row no field. */
export function testKind({ kind, base = {}, rows, bodyOf = (json) => json }: Table): void {
  test('every field has a row', () => {
    expect([...new Set(rows.map(({ field }) => field))].toSorted()).toEqual(
      Object.keys(kind.fields)
        .filter((path) => !kind.fields[path]?.options.intent)
        .toSorted(),
    )
  })

  test.each(rows)(
    '$field: $file',
    async ({ field: path, file, shown, request, answers = [], beside = {} }) => {
      const field = kind.fields[path]
      if (!field) throw new Error(`${kind.kind} has no field ${path}`)
      const { success, data, error } = kind.schema.safeParse(merged(merged(base, beside), nested(path, file)))
      expect({ success, error }).toMatchObject({ success: true })
      const values = valuesOf(kind.fields, data)
      const value = shown === undefined ? file : shown
      expect(values[path]).toEqual(value)

      // File → request body, of a creation and of an update.
      const body = layOver(kind, {}, values)
      const { nexus, sent } = recordingNexus()
      if (value !== null) await kind.create?.(nexus, writing('it', body))
      await kind.update(nexus, {
        ...writing('it', body),
        current: { id: 'it', wire: {}, raw: { via: 'rest', raw: {}, settings: {} } },
      })
      expect(sent).toHaveLength(value !== null && kind.create ? 2 : 1)
      for (const { json } of sent)
        expect(getPath({ body: bodyOf(json) }, `body.${request[0]}`)).toEqual(request[1])

      // The wire form of what was sent is what is wanted: nothing to do.
      const options = { because: {}, rotateSecrets: false }
      expect(diffValues(kind, values, { id: 'it', wire: body }, options)).toEqual([])

      // Answer → value.
      for (const [raw, read] of answers) {
        const wire = raw === undefined ? {} : (nested(field.wire, raw) as JsonObject)
        expect({ raw, read: actualValue(field, wire) }).toEqual({ raw, read })
      }
    },
  )
}

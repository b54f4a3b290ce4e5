import type * as z from 'zod'
import type { JsonObject } from '../../core/json.ts'
import type { Read } from '../../nexus/answer-shape.ts'
import type { Nexus } from '../../nexus/client.ts'
import { read, when } from '../../nexus/read.ts'

/** A collection of the REST API: it takes new objects at its path, and has each of them below by its name. */
interface Collection<Found> {
  path: string
  /** What sentences call one of its objects: `routing rule`. */
  label: string
  /** What the answer to a GET of one has to be: in words, and as the schema for the object of that name. */
  expected: string
  schema: (id: string) => z.ZodType<Found>
}

/** The requests that a kind sends about single objects of its collection. */
export function requestsTo<Found>({ path, label, expected, schema }: Collection<Found>) {
  const one = (id: string): Read<Found> => ({
    path: `${path}/${encodeURIComponent(id)}`,
    what: `read ${label} "${id}"`,
    expected,
    schema: schema(id),
  })
  return {
    one,
    /** Undefined for what is not there. */
    find: (nexus: Nexus, id: string) => read(nexus, one(id)).catch(when([404], () => undefined)),
    async create(nexus: Nexus, id: string, json: JsonObject) {
      await nexus.request({ method: 'POST', path, json, what: `create ${label} "${id}"` })
    },
    async update(nexus: Nexus, id: string, json: JsonObject) {
      await nexus.request({ method: 'PUT', path: one(id).path, json, what: `update ${label} "${id}"` })
    },
  }
}

import { isObject, type JsonObject, textOf } from '../../core/json.ts'
import type { Nexus } from '../../nexus/client.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from '../define.ts'

const settingsPath = '/service/rest/v1/repositorySettings'
const listPath = '/service/rest/v1/repositories'

type Type = 'hosted' | 'proxy' | 'group'
type Verbs = Pick<Kind, 'naming' | 'readFirst' | 'list' | 'occupants' | 'find' | 'create' | 'update'>

/** The REST verbs of docker repositories of one type (nexus-api 2.3). */
export function dockerRepositoryVerbs(type: Type): Verbs {
  const one = (id: string) => `${listPath}/docker/${type}/${encodeURIComponent(id)}`
  const label = (id: string) => `docker/${type} "${id}"`
  return {
    readFirst: true,
    naming: { noun: 'repository', missing: 'member-missing', section: 'repositories' },
    list: (reads, wanted) => listDockerRepositories(reads, wanted, type),
    occupants,
    async find(nexus, id) {
      const response = await nexus.request({
        method: 'GET',
        path: one(id),
        what: `read ${label(id)}`,
        allow: [404, 405],
      })
      // 3.26 has no GET of a single docker repository (405); the list of settings has it all the same.
      if (response.status === 405) return findInSettings(nexus, id, type)
      return isObject(response.body) && response.status === 200 ? { id, wire: response.body } : undefined
    },
    async create(nexus, id, body) {
      const json = toRequest({ ...body, name: id })
      await nexus.request({
        method: 'POST',
        path: `${listPath}/docker/${type}`,
        json,
        what: `create ${label(id)}`,
      })
    },
    async update(nexus, id, body, current) {
      // The name keeps the server's spelling: another case counts as renaming (nexus-api 2.3).
      const json = toRequest({ ...body, name: current.id })
      await nexus.request({ method: 'PUT', path: one(current.id), json, what: `update ${label(id)}` })
    },
  }
}

/** `format`, `type` and `url` are answers only; the routing rule's name is `routingRule` in requests before 3.94. */
function toRequest(body: JsonObject): JsonObject {
  const { format, type, url, ...request } = body
  return 'routingRuleName' in request ? { ...request, routingRule: request['routingRuleName'] } : request
}

/**
 * Settings and list together: on a fresh 3.89 the settings leave out repositories that were not touched yet, and what the
 * user may not administer. A name that only the list knows is read singly when the file mentions it (nexus-api 7.1 item 9).
 */
async function listDockerRepositories(reads: Reads, wanted: Wanted, type: Type): Promise<Actual[]> {
  const listed = objects(await reads.get(listPath, 'list the repositories'))
  // A new server has repositories of other formats and no Docker ones: nothing to read. An empty list may mean that the user may not browse.
  if (listed.length > 0 && !listed.some((entry) => entry['format'] === 'docker')) return []
  const settings = await reads.get(settingsPath, 'read the repository settings')
  const found = objects(settings).filter((entry) => entry['format'] === 'docker' && entry['type'] === type)
  const known = new Set(found.map((entry) => entry['name']))
  const missing = listed.filter(
    (entry) =>
      entry['format'] === 'docker' &&
      entry['type'] === type &&
      !known.has(entry['name']) &&
      wanted.has(textOf(entry['name']).toLowerCase()),
  )
  const singles = await Promise.all(
    missing.map((entry) =>
      reads.find(
        `${listPath}/docker/${type}/${encodeURIComponent(textOf(entry['name']))}`,
        `read docker/${type} "${textOf(entry['name'])}"`,
      ),
    ),
  )
  return [...found, ...objects(singles)].map((wire) => ({ id: textOf(wire['name']), wire }))
}

async function occupants(reads: Reads): Promise<Occupant[]> {
  const listed = objects(await reads.get(listPath, 'list the repositories'))
  return listed.map((entry) => ({
    id: textOf(entry['name']),
    label: `${textOf(entry['format'])}/${textOf(entry['type'])}`,
  }))
}

async function findInSettings(nexus: Nexus, id: string, type: Type): Promise<Actual | undefined> {
  const settings = objects(await nexus.get(settingsPath, 'read the repository settings'))
  const wire = settings.find(
    (entry) =>
      entry['format'] === 'docker' &&
      entry['type'] === type &&
      textOf(entry['name']).toLowerCase() === id.toLowerCase(),
  )
  return wire && { id: textOf(wire['name']), wire }
}

/** The objects of an answer that should be a list of objects; anything else is left out. */
export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

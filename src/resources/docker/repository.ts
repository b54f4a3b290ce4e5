import * as z from 'zod'
import { getPath, type JsonObject } from '../../core/json.ts'
import { type Read, shaped } from '../../nexus/answer-shape.ts'
import type { Nexus } from '../../nexus/client.ts'
import { read, when } from '../../nexus/read.ts'
import { answerOf, named } from '../contract/answer.ts'
import { requestsTo } from '../contract/collection.ts'
import type { KindDescription } from '../contract/description.ts'
import { type FieldTable, schemaOf, type Values } from '../contract/fields.ts'
import type { Actual, Kind, Occupant, Reads, Wanted } from '../contract/kind.ts'
import { clientAccess } from './client-access.ts'
import { otherDockerNames } from './other-names.ts'
import { sampleImage } from './sample-images.ts'

/** What repositories of every format have. */
const entry = answerOf({}, { name: 'string', format: 'string', type: 'string' })
type Entry = z.output<typeof entry>

export const repositoryList: Read<Entry[]> = {
  path: '/service/rest/v1/repositories',
  what: 'list the repositories',
  expected: 'a list of repositories',
  schema: z.array(entry),
}

const repositorySettings: Read<Entry[]> = {
  path: '/service/rest/v1/repositorySettings',
  what: 'read the repository settings',
  expected: 'a list of repositories',
  schema: z.array(entry),
}

type Type = 'hosted' | 'proxy' | 'group'
type Common<Fields extends FieldTable> = Omit<Kind<Fields>, 'rules' | 'references'>
const kindNames: Readonly<Record<Type, string>> = {
  hosted: 'dockerHosted',
  proxy: 'dockerProxy',
  group: 'dockerGroup',
}
type Repository = JsonObject & { name: string }

/** The docker repositories of one type, and how one of them is asked for. */
interface Docker {
  type: Type
  schema: z.ZodType<Repository>
  one(id: string): Read<Repository>
}

/** What docker repositories of every type are, with the REST verbs for them (nexus-api 2.3). */
export function dockerKind<Fields extends FieldTable>(type: Type, fields: Fields): Common<Fields> {
  // Of a docker repository every version answers these two sections (nexus-api 2.7).
  const schema = answerOf(fields, { name: 'string' }, ['storage', 'docker'])
  const label = `docker/${type}`
  const requests = requestsTo({
    path: `${repositoryList.path}/${label}`,
    label,
    expected: `that ${label} repository`,
    schema: (id) => named(schema, id),
  })
  const docker: Docker = { type, schema, one: requests.one }
  return {
    kind: kindNames[type],
    label,
    namespace: 'repository',
    section: { key: 'repositories', form: 'map', chosenBy: { type: { word: type } } },
    schema: schemaOf(fields),
    fields,
    otherNames: otherDockerNames,
    exclusive: ['httpPort', 'httpsPort', 'subdomain'],
    first: repositoryList,
    permission: 'nexus:repository-admin:docker:*:* (read, edit)',
    tellsUnmanaged: true,
    clientAccess,
    sampleImage,
    naming: { noun: 'repository', missing: 'member-missing', section: 'repositories' },
    list: (reads, wanted) => listDockerRepositories(reads, wanted, docker),
    occupants,
    async find(nexus, id) {
      // 3.26 has no GET of a single docker repository; the list of settings has it all the same.
      const found = requests.find(nexus, id).catch(when([405], () => findInSettings(nexus, id, docker)))
      const wire = await found
      return wire?.name === id ? { id, wire } : undefined
    },
    create: (nexus, { id, body }) => requests.create(nexus, id, toRequest({ ...body, name: id })),
    // The name keeps the server's spelling: another case counts as renaming (nexus-api 2.3).
    update: (nexus, { body, current: { id } }) =>
      requests.update(nexus, id, toRequest({ ...body, name: id })),
  }
}

/** Whether it is a docker repository, and not one of another format of the server. */
export function isDocker({ label }: Pick<KindDescription, 'label'>): boolean {
  return label.startsWith('docker/')
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
async function listDockerRepositories(reads: Reads, wanted: Wanted, docker: Docker): Promise<Actual[]> {
  const listed = await reads.get(repositoryList)
  // A new server has repositories of other formats and no Docker ones: nothing to read. An empty list may mean that the user may not browse.
  if (listed.length > 0 && !listed.some(({ format }) => format === 'docker')) return []
  const found = ofDocker(await reads.get(repositorySettings), docker)
  const known = new Set(found.map(({ name }) => name))
  const missing = listed.filter(
    (candidate) =>
      isOf(candidate, docker) && !known.has(candidate.name) && wanted.has(candidate.name.toLowerCase()),
  )
  const singles = await Promise.all(missing.map(({ name }) => reads.find(docker.one(name))))
  // Servers from 3.62 to 3.77 can have two names that differ in case alone, and answer the first for either (nexus-api 2.3).
  const own = singles.filter((single, index) => single?.name === missing[index]?.name)
  return [...found, ...own].flatMap((wire) => (wire ? [{ id: wire.name, wire }] : []))
}

function isOf({ format, type }: Entry, docker: Docker): boolean {
  return format === 'docker' && type === docker.type
}

/** The settings of one type's repositories, parsed as what they are. */
function ofDocker(settings: readonly Entry[], docker: Docker): Repository[] {
  return settings
    .filter((candidate) => isOf(candidate, docker))
    .map((found) => {
      const expected = `settings of docker/${docker.type} "${found.name}"`
      const { path, what } = repositorySettings
      return shaped(found, { expected, schema: docker.schema }, { method: 'GET', path, what })
    })
}

/**
 * Every repository of every format. Those of the format `oci` (3.94 and later) have connectors as well, and share the ports with docker
 * (nexus-api 2.8, 6): where there are any, the settings are read.
 */
async function occupants(reads: Reads): Promise<Occupant[]> {
  const listed = await reads.get(repositoryList)
  const hasOci = listed.some(({ format }) => format === 'oci')
  const settings = hasOci ? await reads.get(repositorySettings) : []
  const oci = new Map(settings.filter(({ format }) => format === 'oci').map((found) => [found.name, found]))
  return listed.map(({ name, format, type }) => {
    const found = oci.get(name)
    return {
      id: name,
      label: `${format}/${type}`,
      ...(format === 'docker' && type in kindNames && { kind: kindNames[type as Type] }),
      ...(found && { values: connectorsOf(found) }),
    }
  })
}

function connectorsOf(settings: Entry): Values {
  const values: Values = {}
  for (const field of ['httpPort', 'httpsPort', 'subdomain']) {
    const value = getPath(settings, `oci.${field}`)
    if (typeof value === 'number' || typeof value === 'string') values[field] = value
  }
  return values
}

async function findInSettings(nexus: Nexus, id: string, docker: Docker): Promise<Repository | undefined> {
  const settings = ofDocker(await read(nexus, repositorySettings), docker)
  return settings.find(({ name }) => name === id)
}

// The rules of a walk: what every recording shows of one request and its answer. Each yields what is wrong, as sentences.
import {
  areaOf,
  formOf,
  isRefused,
  isStateless,
  isUnreadable,
  meaningOf,
  tellsOfTakenName,
  violationsIn,
} from './answers.js'
import { differences, readPathOf } from './readback.js'
import { kindOf } from './requests.js'

/**
 * One request, its answer, and what the server held before and after it.
 * @typedef {object} Visit
 * @property {ReturnType<typeof import('./walker.js').createServer>} server
 * @property {ReturnType<typeof knowledgeOf>} knowledge
 * @property {import('./send.js').Request} request
 * @property {import('./send.js').Answer} answer
 * @property {import('./send.js').Answer | undefined} recorded what the real server answered; of a request that is changed nothing is known
 * @property {boolean} isWellFormed whether no field of it was changed
 * @property {boolean} wasOpen whether anybody could sign in when it was sent
 * @property {boolean} wasFrozen whether it was in read-only mode, which refuses every write with 400 or 503
 * @property {string} before
 * @property {string} after
 */

/**
 * What the recordings of all servers show of each kind of request, and of each area of the server.
 * @param {any[]} recordings
 */
export function knowledgeOf(recordings) {
  const forms = new Set()
  const families = new Map()
  for (const { log } of recordings) {
    for (const { request, response } of log.filter((entry) => entry.response?.status !== undefined)) {
      forms.add(`${areaOf(request.path)} ${formOf(response)}`)
      const kind = kindOf(request)
      families.set(kind, (families.get(kind) ?? new Set()).add(response.status))
    }
  }
  return { forms, families }
}

/** @param {Visit} visit */
function* formIsKnown({ knowledge, request, answer }) {
  const form = `${areaOf(request.path)} ${formOf(answer)}`
  if (!knowledge.forms.has(form)) yield `no recorded answer has this form: ${form}`
}

/** @param {{ method: string }} request */
const isRead = ({ method }) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Whether a request is about one object by its name, which may not be there. */
const isAboutOne = (request) => /\*|beta\/repositories\//.test(kindOf(request))

/** What any request of its kind may be refused with: an object is looked up for a write as it is for a read. */
function refusalsOf(request, families) {
  if (!isAboutOne(request)) return request.auth === 'none' ? [401, 403] : [401]
  const lookUp = families.get(kindOf({ ...request, method: 'GET' })) ?? []
  return [401, 403, 404, ...[...lookUp].filter((status) => status >= 400)]
}

/** @param {Visit} visit */
function* statusIsKnown({ knowledge: { families }, request, answer, isWellFormed, wasFrozen }) {
  const family = families.get(kindOf(request))
  if (!isWellFormed || family === undefined) return
  if (wasFrozen && !isRead(request) && [400, 503].includes(answer.status)) return
  if (![...family, ...refusalsOf(request, families)].includes(answer.status))
    yield `${answer.status} is not among the recorded ${[...family].join(', ')}`
}

/** @param {Visit} visit */
function* wrongCredentialsAreRefused({ request, answer }) {
  const isWrong = ['bad', 'unknown-user'].includes(request.auth ?? '') && areaOf(request.path) !== 'pages'
  // A malformed path is refused before anybody looks at the credentials.
  if (isWrong && ![400, 401].includes(answer.status)) yield `wrong credentials get ${answer.status}`
}

/** @param {Visit} visit */
function* takenNameIsToldAlone({ answer }) {
  if (tellsOfTakenName(answer) && violationsIn(answer)?.length !== 1)
    yield `a name that is taken is not told alone: ${meaningOf(answer)}`
}

/** @param {Visit} visit */
function* whatDependsOnNothingStays({ recorded, answer, wasOpen }) {
  if (wasOpen && recorded && isStateless(recorded) && meaningOf(recorded) !== meaningOf(answer))
    yield `recorded was ${meaningOf(recorded)}, which depends on the request alone`
}

/** @param {Visit} visit */
function* readsAndErrorsChangeNothing({ server, request, answer, before, after }) {
  if (before === after || server.mayLeaveGhost(request)) return
  if (isRead(request) || isRefused(answer)) yield `${answer.status} changes something`
}

/**
 * A body that can't be read is refused before anybody asks who sends it.
 * @param {Visit} visit
 */
async function* bodyComesFirst({ server, request, answer }) {
  if (!isUnreadable(answer) || areaOf(request.path) !== 'service/rest') return
  const again = await server.ask({ ...request, auth: 'none' })
  if (meaningOf(again) !== meaningOf(answer))
    yield `without credentials ${meaningOf(again)}: the body comes first`
}

/** @param {Visit} visit */
async function* whatIsWrittenIsRead({ server, request, answer }) {
  const path = isRefused(answer) ? undefined : readPathOf(request)
  if (path === undefined) return
  const { status, body } = await server.read(path)
  const named = server.namedLike(path)
  // A PUT through the path of another format or type changes neither, and the object is found at its own.
  if (request.method === 'PUT' && status === 404 && named.length > 0) return
  // Of two that differ in case the older one is shown.
  if (named.length > 1) return
  if (status === 200)
    yield* differences(request.body, body).map((text) => `what was written is not what is read: ${text}`)
  else yield `what was written is not found: ${status} at ${path}`
}

/** What is found wrong before anybody looks whether the name is free: fields and members, and all of a routing rule. */
const isAskedBefore = (path, id) => /\/routing-rules$/.test(path) || /^PARAMETER |\bmemberNames$/.test(id)

/**
 * Whether a name is free is asked when all else is right: with a name that is taken the same is told.
 * @param {Visit} visit
 */
async function* nameIsAskedLast({ server, request, answer }) {
  const ids = violationsIn(answer)?.map(({ id }) => id) ?? []
  const name = request.method === 'POST' ? server.takenName(request.path) : undefined
  if (name === undefined || typeof request.body?.name !== 'string' || tellsOfTakenName(answer)) return
  if (ids.length === 0 || !ids.every((id) => isAskedBefore(request.path, id) && !/\bname$/.test(id))) return
  const again = await server.ask({ ...request, body: { ...request.body, name } })
  if (meaningOf(again) !== meaningOf(answer))
    yield `with the name ${name}, which is taken: ${meaningOf(again)}`
}

/** Kinds of objects that are made by a POST and taken away by a DELETE. */
const objects = /\/v1\/(?:repositories|blobstores|routing-rules)(?:\/|$)/

/**
 * What a second time may be answered with, by method; undefined where it is not known.
 * @param {import('./send.js').Request} request
 * @param {import('./send.js').Answer} first
 */
function secondStatuses({ method, path, body }, first) {
  if (method === 'DELETE') return [404]
  if (method === 'POST') return typeof body?.name === 'string' ? [400, 500] : undefined
  const isRenamed = body?.name !== undefined && !path.endsWith(`/${body.name}`)
  return isRenamed ? undefined : [first.status]
}

/**
 * A second time nothing is made, nothing else is changed, nothing is there to delete.
 * @param {Visit} visit
 */
async function* secondTimeChangesNothing({ server, request, answer, after }) {
  if (isRead(request) || isRefused(answer) || !objects.test(request.path)) return
  const known = secondStatuses(request, answer)
  // SQL servers from 3.62 to 3.77 hold names that differ in case; the other one is found when the first is gone.
  const isOther = request.method === 'DELETE' && server.namedLike(request.path).length > 0
  const again = await server.ask(request)
  if (isOther) return
  if (known?.includes(again.status) === false) yield `a second time: ${again.status}`
  if (server.holdings() !== after) yield 'a second time changes something'
}

/** Of one answer. */
export const looks = [
  formIsKnown,
  statusIsKnown,
  wrongCredentialsAreRefused,
  takenNameIsToldAlone,
  whatDependsOnNothingStays,
  readsAndErrorsChangeNothing,
]

/** By asking more. */
export const probes = [bodyComesFirst, nameIsAskedLast, whatIsWrittenIsRead, secondTimeChangesNothing]

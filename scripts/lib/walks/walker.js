// Sends the requests of a walk to a sandbox, one after the other, and holds each answer against the rules.
import { contradictions } from './consistency.js'
import { vary } from './requests.js'
import { looks, probes } from './rules.js'
import { createSender } from './send.js'

/**
 * @param {{ auth: string, password?: string }} request
 * @param {any} sandbox
 */
function loginOf({ auth, password }, { username, password: own }) {
  if (auth === 'none') return undefined
  if (auth === 'bad') return `${username}:wrong-password`
  if (auth === 'unknown-user') return 'nobody:nothing'
  const name = auth.replace(/^user:/, '')
  return `${name}:${password ?? (name === username ? own : 'unknown')}`
}

const lastOf = (path) => decodeURIComponent(path.split('/').at(-1)).toLowerCase()

/**
 * A sandbox as the rules see it: what it answers, and what it holds.
 * @param {string} name of the recording whose server it is
 * @param {any} sandbox
 */
export function createServer(name, sandbox) {
  const { state } = sandbox
  const { send, end } = createSender(sandbox.url)

  /** @param {import('./send.js').Request} request */
  function ask(request) {
    const headers = { ...request.headers }
    const login = loginOf({ auth: 'admin', ...request }, sandbox)
    if (login !== undefined) headers['authorization'] ??= `Basic ${Buffer.from(login).toString('base64')}`
    return send({ ...request, headers })
  }

  return {
    ask,
    end,
    /** @param {string} path */
    read: (path) => ask({ method: 'GET', path, headers: { accept: 'application/json' } }),
    /** All that requests can change; how far a repository has started is no part of it. */
    holdings() {
      const { sessions, signInFailures, phase, repositories, ...others } = state
      return JSON.stringify({ ...others, repositories: repositories.map(({ lifecycle, ...kept }) => kept) })
    },
    /** The repositories that the last segment of a path names, in whatever case. */
    namedLike: (path) => state.repositories.filter((entry) => entry.name.toLowerCase() === lastOf(path)),
    /** A name that is taken among the objects that a POST to this path makes, if there is one. */
    takenName(path) {
      if (path.endsWith('/routing-rules')) return state.routingRules[0]?.name
      return path.includes('/repositories/') ? state.repositories[0]?.name : undefined
    },
    /** Of 3.41 with H2 it is recorded that a refused POST leaves half a repository behind, and that a refused PUT changes one. */
    mayLeaveGhost: ({ path }) => name === '3.41.1' && path.includes('/v1/repositories/'),
  }
}

/** How many steps a server stays frozen at most. */
const frozenSteps = 8

/**
 * @param {{ name: string, sandbox: any, knowledge: ReturnType<typeof import('./rules.js').knowledgeOf> }} parts
 */
export function createWalker({ name, sandbox, knowledge }) {
  const { state } = sandbox
  const server = createServer(name, sandbox)
  const realms = [...state.realms]
  let frozenFor = 0

  /** A list of realms may lock everybody out; then every answer is a 401 or 403. */
  const isOpen = () => realms.every((realm) => state.realms.includes(realm))

  /** @param {Pick<import('./rules.js').Visit, 'request' | 'recorded' | 'isWellFormed'>} question */
  async function* faultsOf(question) {
    const known = { wasOpen: isOpen(), wasFrozen: state.frozen, before: server.holdings() }
    const answer = await server.ask(question.request)
    const visit = { ...question, ...known, server, knowledge, answer, after: server.holdings() }
    for (const rule of looks) yield* rule(visit)
    yield* contradictions(state, name)
    if (isOpen()) for (const rule of probes) yield* rule(visit)
  }

  /** Walks go on after what would end them. */
  function recover() {
    if (!isOpen()) state.realms = [...realms]
    frozenFor = state.frozen ? frozenFor + 1 : 0
    if (frozenFor > frozenSteps) state.frozen = false
  }

  return {
    /** Takes one step and returns what is wrong, as sentences. */
    async step({ exchange, variations }) {
      const found = []
      const question = {
        request: variations.reduce(vary, exchange.request),
        recorded: variations.length === 0 ? exchange.response : undefined,
        isWellFormed: variations.every(({ what }) => what !== 'field'),
      }
      for await (const text of faultsOf(question)) found.push(text)
      recover()
      return found
    },
    end: server.end,
  }
}

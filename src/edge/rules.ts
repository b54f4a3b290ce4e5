import type { BackEnd, Routing, Rule } from './edge.ts'

/** What one public name of a registry serves. */
export interface Service {
  pull: BackEnd
  /** The same back end where one repository takes both. */
  push: BackEnd
  /** How the two are told apart. */
  by?: Extract<Routing, 'namespace' | 'method'>
  namespaces: readonly string[]
  /** What can be asked for by its address on the main port, too. */
  mirrors: readonly { repository: string; path: string }[]
  /** The old API answers, too, which `docker search` needs. */
  v1: boolean
}

/** Where the name is that of the web interface, too: what does not belong to the registry. `contextPath` is '' or `/nexus`. */
export interface Web {
  contextPath: string
}

/** The rules of one name. The first that fits decides, and the last fits everything. `main` is the main port. */
export function rulesOf(service: Service, main: BackEnd, web?: Web): Rule[] {
  const { pull, push, by, v1 } = service
  return [
    { path: { exact: '/v2' }, action: { redirect: '/v2/' }, purpose: 'Nexus answers 404 without the slash' },
    ...byAddress(service, main),
    ...(by === undefined ? [] : apart(service)),
    {
      path: { prefix: '/v2/' },
      action: { to: by === 'method' ? push.name : pull.name },
      purpose: by === undefined ? 'the registry' : by === 'method' ? 'pushes' : 'everything else',
    },
    ...(v1 ? [{ path: { prefix: '/v1/' }, action: { to: pull.name }, purpose: 'docker search' }] : []),
    ...(web ? webRules(main, web.contextPath) : [nothingElse]),
  ]
}

/** The rules of a name that only has the web interface. */
export function webRules(main: BackEnd, contextPath: string): Rule[] {
  const all: Rule = { path: { prefix: '/' }, action: { to: main.name }, purpose: 'the web interface' }
  if (contextPath === '') return [all]
  const redirect = `${contextPath}/`
  return [
    { path: { exact: '/' }, action: { redirect }, purpose: 'the web interface has a context path' },
    all,
  ]
}

const nothingElse: Rule = {
  path: { prefix: '/' },
  action: { refuse: true },
  purpose: 'nothing but the registry',
}

/** Since 3.84 the realm of a token has the whole path of the repository (nexus-public 743): those go to the main port as they are. */
function byAddress({ pull, push, mirrors }: Service, main: BackEnd): Rule[] {
  const own = [pull, push].flatMap(({ prefix }) => (prefix === '' ? [] : [`${prefix}/v2/`]))
  const paths = new Set([...own, ...mirrors.map(({ path }) => path)])
  return [...paths].map((prefix) => ({
    path: { prefix },
    action: { to: main.name },
    purpose: 'by the address that Nexus itself gives',
  }))
}

/**
 * What goes elsewhere than the rest. The ping is challenged as the hosted repository does: a client that is let in there sends no login when
 * it pushes (edge.md 0.7).
 */
function apart({ pull, push, by, namespaces }: Service): Rule[] {
  const to = { to: push.name }
  const ping: Rule = {
    path: { exact: '/v2/' },
    action: to,
    purpose: 'the ping asks for a login as pushes do',
  }
  if (by === 'namespace')
    return [
      ping,
      ...namespaces.map((name) => ({
        path: { prefix: `/v2/${name}/` },
        action: to,
        purpose: `images of our own: ${name}`,
      })),
    ]
  return [
    ping,
    { path: { inside: 'uploads' }, action: to, purpose: 'upload sessions live in the hosted repository' },
    {
      methods: ['HEAD'],
      path: { inside: 'blobs' },
      action: to,
      purpose: 'a push asks whether a layer is there',
    },
    { methods: ['GET', 'HEAD'], path: { prefix: '/v2/' }, action: { to: pull.name }, purpose: 'pulls' },
  ]
}

import { freePort, nexusPorts } from '../../core/ports.ts'
import { type Capability, offers, whyNot } from '../../nexus/capabilities.ts'
import type { Answers, Routing, Situation } from '../answers.ts'
import type { Asker, Choice } from '../asker.ts'
import { connectorsOf, groupName, hasCaches, portProblem, proposePorts, purposeOf } from '../connectors.ts'
import { isByPath, registryAddress } from '../public-names.ts'
import type { Question } from './question.ts'

/** How clients reach the registry: which ports, or none. */
export const access: Question = {
  label: 'Ports',
  keys: ['ports', 'routing'],
  applies: ({ facts }) => !facts.template || facts.template.connectors.length > 0,
  propose(situation) {
    const { given, facts } = situation
    const routing = given.routing ?? facts.present.routing ?? 'ports'
    return { routing, ports: portsFor(routing, situation, chosenPorts(situation)) }
  },
  ask,
  problem({ answers, given, look, facts }) {
    const needed = neededFor[answers.routing]
    if (needed && look.server && !offers(look.server, needed)) return whyNot(look.server, needed)
    if (answers.routing === 'single-port' && (!answers.privateImages || !hasCaches(answers)))
      return 'one port for pull and push needs images of your own and a registry to cache'
    const names = connectorsOf(answers, facts.template).map(({ repository }) => repository)
    const unknown = Object.keys(given.ports ?? {}).find((name) => !names.includes(name))
    if (unknown !== undefined)
      return `"${unknown}" does not use a port here${names.length > 0 ? `; these do: ${names.join(', ')}` : ''}`
    if (names.join() !== Object.keys(answers.ports).join()) return 'the repositories have changed'
    return firstPortProblem(answers)
  },
  show: ({ answers, facts }) =>
    answers.routing === 'path' ? "none: paths on Nexus's own port" : `port ${portList({ answers, facts })}`,
}

const neededFor: Readonly<Record<Routing, Capability | undefined>> = {
  ports: undefined,
  path: 'pathEnabled',
  'single-port': 'writableMember',
}

function firstPortProblem({ ports, url }: Answers): string | undefined {
  const earlier: Record<string, number> = {}
  for (const [name, port] of Object.entries(ports)) {
    const problem = portProblem(port, earlier, url)
    if (problem !== undefined) return problem
    earlier[name] = port
  }
  return undefined
}

async function ask(asker: Asker, situation: Situation): Promise<Partial<Answers>> {
  const { answers } = situation
  const guessed = {
    ...answers,
    routing: 'ports' as const,
    ports: portsFor('ports', situation, goodPorts(situation)),
  }
  for (const sentence of guessedPorts({ ...situation, answers: guessed })) asker.show(sentence)
  const choices = routingChoices(situation)
  const chosen = await asker.select({
    message: 'How do clients reach the registry?',
    choices,
    default: choices.some(({ value }) => value === answers.routing) ? answers.routing : 'ports',
  })
  if (chosen === 'other') return { routing: 'ports', ports: await askPorts(asker, situation) }
  const routing = chosen as Routing
  return { routing, ports: portsFor(routing, situation, goodPorts(situation)) }
}

function routingChoices(situation: Situation): Choice[] {
  const { answers, facts, look } = situation
  const kept = goodPorts(situation)
  const label = (routing: Routing) => {
    const ports = portsFor(routing, situation, kept)
    return `Port ${portList({ answers: { ...answers, routing, ports }, facts })}`
  }
  const choices: Choice[] = [
    { value: 'ports', name: label('ports') },
    { value: 'other', name: 'Other ports' },
  ]
  if (facts.template) return choices
  const { server } = look
  if (server?.edition === 'pro' && answers.privateImages && hasCaches(answers))
    choices.push({
      value: 'single-port',
      name: label('single-port'),
      description: 'Nexus Repository Pro passes pushes on to your own repository.',
    })
  if (!server || offers(server, 'pathEnabled')) {
    const byPath = { ...answers, routing: 'path' as const }
    const address = registryAddress(groupName, byPath)
    const names = isByPath(byPath) ? '' : ', but not behind a public name'
    // Clients ask at the root of a host.
    const proxy =
      address === undefined ? '. Needs a reverse proxy that passes /v2/ of its host on to Nexus' : ''
    choices.push({
      value: 'path',
      name: address === undefined ? 'No ports' : `No ports: ${address}…`,
      description: `The repository is part of the image's name${names}${proxy}${server ? '' : '. Needs Nexus 3.83 or later'}.`,
    })
  }
  return choices
}

async function askPorts(asker: Asker, situation: Situation): Promise<Record<string, number>> {
  const { answers, facts } = situation
  const shape: Answers = { ...answers, routing: 'ports' }
  const proposed = portsFor('ports', situation, goodPorts(situation))
  const ports: Record<string, number> = {}
  for (const { repository } of connectorsOf(shape, facts.template)) {
    const others = { ...ports }
    const taken = new Set([...nexusPorts(answers.url), ...Object.values(others)])
    const text = await asker.input({
      message: `Port ${purposeOf(repository, shape, facts.template)}`,
      default: String(freePort(proposed[repository] ?? 8082, taken)),
      problem: (written) => portProblem(Number(written.trim()), others, answers.url),
    })
    ports[repository] = Number(text)
  }
  return ports
}

/** The ports that a routing would get: those to keep, else usual ones that are free. */
function portsFor(
  routing: Routing,
  { answers, facts, look }: Situation,
  kept: Readonly<Record<string, number>>,
): Record<string, number> {
  const connectors = connectorsOf({ ...answers, routing }, facts.template)
  return proposePorts(connectors, kept, new Set([...nexusPorts(answers.url), ...look.busyPorts.keys()]))
}

/** Those of the command line, and those of the file at hand that go with them. */
function chosenPorts({
  given,
  facts,
  answers,
}: Pick<Situation, 'given' | 'facts' | 'answers'>): Record<string, number> {
  const chosen = { ...given.ports }
  for (const [repository, port] of Object.entries(facts.present.ports ?? {}))
    if (chosen[repository] === undefined && portProblem(port, chosen, answers.url) === undefined)
      chosen[repository] = port
  return chosen
}

/** The present ports, but those that can no longer stay. */
function goodPorts({ answers, given }: Situation): Record<string, number> {
  const good: Record<string, number> = {}
  for (const [repository, port] of Object.entries({ ...answers.ports, ...given.ports }))
    if (portProblem(port, good, answers.url) === undefined) good[repository] = port
  return good
}

/** Why a port is not the usual one, for each that was guessed: `8082 is taken by nginx; proposed: 8084`. */
export function guessedPorts({ answers, facts, look, given }: Situation): string[] {
  return connectorsOf(answers, facts.template).flatMap(({ repository, port }) => {
    const offered = answers.ports[repository]
    const chosen = chosenPorts({ given, facts, answers })[repository]
    if (offered === undefined || offered === port || offered === chosen) return []
    const owner = look.busyPorts.get(port)
    if (owner !== undefined) return [`Port ${port} is taken by ${owner}; proposed: ${offered}.`]
    if (nexusPorts(answers.url).has(port)) return [`Port ${port} is Nexus's own; proposed: ${offered}.`]
    const first = Object.keys(answers.ports).find((other) => answers.ports[other] === port)
    return first === undefined ? [] : [`Port ${port} goes to ${first}; proposed: ${offered}.`]
  })
}

function portList({ answers, facts }: Pick<Situation, 'answers' | 'facts'>): string {
  return Object.entries(answers.ports)
    .map(([repository, port]) => `${port} ${purposeOf(repository, answers, facts.template)}`)
    .join(', port ')
}

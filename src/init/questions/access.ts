import { freePort, nexusPorts } from '../../core/ports.ts'
import { type Capability, offers, whyNot } from '../../nexus/capabilities.ts'
import type { Answers, Routing, Situation } from '../answers.ts'
import type { Asker, Choice } from '../asker.ts'
import {
  connectorsOf,
  groupName,
  portProblem,
  proposePorts,
  purposeOf,
  registryAddress,
} from '../connectors.ts'
import type { Question } from './question.ts'

/** How clients reach the registry: which ports, or none. */
export const access: Question = {
  label: 'Ports',
  keys: ['ports', 'routing'],
  applies: ({ facts }) => !facts.template || facts.template.connectors.length > 0,
  propose(situation) {
    const routing = situation.given.routing ?? 'ports'
    return { routing, ports: portsFor(routing, situation, situation.given.ports ?? {}) }
  },
  ask,
  problem({ answers, given, look, facts }) {
    const needed = neededFor[answers.routing]
    if (needed && look.server && !offers(look.server, needed)) return whyNot(look.server, needed)
    if (answers.routing === 'single-port' && (!answers.privateImages || answers.upstreams.length === 0))
      return 'one port for pull and push needs images of your own and a registry to cache'
    const names = connectorsOf(answers, facts.template).map(({ repository }) => repository)
    const unknown = Object.keys(given.ports ?? {}).find((name) => !names.includes(name))
    if (unknown !== undefined)
      return `"${unknown}" has no port here${names.length > 0 ? `; these have: ${names.join(', ')}` : ''}`
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
  sayWhatIsBusy(asker, situation)
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
  if (server?.edition === 'pro' && answers.privateImages && answers.upstreams.length > 0)
    choices.push({
      value: 'single-port',
      name: label('single-port'),
      description: 'Nexus Repository Pro passes pushes on to your own repository.',
    })
  if (!server || offers(server, 'pathEnabled'))
    choices.push({
      value: 'path',
      name: `No ports: ${registryAddress(groupName, { ...answers, routing: 'path' })}/…`,
      description: `The repository is part of the image's name${server ? '' : '. Needs Nexus 3.83 or later'}.`,
    })
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
  return proposePorts(connectors, kept, new Set([...nexusPorts(answers.url), ...look.busyPorts]))
}

/** The present ports, but those that can no longer stay. */
function goodPorts({ answers, given }: Situation): Record<string, number> {
  const good: Record<string, number> = {}
  for (const [repository, port] of Object.entries({ ...answers.ports, ...given.ports }))
    if (portProblem(port, good, answers.url) === undefined) good[repository] = port
  return good
}

function sayWhatIsBusy(asker: Asker, { answers, facts, look }: Situation): void {
  const busy = connectorsOf({ ...answers, routing: 'ports' }, facts.template).filter(({ port }) =>
    look.busyPorts.has(port),
  )
  if (busy.length === 0) return
  const ports = busy.map(({ port }) => port).join(' and ')
  asker.show(`Something listens on port ${ports} of that host already; other ports are proposed.`)
}

function portList({ answers, facts }: Pick<Situation, 'answers' | 'facts'>): string {
  return Object.entries(answers.ports)
    .map(([repository, port]) => `${port} ${purposeOf(repository, answers, facts.template)}`)
    .join(', port ')
}

import type { Answers, EdgeAnswer, Situation, TemplateNeeds } from '../answers.ts'
import type { Asker } from '../asker.ts'
import {
  isFront,
  nameProblem,
  needsPushName,
  pushNameProblem,
  usualPushName,
  usualTls,
} from '../public-names.ts'
import { isPath } from './first-start.ts'
import type { Question } from './question.ts'

/** The names that clients use where a reverse proxy is in front of Nexus, and where TLS ends. */
export const publicName: Question = {
  label: 'Public name',
  keys: ['host', 'pushHost', 'tls'],
  applies: ({ facts }) => !facts.template || facts.template.edge !== null,
  propose(situation) {
    const { given, facts } = situation
    const before = facts.template?.edge ?? facts.present.edge ?? null
    const pull = given.host === undefined ? before?.hosts.pull : given.host
    if (pull === undefined || pull === null) return { edge: null }
    const { push, tls } = goneOn(before, pull)
    const answered = given.tls === undefined ? tls : given.tls
    return { edge: complete(pull, given.pushHost ?? push, answered, situation) }
  },
  ask,
  problem(situation) {
    const { given, answers, facts } = situation
    const { template } = facts
    if (template && !template.edge)
      return answers.edge
        ? `the template ${template.name} has none; add edge to its file afterwards`
        : undefined
    if (!answers.edge) {
      if (template) return `the template ${template.name} is about names; write yours with --host`
      return given.pushHost !== undefined || given.tls !== undefined
        ? 'there is no name for pulls; write it with --host'
        : undefined
    }
    return namesProblem(answers.edge, situation)
  },
  show: ({ answers: { edge } }) =>
    edge ? `${[edge.hosts.pull, edge.hosts.push ?? []].flat().join(', ')}; TLS: ${wordOf(edge)}` : 'none',
}

function namesProblem({ hosts }: EdgeAnswer, { given, answers, facts }: Situation): string | undefined {
  const needsPush = needsPushName(answers, facts.template)
  if (!needsPush && given.pushHost !== undefined)
    return 'pulls and pushes have one name here; leave --push-host out'
  if (needsPush !== (hosts.push !== undefined)) return 'what the names lead to has changed'
  const names = [hosts.pull, hosts.push ?? hosts.pull]
  const wrong = names
    .map((name) => templateNameProblem(name, facts.template))
    .find((one) => one !== undefined)
  return wrong ?? (hosts.push === undefined ? undefined : pushNameProblem(hosts.push, hosts.pull))
}

/** Why the file of a template cannot have a name in place of its own. */
function templateNameProblem(name: string, template: TemplateNeeds | undefined): string | undefined {
  if (!template) return undefined
  if (nameProblem(`below.${name}`) !== undefined)
    return 'names stand below it: write a host name, like registry.example.com'
  const { upstream = '' } = template
  return isFront(upstream, {}, { hosts: { pull: name } }) ? 'Nexus itself listens there' : undefined
}

/** What was there goes with another name: a name for pushes that does not fit it, or was derived from the old one, is derived anew. */
function goneOn(before: EdgeAnswer | null, pull: string): { push: string; tls: EdgeAnswer['tls'] } {
  if (!before) return { push: usualPushName(pull), tls: usualTls.certificate }
  const { push } = before.hosts
  const isOwn = push !== usualPushName(before.hosts.pull)
  return {
    push: push !== undefined && isOwn && !pushNameProblem(push, pull) ? push : usualPushName(pull),
    tls: before.tls,
  }
}

function complete(
  pull: string,
  push: string,
  tls: EdgeAnswer['tls'] | null,
  { answers, facts }: Situation,
): EdgeAnswer {
  return {
    hosts: { pull, ...(needsPushName(answers, facts.template) && { push }) },
    ...(tls && { tls }),
  }
}

const whyTwoNames =
  'docker push goes to the hosted repository, docker pull to the group. One name serves both only with Nexus Repository Pro, or with edge.routing: method or namespace.'

async function ask(asker: Asker, situation: Situation): Promise<Partial<Answers>> {
  const { answers, facts } = situation
  const { template } = facts
  const isNone = (text: string) => !template?.edge && /^(?:none)?$/.test(text.trim())
  const condition = template?.edge
    ? ''
    : ', if a reverse proxy is in front of Nexus (e.g. registry.example.com):'
  const name = await asker.input({
    message: `Public host name${condition}`,
    default: answers.edge?.hosts.pull ?? 'none',
    problem: (text) =>
      isNone(text) ? undefined : (nameProblem(text) ?? templateNameProblem(text.trim(), template)),
  })
  if (isNone(name)) return { edge: null }
  const pull = name.trim()
  const { push: proposed, tls: before } = goneOn(answers.edge, pull)
  const needsPush = needsPushName(answers, template)
  if (needsPush && !template) asker.show(whyTwoNames)
  const push = needsPush
    ? await asker.input({
        message: 'Host name for pushes',
        default: proposed,
        problem: (text) => pushNameProblem(text, pull) ?? templateNameProblem(text.trim(), template),
      })
    : proposed
  const tls = template ? before : await askTls(asker, before)
  return { edge: complete(pull, push.trim(), tls, situation) }
}

async function askTls(asker: Asker, before: EdgeAnswer['tls']): Promise<EdgeAnswer['tls']> {
  const chosen = await asker.select({
    message: 'Where does TLS end?',
    choices: [
      { value: 'certificate', name: 'At the reverse proxy, with a certificate and its key' },
      { value: 'acme', name: "At the reverse proxy, with Let's Encrypt or another ACME server" },
      { value: 'further-out', name: 'At a load balancer in front of the reverse proxy' },
      { value: 'none', name: 'No TLS, for a trial', description: 'Logins and images travel unencrypted.' },
    ],
    default: wordOf({ tls: before }),
  })
  if (chosen === 'acme' || chosen === 'further-out') return usualTls[chosen]
  if (chosen === 'none') return undefined
  const usual = before?.certificate === undefined ? usualTls.certificate : before
  const askPath = (message: string, path = '') =>
    asker.input({
      message: `${message}, on the machine of the reverse proxy`,
      default: path,
      problem: (text) => (isPath(text) ? undefined : 'write the path of a file'),
    })
  const certificate = await askPath('Path of the certificate', usual.certificate)
  const key = await askPath('Path of its key', usual.key)
  return { certificate: certificate.trim(), key: key.trim() }
}

/** As the command line says it. */
function wordOf({ tls }: Pick<EdgeAnswer, 'tls'>): string {
  if (!tls) return 'none'
  return tls.acme ? 'acme' : tls.endsFurtherOut ? 'further-out' : 'certificate'
}

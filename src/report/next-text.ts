import { counted } from '../core/counted.ts'
import { foldTo } from '../core/display-width.ts'
import type { Paint } from '../core/paint.ts'
import { isLoopback } from '../core/ports.ts'
import { type Look, renderNextSteps, type Step, shellWord } from '../core/steps.ts'
import { objectKey } from '../resources/contract/object.ts'
import type { ApplyDocument } from './apply-document.ts'
import type { RegistryDocument } from './registries.ts'

/** Stands for an image of one's own. */
const IMAGE = 'IMAGE'

/**
 * What to type after an apply that made or changed registries: what clients do, and `proof`, the command that proves them all. '' where
 * there is nothing to say, and where not all was done.
 */
export function renderNext(
  document: ApplyDocument,
  paint: Paint,
  { columns, proof }: { columns?: number | undefined; proof?: string | undefined } = {},
): string {
  const { registries, done, failed, skipped, interrupted, notVerified } = document
  if (interrupted || notVerified || failed.length + skipped.length > 0) return ''
  const changed = new Set(done.map(objectKey))
  if (!registries.some((registry) => changed.has(objectKey(registry)))) return ''
  const { steps, notes } = clientSteps(registries)
  const proves = proof === undefined ? [] : [{ command: proof, why: 'proves that all of it works' }]
  return renderStepsAndNotes({ steps: [...steps, ...proves], notes }, { paint, columns })
}

/** Notes are folded, commands are not: what is broken cannot be copied. */
export function renderStepsAndNotes({ steps, notes }: ClientSteps, look: Look): string {
  const folded = notes.map((note) => foldTo(note, look.columns ?? 0))
  return [renderNextSteps(steps, look), ...folded].join('\n')
}

export interface ClientSteps {
  steps: Step[]
  /** How many addresses are not shown, and a word about plain HTTP. */
  notes: string[]
}

/** What clients type: for one registry to pull from, and one to push to. */
export function clientSteps(registries: readonly RegistryDocument[]): ClientSteps {
  const [pull] = registries.toSorted((a, b) => attraction(b) - attraction(a))
  if (!pull) return { steps: [], notes: [] }
  const push = pull.takesPushes ? pull : registries.find(({ takesPushes }) => takesPushes)
  const shown = push && push !== pull ? [pull, push] : [pull]
  const rest = registries.length - shown.length
  const notes = [
    ...(rest > 0
      ? [`  (${counted(rest, 'more address', 'more addresses')}: apply -o json has them all)`]
      : []),
    ...plainHttpNote(shown),
  ]
  return { steps: stepsFor(pull, push), notes }
}

/** After a sandbox, which is gone. `options`: how the file was named, and the server where nothing else names it. */
export function renderNextAfterSandbox(options: string, paint: Paint, columns?: number): string {
  const command = `nexus-docker apply${options} --wait 5m`
  const step = { command, why: 'on a real server; the README says how to start one' }
  return renderNextSteps([step], { paint, columns })
}

/** One name for all comes first, then one that has a known image, then one that is for pulling alone. */
function attraction({ gathers, sample, takesPushes }: RegistryDocument): number {
  return (gathers ? 4 : 0) + (sample === undefined ? 0 : 2) + (takesPushes ? 0 : 1)
}

function stepsFor(pull: RegistryDocument, push: RegistryDocument | undefined): Step[] {
  // An IPv6 address has brackets, which are a pattern to a shell.
  const login = ({ host }: RegistryDocument) => ({ command: `docker login ${shellWord(host)}` })
  const pulls = {
    command: `docker pull ${shellWord(pull.prefix + (pull.sample ?? IMAGE))}`,
    why: pull.pullsNeedLogin ? `from ${pull.id}` : `from ${pull.id}, without signing in`,
  }
  const pushes = push && [
    { command: `docker tag ${IMAGE} ${shellWord(push.prefix + IMAGE)}`, why: 'one of yours' },
    { command: `docker push ${shellWord(push.prefix + IMAGE)}`, why: `to ${push.id}` },
  ]
  if (!push || !pushes) return pull.pullsNeedLogin ? [login(pull), pulls] : [pulls]
  // What holds only what is pushed there has nothing to pull before.
  if (push === pull && pull.sample === undefined) return [login(pull), ...pushes, pulls]
  const logins = pull.pullsNeedLogin ? [login(pull)] : []
  const isOneHost = pull.host === push.host && pull.pullsNeedLogin
  return [...logins, pulls, ...(isOneHost ? [] : [login(push)]), ...pushes]
}

/** Docker takes plain HTTP from the machine itself (127.0.0.0/8) alone: docs.docker.com, dockerd, "Insecure registries". */
function plainHttpNote(shown: readonly RegistryDocument[]): string[] {
  const hosts = [...new Set(shown.filter(({ plainHttp }) => plainHttp).map(({ host }) => host))]
  const [first] = hosts
  if (first === undefined) return []
  const isHere = isLoopback(first.replace(/:\d+$/, ''))
  return [
    isHere
      ? 'Plain HTTP works only with Docker on this machine; from elsewhere it needs TLS in front.'
      : `Docker refuses plain HTTP: put TLS in front, or list ${hosts.join(' and ')} under "insecure-registries" in its daemon.json.`,
  ]
}

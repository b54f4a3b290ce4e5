import type { Ask, Reply } from '../door.ts'
import type { Subject } from '../evidence.ts'
import { type Probe, type Proxied, Skipped } from '../probe.ts'
import type { Check } from './check.ts'
import { membersOf } from './pull.ts'

/** Who does not log in may pull, or may not: as the file says. */
export const anonymous: Check = {
  name: 'anonymous',
  stage: 1,
  title: (subject) =>
    subject.anonymous === 'let-in' ? 'lets everybody pull without a login' : 'refuses pulls without a login',
  needs: ['login'],
  // Where no client comes nothing is promised.
  applies: ({ anonymous: promise, address }) => promise !== undefined && address.way !== 'repository',
  async run(probe) {
    const something = pullable(probe)
    const isLetIn = probe.subject.anonymous === 'let-in'
    const open = isLetIn ? undefined : openGroupOf(probe)
    if (open) throw new Skipped(`"${open.name}" lets everybody pull what it has`)
    if (isLetIn && !something) throw new Skipped('no image is known there')
    const { name, tag, config } = something ?? { name: probe.imageName, tag: 'none', config: undefined }
    const askFor = (step: Ask['step'], rest: string): Ask => ({
      ...{ step, method: 'GET', path: probe.path(name, rest), as: 'nobody' },
      scope: { name, actions: ['pull'] },
    })
    const isRefused = ({ status, failure }: Reply) =>
      status === 401 || status === 403 || failure?.kind === 'token'
    const reply = await probe.expect(
      askFor('anonymous-pull', `manifests/${tag}`),
      isLetIn ? [200, 404] : isRefused,
    )
    // Those who log in do not find it, either: another check says why.
    if (isLetIn && reply.status === 404) throw new Skipped('what was pushed is not found there')
    // Somebody who was logged in has just pulled it: a cache in front may have kept it for everybody.
    const isPulled = (['pull', 'pull-member', 'pull-through'] as const).some((one) => probe.passed.has(one))
    if (!isLetIn && config !== undefined && isPulled)
      await probe.expect(askFor('anonymous-blob', `blobs/${config}`), isRefused)
    return undefined
  },
}

/** Behind one name for both, reads go to the group: who may read there may read all of it. */
function openGroupOf({ subject, shared }: Probe): Subject | undefined {
  if (subject.address.way !== 'endpoint') return undefined
  return shared.subjects.find(
    (group) => group.anonymous === 'let-in' && membersOf(group, shared).includes(subject),
  )
}

/** Something that is there: what was pushed, or what was pulled through. */
function pullable({ subject, shared }: Probe): Proxied | undefined {
  const sources = subject.type === 'group' ? membersOf(subject, shared) : [subject]
  for (const { name } of sources) {
    const pushed = shared.pushed.get(name)
    if (pushed?.arrived) return { ...pushed, config: pushed.image.config.digest }
    const proxied = shared.proxied.get(name)
    if (proxied) return proxied
  }
  return undefined
}

import { textOf } from '../../core/json.ts'
import type { Values } from '../../resources/contract/fields.ts'
import { type Case, lastOf, wordsOf } from '../evidence.ts'
import { asked, type Cause, field, isAtEndpoint, quoted, setting } from './cause.ts'

const writePolicyOf = ({ subject: { wanted } }: Case) => textOf(wanted['writePolicy']) || 'allow'
const policyDiffers = ({ subject: { actual, wanted } }: Case) =>
  actual !== undefined && actual['writePolicy'] !== wanted['writePolicy']
const isPush = ({ check }: Case) => check === 'push' || check === 'push-again'
const members = (values: Values) => (values['members'] ?? []) as string[]

/** The member that holds what was pushed, and that the group does not show. */
const pushedTo = (it: Case) => it.memberName ?? ''

/** Pushing, and finding again what was pushed (edge.md 4; docker-evidence 40 to 48). */
export const contentCauses: readonly Cause[] = [
  {
    code: 'write-policy',
    title: 'the write policy of the server is not that of the file',
    when: (it) =>
      isPush(it) &&
      (/read.only|does not allow updating|cannot be updated/i.test(wordsOf(it.wrong)) ||
        (it.check === 'push-again' && (it.wrong.status ?? 500) < 500) ||
        (writePolicyOf(it) === 'deny' && it.wrong.status === 202)),
    message: (it) => {
      const { subject, wrong } = it
      const did = (wrong.status ?? 0) < 400 ? 'took the push' : `refused the push (${quoted(it)})`
      return `"${subject.name}" ${did}, although its writePolicy is to be ${writePolicyOf(it)}`
    },
    hint: (it) =>
      (it.wrong.status ?? 0) < 400 || policyDiffers(it)
        ? 'Run apply, so that the server has the writePolicy of the file.'
        : 'Write the writePolicy that you need, and apply.',
    where: (it) => field(it, 'writePolicy'),
  },
  {
    code: 'quota',
    title: 'the blob store is full',
    when: (it) =>
      isPush(it) &&
      (it.wrong.status === 507 ||
        ((it.wrong.status ?? 0) >= 500 &&
          /"isViolation"\s*:\s*true/.test(lastOf(it, 'quota-status')?.text ?? '')) ||
        /no space left|quota/i.test(wordsOf(it.wrong))),
    message: (it) => `the blob store of "${it.subject.name}" has no room left (${quoted(it)})`,
    hint: 'Make room: cleanup policies and the task "Compact blob store", or a larger disk. A quota itself only warns.',
    where: (it) =>
      typeof it.subject.wanted['blobStore'] === 'string'
        ? { kind: 'file', path: ['blobStores', it.subject.wanted['blobStore']] }
        : field(it, 'blobStore'),
  },
  {
    code: 'head-digest-500',
    title: 'HEAD of a manifest by digest is 500',
    when: ({ wrong }) =>
      (wrong.step === 'head-digest' || wrong.step === 'head-manifest') && wrong.status === 500,
    message: (it) =>
      `HEAD of a manifest that GET finds is 500 on Nexus ${it.server.version ?? ''}: docker push dies after the layers`.replace(
        ' :',
        ':',
      ),
    hint: 'A fault of Nexus 3.96.0 and 3.96.1: upgrade.',
    where: setting('version of Nexus'),
  },
  {
    code: 'group-lacks-member',
    title: 'the group lacks the member',
    when: (it) =>
      it.check === 'pull-member' &&
      it.wrong.status === 404 &&
      members(it.subject.wanted).includes(pushedTo(it)) &&
      !members(it.subject.actual ?? it.subject.wanted).includes(pushedTo(it)),
    message: (it) =>
      `what was pushed to "${pushedTo(it)}" cannot be pulled from "${it.subject.name}": on the server the group lacks that member`,
    hint: 'Run apply: it gives the group the members of the file.',
    where: (it) => field(it, 'members'),
  },
  {
    code: 'not-in-group',
    title: 'the group does not show what its member has',
    when: (it) => it.check === 'pull-member' && it.wrong.status === 404,
    message: (it) => `"${pushedTo(it)}" has the image, and "${it.subject.name}" answers ${quoted(it)}`,
    hint: (it) =>
      isAtEndpoint(it)
        ? 'Does GET go to the group? Else a member in front of it has answered.'
        : 'The group may remember "not found": invalidate its cache.',
    where: setting('Repository → the group → Invalidate cache'),
  },
  {
    code: 'group-takes-push',
    title: 'the group takes pushes that it is not to take',
    when: (it) => it.check === 'refuse-push' && (it.wrong.status ?? 500) < 400,
    message: (it) => `"${it.subject.name}" took a push, and has no writableMember in the file`,
    hint: 'Write "writableMember" with the hosted member that is to have it, or null, and apply.',
    where: (it) => field(it, 'writableMember'),
  },
]

/** Last of all: the request and what came back. */
export const unexplained: Cause = {
  code: 'unexplained',
  title: 'an answer that no known cause explains',
  when: () => true,
  message: (it) => `${asked(it)} was answered with ${quoted(it) || 'nothing'}`,
  hint: 'Repeat with --debug, and look at nexus.log at that moment.',
  where: setting('nexus.log'),
}

import * as z from 'zod'
import { parseObject } from '../../core/json.ts'
import { isDigest } from '../../core/oci/reference.ts'
import { type Ask, asUser, type Reply } from '../door.ts'
import type { Subject } from '../evidence.ts'
import { type Probe, type Shared, Skipped } from '../probe.ts'
import type { Check } from './check.ts'
import { cancelUpload, pullPushed } from './push.ts'
import { ping } from './reach.ts'

/** Larger layers are not pulled: it is a proof, not a mirror. That of alpine is smaller. */
const SMALL_LAYER = 4 * 1024 ** 2

/** The members of a group, those of groups in it included, each once. */
export function membersOf(
  group: Subject,
  { subjects }: Pick<Shared, 'subjects'>,
  seen = new Set<string>(),
): Subject[] {
  const names = (group.wanted['members'] ?? []) as string[]
  return names.flatMap((name) => {
    const member = subjects.find((one) => one.name === name)
    if (!member || seen.has(name)) return []
    seen.add(name)
    return member.type === 'group' ? membersOf(member, { subjects }, seen) : [member]
  })
}

/** What was pushed to a hosted member can be pulled from the group. */
export const pullMember: Check = {
  name: 'pull-member',
  stage: 1,
  title: () => 'gives what was pushed to its hosted members',
  needs: ['login'],
  applies: ({ type }, { readOnly }) => type === 'group' && !readOnly,
  async run(probe) {
    const { shared, subject } = probe
    const members = membersOf(subject, shared).filter(({ name }) => shared.pushed.get(name)?.arrived)
    if (members.length === 0) throw new Skipped('nothing was pushed to a member')
    for (const { name } of members) {
      probe.memberName = name
      await pullPushed(probe, name)
    }
    return `from ${members.map(({ name }) => name).join(', ')}`
  },
}

/** A group takes no push on Community Edition; on Pro its writable member does (edge.md 2). */
export const refusePush: Check = {
  name: 'refuse-push',
  stage: 0,
  title: ({ wanted }) =>
    typeof wanted['writableMember'] === 'string' ? 'takes pushes for its writable member' : 'refuses pushes',
  needs: ['login'],
  applies: ({ type }, { readOnly }) => type === 'group' && !readOnly,
  async run(probe) {
    const { subject } = probe
    const ask: Ask = {
      step: 'group-push',
      method: 'POST',
      ...probe.onImage('blobs/uploads/', 'pull', 'push'),
    }
    const reply = await probe.ask(ask)
    if (reply.status === 202) {
      await cancelUpload(probe, reply)
      probe.exchanges.pop()
    }
    const isTaken = reply.status === 202
    const isToTake = typeof subject.wanted['writableMember'] === 'string'
    // Behind one name for both a reverse proxy sends it to the hosted repository.
    if (isTaken && !isToTake && subject.address.way === 'endpoint')
      return 'not here: this name passes pushes on to the hosted repository'
    const isRefused = reply.status !== undefined && reply.status >= 400 && reply.status < 500
    if (isToTake ? !isTaken : !isRefused) probe.fail(reply)
    return undefined
  },
}

/** Others have written it: what it names becomes a part of paths. */
const digest = z.string().refine(isDigest)
const content = z.looseObject({ digest, size: z.number(), urls: z.unknown().optional() })
const platform = z.looseObject({ architecture: z.unknown().optional(), os: z.unknown().optional() }).nullish()
const manifest = z.looseObject({
  manifests: z.array(z.looseObject({ digest, platform })).optional(),
  config: content.optional(),
  layers: z.array(content).optional(),
})
type Manifest = z.infer<typeof manifest>

/** What is no manifest was changed on its way: a server stores none. */
function parsed(probe: Probe, reply: Reply): Manifest {
  const { data } = manifest.safeParse(parseObject(reply.bytes.toString()))
  return data ?? probe.fail(reply, 'bytes-differ')
}

/** A small image that is known to be there, pulled through: manifest, one child of an index, configuration, a layer if it is small. */
export const pullThrough: Check = {
  name: 'pull-through',
  stage: 0,
  title: ({ image }) =>
    image ? `pulls ${image.name}:${image.tag} from its upstream` : 'pulls from its upstream',
  needs: ['login'],
  applies: ({ type }) => type === 'proxy',
  async run(probe) {
    const { image, actual, wanted, name: repository } = probe.subject
    if (!image) throw new Skipped(`no image is known there: name one with --image ${repository}=NAME:TAG`)
    const { name, tag } = image
    const read = { method: 'GET', ...asUser(name, 'pull') } as const
    const manifestAt = (reference: string) => probe.path(name, `manifests/${reference}`)
    const isKept = (reply: Reply) =>
      reply.status === 403 && !image.named && typeof (actual ?? wanted)['routingRule'] === 'string'
    const top = await probe.expect(
      { step: 'get-manifest', path: manifestAt(tag), ...read },
      (reply) => reply.status === 200 || isKept(reply),
    )
    if (top.status !== 200)
      throw new Skipped(
        `its routing rule keeps ${name} out: name another image with --image ${repository}=NAME:TAG`,
      )
    let found = parsed(probe, top)
    const child = childOf(found)
    if (child !== undefined) {
      const reply = await probe.expect({ step: 'get-child', path: manifestAt(child), ...read }, [200])
      if (reply.digest !== child) probe.fail(reply, 'bytes-differ')
      found = parsed(probe, reply)
    }
    const { config, layers = [] } = found
    const small = layers.find(({ size, urls }) => size <= SMALL_LAYER && urls === undefined)
    for (const blob of [config, small]) {
      if (!blob || blob.size > SMALL_LAYER) continue
      const path = probe.path(name, `blobs/${blob.digest}`)
      const reply = await probe.expect({ step: 'get-blob', path, ...read, size: blob.size }, [200])
      if (reply.digest !== blob.digest) probe.fail(reply, 'bytes-differ')
    }
    if (config) probe.shared.proxied.set(repository, { name, tag, config: config.digest })
    return undefined
  },
  inquire: askUpstream,
}

/** The image for the most usual machines, or the first of all. */
function childOf({ manifests }: Manifest): string | undefined {
  const usual = manifests?.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  )
  return (usual ?? manifests?.[0])?.digest
}

/** What the upstream says to this machine, and what the server says of the repository. */
async function askUpstream(probe: Probe): Promise<void> {
  const { subject, shared } = probe
  const { image, wanted } = subject
  const { remoteUrl } = wanted
  if (!image || typeof remoteUrl !== 'string' || !URL.canParse(remoteUrl)) return
  probe.note('repository-status', await shared.serverSide.repositoryStatus(subject.name))
  const door = shared.doors.upstream(remoteUrl, subject)
  try {
    const pinged = await probe.ask({ ...ping, step: 'upstream' }, door)
    if (pinged.status !== 200 && pinged.status !== 401) return
    // That it asks for a login is no fault yet.
    probe.exchanges[probe.exchanges.length - 1] = { ...pinged, status: 200 }
    const { name, tag } = image
    const head = { step: 'upstream-image', method: 'HEAD', ...asUser(name, 'pull') } as const
    const found = await probe.ask({ ...head, path: `${name}/manifests/${tag}` }, door)
    const digest = found.headers['docker-content-digest']
    const get = (step: Ask['step'], asked: string, reference: string) =>
      probe.ask({
        step,
        method: 'GET',
        path: probe.path(asked, `manifests/${reference}`),
        ...asUser(asked, 'pull'),
      })
    if (digest !== undefined) await get('by-digest', name, digest)
    if (!name.includes('/')) await get('with-library', `library/${name}`, tag)
  } finally {
    door.close()
  }
}

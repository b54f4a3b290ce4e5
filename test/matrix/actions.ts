// What is done with each client. An action says in one line what it saw that is not as it should be; its outcome is the client's own.
import type { Access, Session } from '../programs/clients/client.ts'
import { type Image, makeImage, seed, stored, writeImage } from '../programs/image.ts'
import type { Outcome, Workshop } from '../programs/workshop.ts'
import { type Address, type Mode, placeOf, type Role, type Target } from './target.ts'

export interface Step {
  outcome: Outcome
  /** What contradicts the client's own account: the wrong digest, a blob that is missing, something stored although refused. */
  contradiction?: string | undefined
}

export interface Bench {
  workshop: Workshop
  session: Session
  target: Target
  mode: Mode
  /** Part of names, so that no two cells share an image. */
  key: string
}

/** A cell that cannot be had with this client or target; the reason is shown. */
export class Unavailable extends Error {}

export interface Action {
  id: string
  title: string
  run(bench: Bench): Promise<Step>
}

function addressOf({ target, mode }: Bench, role: Role): Address {
  const address = target.address(role, mode)
  if (address === undefined) throw new Unavailable(`${target.name} has no such repository`)
  return address
}

async function signIn({ session }: Bench, { host }: Address, who: Access | undefined): Promise<void> {
  await session.signOut(host)
  const outcome = who === undefined ? undefined : await session.signIn(host, who)
  if (outcome?.ok === false) throw new Error(`${outcome.command}\n${outcome.text}`)
}

function pushOf({ session }: Bench): NonNullable<Session['push']> {
  if (session.push === undefined) throw new Unavailable('pushes by another client')
  return session.push.bind(session)
}

/** Pushes a new image, and looks past the client whether it is there. */
async function pushes(bench: Bench, role: Role, who: Access | undefined, tag = '1'): Promise<Step> {
  const push = pushOf(bench)
  const address = addressOf(bench, role)
  await signIn(bench, address, who)
  const before = await stored(placeOf(address, bench.key, tag, bench.target.administrator))
  const outcome = await push(
    writeImage(bench.workshop),
    `${address.host}/${address.prefix}${bench.key}:${tag}`,
  )
  const after = await stored(placeOf(address, bench.key, tag, bench.target.administrator))
  return {
    outcome,
    contradiction: outcome.ok ? missing(after, before?.digest) : left(after?.digest, before?.digest),
  }
}

function missing(after: Awaited<ReturnType<typeof stored>>, before?: string): string | undefined {
  if (after === undefined) return 'there is no manifest under the tag'
  if (after.digest === before) return 'the tag is what it was before'
  return after.complete ? undefined : 'a blob of the manifest is missing'
}

const left = (after: string | undefined, before: string | undefined): string | undefined =>
  after === before ? undefined : 'refused, but the tag has changed'

/** Pulls `image` and holds the digest that the client tells against its own; nobody signs in where `who` is left out. */
async function pulls(
  bench: Bench,
  role: Role,
  of: { name: string; image: Image },
  who?: Access,
): Promise<Step> {
  const { name, image } = of
  const address = addressOf(bench, role)
  await signIn(bench, address, who)
  const outcome = await bench.session.pull(`${address.host}/${address.prefix}${name}:1`)
  const { digest } = outcome
  const other = outcome.ok && digest !== undefined && digest !== image.manifest.digest
  return {
    outcome,
    contradiction: other ? `the digest is ${digest}, not ${image.manifest.digest}` : undefined,
  }
}

async function seeded(bench: Bench, role: Role, tag = '1'): Promise<Image> {
  const image = makeImage()
  await seed(placeOf(addressOf(bench, role), bench.key, tag, bench.target.administrator), image)
  return image
}

async function upstreamImage({ target, key }: Bench): Promise<Image> {
  if (target.seedUpstream === undefined) throw new Unavailable(`${target.name} has no upstream`)
  const image = makeImage()
  await target.seedUpstream(`up/${key}`, '1', image)
  return image
}

/** An image of one's own on a base that the group has from its proxy. */
async function pushesOver(bench: Bench): Promise<Step> {
  const { session, workshop, target, key } = bench
  const [own, group] = [addressOf(bench, 'ours'), addressOf(bench, 'all')]
  const base = await upstreamImage(bench)
  for (const address of [group, own]) await signIn(bench, address, target.administrator)
  const from = `${group.host}/${group.prefix}up/${key}:1`
  const to = `${own.host}/${own.prefix}${key}:1`
  // Nobody may profit from the order of the cells: the base is in the proxy's cache by this pull.
  const cached = await session.pull(from)
  if (!cached.ok) return { outcome: cached }
  const outcome = await (session.pushOver?.(from, to) ??
    pushOf(bench)(writeImage(workshop, makeImage(base)), to))
  const found = await stored(placeOf(own, key, '1', target.administrator))
  if (!outcome.ok) return { outcome, contradiction: left(found?.digest, undefined) }
  const single =
    found !== undefined && found.blobs.length < 3 ? 'the base is not part of the image' : undefined
  return { outcome, contradiction: missing(found) ?? single }
}

/** Two images under one tag. */
async function pushesTwice(bench: Bench, role: Role, tag: string): Promise<Step> {
  const first = await pushes(bench, role, bench.target.administrator, tag)
  if (!first.outcome.ok || first.contradiction !== undefined)
    throw new Error(`the first push: ${first.contradiction ?? first.outcome.text}`)
  return pushes(bench, role, bench.target.administrator, tag)
}

async function removes(bench: Bench): Promise<Step> {
  const { session, target, key } = bench
  if (session.remove === undefined) throw new Unavailable('cannot delete')
  const address = addressOf(bench, 'ours')
  const { manifest } = await seeded(bench, 'ours')
  await signIn(bench, address, target.administrator)
  const outcome = await session.remove(`${address.host}/${address.prefix}${key}@${manifest.digest}`)
  // Whether the tags go with it depends on the version.
  const found = await stored(placeOf(address, key, manifest.digest, target.administrator))
  const contrary = outcome.ok ? found !== undefined : found === undefined
  return {
    outcome,
    contradiction: contrary ? `the image is ${outcome.ok ? 'still there' : 'gone'}` : undefined,
  }
}

async function lists(bench: Bench): Promise<Step> {
  const { session, target, key } = bench
  if (session.tags === undefined) throw new Unavailable('cannot list tags')
  const address = addressOf(bench, 'ours')
  const tags = ['one', 'two', 'three']
  for (const tag of tags) await seeded(bench, 'ours', tag)
  await signIn(bench, address, target.administrator)
  const outcome = await session.tags(`${address.host}/${address.prefix}${key}`)
  const absent = tags.filter((tag) => !new RegExp(`\\b${tag}\\b`).test(outcome.stdout))
  const contradiction = outcome.ok && absent.length > 0 ? `not in the list: ${absent.join(', ')}` : undefined
  return { outcome, contradiction }
}

/** In the order of the table's columns. */
export const actions: readonly Action[] = [
  { id: 'push', title: 'push to hosted', run: (bench) => pushes(bench, 'ours', bench.target.administrator) },
  {
    id: 'pull',
    title: 'pull from hosted',
    run: async (bench) => {
      const image = await seeded(bench, 'ours')
      return pulls(bench, 'ours', { name: bench.key, image }, bench.target.administrator)
    },
  },
  {
    id: 'group-hosted',
    title: 'pull of hosted through the group',
    run: async (bench) => {
      addressOf(bench, 'all')
      const image = await seeded(bench, 'ours')
      return pulls(bench, 'all', { name: bench.key, image }, bench.target.administrator)
    },
  },
  {
    id: 'group-proxied',
    title: 'pull of proxied through the group',
    run: async (bench) => {
      const image = await upstreamImage(bench)
      return pulls(bench, 'all', { name: `up/${bench.key}`, image }, bench.target.administrator)
    },
  },
  { id: 'push-over', title: 'push of an image on a base that a proxy member has cached', run: pushesOver },
  {
    id: 'anonymous',
    title: 'pull through the group without signing in',
    run: async (bench) => {
      if (!bench.target.anonymous) throw new Unavailable('everybody has to sign in')
      const image = await upstreamImage(bench)
      return pulls(bench, 'all', { name: `up/${bench.key}`, image })
    },
  },
  {
    id: 'denied-group',
    title: 'push to a group on Community',
    run: (bench) => {
      if (bench.target.isOneName) throw new Unavailable('the reverse proxy sends it to the hosted repository')
      return pushes(bench, 'all', bench.target.administrator)
    },
  },
  {
    id: 'denied-policy',
    title: 'push where the write policy is deny',
    run: (bench) => pushes(bench, 'closed', bench.target.administrator),
  },
  {
    id: 'denied-user',
    title: 'push by who may only read: a user, where the server has users to make, else nobody',
    run: (bench) => {
      if (!bench.target.anonymous) throw new Unavailable('there is one user')
      return pushes(bench, 'ours', bench.target.reader)
    },
  },
  { id: 'again', title: 'second push of a tag, allow', run: (bench) => pushesTwice(bench, 'ours', '1') },
  {
    id: 'again-once',
    title: 'second push of a tag, allow-once',
    run: (bench) => pushesTwice(bench, 'once', '1'),
  },
  {
    id: 'again-latest',
    title: 'second push of latest, allow-once with latestPolicy',
    run: (bench) => pushesTwice(bench, 'once', 'latest'),
  },
  { id: 'delete', title: 'delete by digest', run: removes },
  { id: 'tags', title: 'list of tags', run: lists },
]

import { Readable } from 'node:stream'
import { textOf } from '../../core/json.ts'
import { leadsAway } from '../causes/edge.ts'
import { type Ask, asUser, type Reply } from '../door.ts'
import type { Subject } from '../evidence.ts'
import { type Blob, imageNames, MANIFEST, tinyImage } from '../image.ts'
import { type Probe, type Pushed, Skipped } from '../probe.ts'
import { newTag } from '../tags.ts'
import type { Check } from './check.ts'

export const writePolicyOf = ({ wanted }: Subject) => textOf(wanted['writePolicy']) || 'allow'
const write = ['pull', 'push']
const octets = { 'content-type': 'application/octet-stream' }
const isHosted = ({ type }: Subject) => type === 'hosted'
const isRefused = ({ status }: Reply) => status !== undefined && status >= 400 && status < 500

/** Begins an upload. The address of it has to be of the registry that was asked: clients send no credentials elsewhere. */
async function startUpload(probe: Probe, name = probe.imageName): Promise<Reply> {
  const path = probe.path(name, 'blobs/uploads/')
  const ask: Ask = { step: 'start-upload', method: 'POST', path, ...asUser(name, ...write) }
  const reply = await probe.expect(ask, [202])
  if (reply.headers['location'] === undefined) probe.fail(reply, 'no-location')
  assertAddress(probe, reply)
  return reply
}

function assertAddress(probe: Probe, reply: Reply): void {
  const { location = '' } = reply.headers
  if (!URL.canParse(location, reply.url) || leadsElsewhere(probe, reply)) probe.fail(reply)
}

function leadsElsewhere({ subject }: Probe, reply: Reply): boolean {
  return subject.address.way !== 'repository' && leadsAway(reply)
}

/** The address of an upload, resolved against the request that gave it. */
function uploadOf(reply: Reply, digest?: string): string {
  const url = new URL(reply.headers['location'] ?? '', reply.url)
  if (digest !== undefined) url.searchParams.set('digest', digest)
  return url.href
}

/** A request about an upload. */
function onUpload(probe: Probe, reply: Reply, digest?: string): Pick<Ask, 'path' | 'as' | 'scope'> {
  return { ...probe.onImage('', ...write), path: uploadOf(reply, digest) }
}

/** How far an upload is, as regctl asks to resume one. A server that does not tell is not the one where it was begun. */
export async function askUploadStatus(probe: Probe): Promise<void> {
  const started = await startUpload(probe)
  const ask: Ask = { ...onUpload(probe, started), step: 'upload-status', method: 'GET' }
  const reply = await probe.ask(ask)
  const asked = probe.exchanges.length
  await cancelUpload(probe, started)
  // What has to be right comes last among what was asked.
  probe.exchanges.splice(asked)
  if (reply.status === undefined || reply.status >= 300) probe.fail(reply)
}

/** By each other namespace of ours pushes come there, too. */
export async function askNamespaces(probe: Probe): Promise<void> {
  for (const namespace of probe.subject.address.namespaces?.slice(1) ?? [])
    await cancelUpload(probe, await startUpload(probe, imageNames(namespace).image))
}

/** An upload that is elsewhere stays: nothing is sent there. */
export async function cancelUpload(probe: Probe, reply: Reply): Promise<void> {
  const { location } = reply.headers
  if (location === undefined || !URL.canParse(location, reply.url) || leadsElsewhere(probe, reply)) return
  await probe.ask({ ...onUpload(probe, reply), step: 'cancel-upload', method: 'DELETE' })
}

/** One request for the whole blob. */
async function pushWhole(probe: Probe, { bytes, digest }: Blob): Promise<void> {
  const started = await startUpload(probe)
  const upload = onUpload(probe, started, digest)
  await probe.expect({ ...upload, step: 'put-blob', method: 'PUT', headers: octets, body: bytes }, [201])
}

/** In chunks of unknown length, as docker does: it reads `Range` of the answer, and fails without (distribution 2.8, blob_writer.go). */
async function pushChunked(probe: Probe, { bytes, digest }: Blob): Promise<void> {
  const started = await startUpload(probe)
  const patched = await probe.expect(
    {
      ...onUpload(probe, started),
      step: 'patch-blob',
      method: 'PATCH',
      headers: octets,
      body: () => Readable.from([bytes]),
    },
    [202, 204, 201],
  )
  if (!/^\d+-\d+$/.test(patched.headers['range'] ?? '')) probe.fail(patched, 'no-range')
  const located = patched.headers['location'] === undefined ? started : patched
  assertAddress(probe, located)
  await probe.expect(
    { ...onUpload(probe, located, digest), step: 'close-upload', method: 'PUT', headers: octets },
    [201, 204],
  )
}

const putManifest = (probe: Probe, tag: string, { bytes }: Blob): Ask => ({
  step: 'put-manifest',
  method: 'PUT',
  ...probe.onImage(`manifests/${tag}`, ...write),
  headers: { 'content-type': MANIFEST },
  body: bytes,
})

/**
 * Pushing as clients do it: existence check, one blob whole and one in chunks, manifest, mount (edge.md 4, steps 3 and 5). And what was
 * pushed is in this repository.
 */
export const push: Check = {
  name: 'push',
  stage: 0,
  title: (subject) =>
    writePolicyOf(subject) === 'deny'
      ? 'refuses pushes (writePolicy: deny)'
      : 'takes a push, from logged-in users only',
  needs: ['login'],
  applies: (subject, { readOnly }) => isHosted(subject) && !readOnly,
  async run(probe) {
    const { subject, shared } = probe
    const { options } = shared
    const start: Ask = { step: 'start-upload', method: 'POST', ...probe.onImage('blobs/uploads/', ...write) }
    if (writePolicyOf(subject) === 'deny') {
      const reply = await probe.ask(start)
      if (!isRefused(reply)) await failAfterCancel(probe, reply)
      return undefined
    }
    await refusesNobody(probe, start)
    const isEdge = subject.address.way === 'endpoint'
    const image = tinyImage(isEdge ? options.edgeLayerSize : options.layerSize)
    const tag = newTag(options.self)
    const head = (blob: Blob): Ask => ({
      step: 'head-blob',
      method: 'HEAD',
      ...probe.onImage(`blobs/${blob.digest}`, ...write),
    })
    await probe.expect(head(image.config), [404])
    await pushWhole(probe, image.config)
    await pushChunked(probe, image.layer)
    await probe.expect(head(image.layer), [200])
    // Known before it is sent: an interrupt must find it.
    const pushed: Pushed = { name: probe.imageName, image, tag }
    shared.pushed.set(subject.name, pushed)
    const put = await probe.expect(putManifest(probe, tag, image.manifest), [201])
    if (put.headers['docker-content-digest'] !== image.manifest.digest) probe.fail(put, 'no-digest')
    await mount(probe, image.config)
    await cameHome(probe, tag)
    pushed.arrived = true
    return undefined
  },
  async inquire(probe) {
    if (probe.exchanges.at(-1)?.step === 'pushed-at-home') await lookElsewhere(probe)
    const { blobStore } = probe.subject.wanted
    if (typeof blobStore === 'string')
      probe.note('quota-status', await probe.shared.serverSide.quotaStatus(blobStore))
  },
}

/** Without a login a push is refused; and who pings first must have been asked for one (edge.md 0, finding 7). */
async function refusesNobody(probe: Probe, start: Ask): Promise<void> {
  const ask: Ask = { ...start, step: 'anonymous-push', as: 'nobody' }
  const reply = await probe.ask({ ...ask, bare: true })
  const pinged = probe.exchanges.findLast(({ step }) => step === 'ping')
  if (reply.status === 202) await failAfterCancel(probe, reply)
  if (reply.status === 401 && pinged?.status === 200) probe.fail(reply)
  if (!reply.challenges.some(({ scheme }) => scheme === 'bearer')) return
  // Clients that do not log in ask for a token of nobody.
  const withToken = await probe.ask(ask)
  if (withToken.status === 202) await failAfterCancel(probe, withToken)
}

/** What stands in front may have led all of it to another repository, and would bring it back from there. */
async function cameHome(probe: Probe, tag: string): Promise<void> {
  if (probe.subject.address.way === 'repository') return
  const reply = await probe.askAtHome({ step: 'pushed-at-home', method: 'HEAD' }, `manifests/${tag}`)
  // Only the registry's own word counts: this way to it is not what is proved here.
  const isRegistry = reply.headers['docker-distribution-api-version'] !== undefined
  if (reply.status === 404 && isRegistry && !reply.page) probe.fail(reply)
}

/** Which of the other repositories has it, by its name or by that in the path of clients. */
async function lookElsewhere(probe: Probe): Promise<void> {
  const { subject, shared, imageName } = probe
  const tag = shared.pushed.get(subject.name)?.tag ?? ''
  for (const { name: repository } of shared.subjects.filter(isHosted))
    for (const name of new Set([imageName, subject.address.prefix + imageName])) {
      const where = { repository, name }
      const reply = await probe.askAtHome(
        { step: 'pushed-elsewhere', method: 'HEAD' },
        `manifests/${tag}`,
        where,
      )
      if (reply.status === 200) return
    }
}

async function failAfterCancel(probe: Probe, reply: Reply): Promise<never> {
  if (reply.status === 202) {
    await cancelUpload(probe, reply)
    probe.exchanges.pop()
  }
  return probe.fail(reply)
}

/** A mount is made, or an upload begun in its place: both are right. `from` has a slash, which is sent as %2F. */
async function mount(probe: Probe, { digest }: Blob): Promise<void> {
  const { mounted } = probe.names
  const from = encodeURIComponent(probe.path(probe.imageName, '').replace(/\/$/, ''))
  const reply = await probe.expect(
    {
      step: 'mount',
      method: 'POST',
      path: `${probe.path(mounted, 'blobs/uploads/')}?mount=${digest}&from=${from}`,
      ...asUser(mounted, ...write),
    },
    [201, 202],
  )
  if (reply.status === 202) await cancelUpload(probe, reply)
}

/** What was pushed comes back with the same bytes: by tag, by digest, and in the list of tags. */
export async function pullPushed(probe: Probe, pushedTo = probe.subject.name): Promise<void> {
  const pushed = probe.shared.pushed.get(pushedTo)
  if (!pushed) throw new Skipped(`nothing was pushed to "${pushedTo}"`)
  const { name, image, tag } = pushed
  const at = (rest: string) => ({ path: probe.path(name, rest), ...asUser(name, 'pull') })
  const manifest = (reference: string) => at(`manifests/${reference}`)
  const { digest: whole } = image.manifest
  const got = await probe.expect({ step: 'get-manifest', method: 'GET', ...manifest(tag) }, [200])
  if (got.digest !== whole) probe.fail(got, 'bytes-differ')
  await probe.expect({ step: 'head-manifest', method: 'HEAD', ...manifest(tag) }, [200])
  await probe.expect({ step: 'head-digest', method: 'HEAD', ...manifest(whole) }, [200])
  for (const { digest, bytes } of [image.config, image.layer]) {
    const ask: Ask = { step: 'get-blob', method: 'GET', ...at(`blobs/${digest}`) }
    const blob = await probe.expect({ ...ask, size: bytes.length }, [200])
    if (blob.digest !== digest) probe.fail(blob, 'bytes-differ')
  }
  const listing = { step: 'list-tags', method: 'GET' } as const
  const isListed = ({ status, bytes }: Reply) => status === 200 && bytes.includes(`"${tag}"`)
  const list = await probe.ask({ ...listing, ...at('tags/list') })
  if (isListed(list)) return
  // Whether a group tells of its members' tags is its own affair; that something in front asks another repository is not.
  if (isHosted(probe.subject) || isListed(await probe.askAtHome(listing, 'tags/list', { name })))
    probe.fail(list, 'not-listed')
}

export const pull: Check = {
  name: 'pull',
  stage: 0,
  title: () => 'gives back what was pushed',
  needs: ['push'],
  applies: (subject, { readOnly }) => isHosted(subject) && !readOnly && writePolicyOf(subject) !== 'deny',
  async run(probe) {
    await pullPushed(probe)
    return undefined
  },
}

/** A second push of a tag: taken or refused, as the write policy says (docker-evidence 40, 42). */
export const pushAgain: Check = {
  name: 'push-again',
  stage: 2,
  title: (subject) =>
    writePolicyOf(subject) === 'allow'
      ? 'takes a second push of a tag (writePolicy: allow)'
      : `refuses a second push of a tag (writePolicy: ${writePolicyOf(subject)})`,
  needs: ['pull'],
  applies: (subject, { readOnly }) => isHosted(subject) && !readOnly && writePolicyOf(subject) !== 'deny',
  async run(probe) {
    const pushed = probe.shared.pushed.get(probe.subject.name)
    if (!pushed) throw new Skipped('nothing was pushed')
    const ask: Ask = { ...putManifest(probe, pushed.tag, pushed.image.second), step: 'put-again' }
    await probe.expect(ask, writePolicyOf(probe.subject) === 'allow' ? [201] : isRefused)
    return undefined
  },
}

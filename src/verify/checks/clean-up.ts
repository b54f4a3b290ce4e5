import { parseObject } from '../../core/json.ts'
import type { Ask } from '../door.ts'
import type { Probe } from '../probe.ts'
import { isLeftover } from '../tags.ts'
import type { Check } from './check.ts'

/** What killed runs have left, at most, in one run: the next one does the rest. */
const MOST = 50

/** What was pushed is removed, and what a run left that was killed. That a server keeps it is no fault, and told. */
export const cleanUp: Check = {
  name: 'clean-up',
  stage: 3,
  title: () => 'what was pushed is removed',
  needs: ['login'],
  applies: ({ type, wanted }, { readOnly }) =>
    type === 'hosted' && !readOnly && wanted['writePolicy'] !== 'deny',
  async run(probe) {
    const pushed = probe.shared.pushed.get(probe.subject.name)
    const left = await leftovers(probe)
    const kept: string[] = []
    // Whatever the tag leads to by now.
    if (pushed) await probe.ask({ ...manifestAt(probe, pushed.image.manifest.digest), method: 'DELETE' })
    for (const tag of [...(pushed ? [pushed.tag] : []), ...left])
      if (!(await remove(probe, tag))) kept.push(tag)
    // What stands in front may let no DELETE through, and a manifest without a tag is not seen.
    for (const { digest } of pushed ? [pushed.image.manifest, pushed.image.second] : [])
      if (!(await isRemoved(probe, digest))) kept.push(digest)
    const cleaned = left.length > 0 ? `with ${left.length} of earlier runs` : ''
    if (kept.length === 0) return cleaned === '' ? undefined : cleaned
    return `not here: the server keeps ${probe.imageName}${kept[0]?.includes(':') ? '@' : ':'}${kept[0]}${kept.length > 1 ? ` and ${kept.length - 1} more` : ''}; remove it in the web interface`
  },
}

async function leftovers(probe: Probe): Promise<string[]> {
  const reply = await probe.ask({ step: 'list-tags', method: 'GET', ...asDeleter(probe, 'tags/list?n=1000') })
  if (reply.status !== 200) return []
  const tags = parseObject(reply.bytes.toString())?.['tags']
  if (!Array.isArray(tags)) return []
  return tags
    .filter((tag) => typeof tag === 'string')
    .filter((tag) => isLeftover(tag, probe.shared.options.self))
    .slice(0, MOST)
}

/** Over the registry where the write policy lets it, else over the server's own API. Whether it is gone. */
async function remove(probe: Probe, tag: string): Promise<boolean> {
  const found = await probe.ask({ ...manifestAt(probe, tag), method: 'HEAD' })
  const digest = found.headers['docker-content-digest']
  // A registry takes the one or the other: by digest all its tags go, by tag perhaps that alone.
  for (const reference of [digest, tag]) {
    if (await isGone(probe, tag)) return true
    if (reference !== undefined) await probe.ask({ ...manifestAt(probe, reference), method: 'DELETE' })
  }
  if (await isGone(probe, tag)) return true
  return probe.shared.serverSide.removeImage(probe.subject.name, probe.imageName, tag)
}

async function isRemoved(probe: Probe, digest: string): Promise<boolean> {
  if (await isGone(probe, digest)) return true
  await probe.askAtHome({ step: 'delete', method: 'DELETE' }, `manifests/${digest}`)
  return isGone(probe, digest)
}

async function isGone(probe: Probe, reference: string): Promise<boolean> {
  return (await probe.ask({ ...manifestAt(probe, reference), method: 'HEAD' })).status === 404
}

function manifestAt(probe: Probe, reference: string): Omit<Ask, 'method'> {
  return { step: 'delete', ...asDeleter(probe, `manifests/${reference}`) }
}

function asDeleter(probe: Probe, rest: string): Pick<Ask, 'path' | 'as' | 'scope'> {
  return probe.onImage(rest, 'pull', 'push', 'delete')
}

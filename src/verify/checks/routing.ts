import { asUser } from '../door.ts'
import { type Probe, type Proxied, Skipped } from '../probe.ts'
import type { Check } from './check.ts'
import { membersOf } from './pull.ts'
import { askNamespaces, askUploadStatus, writePolicyOf } from './push.ts'

/**
 * What a reverse proxy in front must send where (edge.md 4, step 8): HEAD of a manifest where GET goes, HEAD of a layer and the state of an
 * upload to the hosted repository. The first two are seen with an image that only a proxy repository has.
 */
export const routing: Check = {
  name: 'routing',
  stage: 1,
  title: ({ type }) =>
    type === 'hosted'
      ? 'HEAD of a layer and the state of an upload come to the hosted repository'
      : 'HEAD of a manifest goes where GET goes',
  needs: ['login', 'push'],
  applies: ({ type, address }) => address.way === 'endpoint' && type !== 'proxy',
  async run(probe) {
    const { subject, shared } = probe
    const isHosted = subject.type === 'hosted'
    const writes = isHosted && !shared.options.readOnly && writePolicyOf(subject) !== 'deny'
    const sources = isHosted ? [...shared.proxied.keys()] : membersOf(subject, shared).map(({ name }) => name)
    const proxied = sources.map((name) => shared.proxied.get(name)).find((one) => one !== undefined)
    if (!proxied) {
      if (!writes) throw new Skipped('no image came through a proxy repository')
      await askUploads(probe)
      return 'tried with an upload alone, because no image came through a proxy repository'
    }
    const { name, tag } = proxied
    if (!isHosted) {
      const ask = { path: probe.path(name, `manifests/${tag}`), ...asUser(name, 'pull') }
      await probe.expect({ ...ask, step: 'proxied-get', method: 'GET' }, [200])
      await probe.expect({ ...ask, step: 'proxied-head', method: 'HEAD' }, [200])
      return undefined
    }
    await lacksBlob(probe, proxied)
    if (writes) await askUploads(probe)
    return undefined
  },
}

async function askUploads(probe: Probe): Promise<void> {
  await askNamespaces(probe)
  await askUploadStatus(probe)
}

/** The hosted repository answers for a layer that it lacks, and says so. */
async function lacksBlob(probe: Probe, proxied: Proxied): Promise<void> {
  const blob = `blobs/${proxied.config}`
  const reply = await probe.ask({ step: 'proxied-blob', method: 'HEAD', ...probe.onImage(blob, 'pull') })
  if (reply.status !== 200) return
  // Perhaps the hosted repository has the same layer: then it is right to say so.
  const atHome = await probe.askAtHome({ step: 'proxied-blob-at-home', method: 'HEAD' }, blob)
  if (atHome.status === 404) probe.fail(reply)
}

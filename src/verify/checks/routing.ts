import { asUser } from '../door.ts'
import { IMAGE_NAME } from '../image.ts'
import { Skipped } from '../probe.ts'
import { ownAddress } from '../subjects.ts'
import type { Check } from './check.ts'
import { membersOf } from './pull.ts'

/**
 * What a reverse proxy in front must send where (edge.md 4, step 8): HEAD of a manifest where GET goes, HEAD of a layer to the hosted
 * repository. Seen with an image that only a proxy repository has.
 */
export const routing: Check = {
  name: 'routing',
  stage: 1,
  title: ({ type }) =>
    type === 'hosted'
      ? 'HEAD of a layer comes to the hosted repository'
      : 'HEAD of a manifest goes where GET goes',
  needs: ['login', 'push'],
  applies: ({ type, address }) => address.way === 'endpoint' && type !== 'proxy',
  async run(probe) {
    const { subject, shared } = probe
    const isHosted = subject.type === 'hosted'
    const sources = isHosted ? [...shared.proxied.keys()] : membersOf(subject, shared).map(({ name }) => name)
    const proxied = sources.map((name) => shared.proxied.get(name)).find((one) => one !== undefined)
    if (!proxied) throw new Skipped('no image came through a proxy repository')
    const { name, tag, config } = proxied
    if (!isHosted) {
      const ask = { path: probe.path(name, `manifests/${tag}`), ...asUser(name, 'pull') }
      await probe.expect({ ...ask, step: 'proxied-get', method: 'GET' }, [200])
      await probe.expect({ ...ask, step: 'proxied-head', method: 'HEAD' }, [200])
      return undefined
    }
    const head = { method: 'HEAD', ...asUser(IMAGE_NAME, 'pull') } as const
    const blob = `blobs/${config}`
    const reply = await probe.ask({ ...head, step: 'proxied-blob', path: probe.path(IMAGE_NAME, blob) })
    if (reply.status !== 200) return undefined
    // Perhaps the hosted repository has the same layer: then it is right to say so.
    const own = shared.doors.at(ownAddress(subject.name, shared.server.url))
    const atHome = await own.ask({ ...head, step: 'proxied-blob-at-home', path: `${IMAGE_NAME}/${blob}` })
    own.close()
    if (atHome.status === 404) probe.fail(reply)
    return undefined
  },
}

// Random images that our client pushes: pulled again byte by byte, and read by others. RANDOM_IMAGES=500 makes all of them, 1 GB and more.
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushImage } from '../../src/registry/images.ts'
import type { Credentials } from '../../src/registry/options.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { startDockerRegistry } from '../programs/docker-registry.ts'
import { type Outcome, openWorkshop, reasonToSkip, type Workshop } from '../programs/workshop.ts'
import { OCI_INDEX, registry } from '../registry/helpers.ts'
import { pushAndCompare, type RandomImage, randomImage, sourceOf } from '../registry/random-images.ts'
import { applyTo, freePorts } from '../verify/verify-on.ts'

const images = Number(process.env['RANDOM_IMAGES'] ?? 60)
const readByOthers = Math.min(50, Math.ceil(images / 5))
const largest = 20_000_000
/** What others read has no large layers: it is their digests that are looked at. */
const largestForOthers = 500_000

interface Place {
  host: string
  credentials?: Credentials
}

async function dockerRegistry(workshop: Workshop): Promise<Place> {
  const { host } = await startDockerRegistry(workshop)
  return { host }
}

/** Everybody may pull from it. */
async function sandbox(workshop: Workshop): Promise<Place> {
  const server = await startSandbox({ connectorOffset: 0 })
  workshop.onClose(() => server.close())
  const [port] = await freePorts(1)
  await applyTo(server, { anonymousPull: true, repositories: { ours: { type: 'hosted', httpPort: port } } })
  const { username, password } = server
  return { host: `127.0.0.1:${port}`, credentials: { username, password } }
}

/** skopeo refuses an index in an index: so many that it has enough without them. */
const pushedForOthers = Math.ceil((readByOthers * 9) / 8) + 1
const isNested = ({ manifests }: RandomImage) =>
  [...manifests.values()].some(({ mediaType }) => mediaType === OCI_INDEX)

/** Copies an image with all that it names into a folder. */
type Reader = (workshop: Workshop, reference: string, folder: string) => Promise<Outcome>
const readers: Record<string, Reader> = {
  skopeo: (workshop, reference, folder) =>
    workshop.run([
      'skopeo',
      'copy',
      '--all',
      '--src-tls-verify=false',
      `docker://${reference}`,
      `dir:${folder}`,
    ]),
  crane: (workshop, reference, folder) =>
    workshop.run(['crane', 'pull', '--format', 'oci', reference, folder]),
  async regctl(workshop, reference, folder) {
    const env = { REGCTL_CONFIG: join(workshop.folder, 'regctl.json') }
    const [host = ''] = reference.split('/')
    await workshop.run(['regctl', 'registry', 'set', '--tls', 'disabled', '--skip-check', host], { env })
    return workshop.run(['regctl', 'image', 'copy', reference, `ocidir://${folder}:app`], { env })
  },
}

async function digestsIn(folder: string): Promise<Set<string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const digests = files.map(async ({ parentPath, name }) => {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(parentPath, name)), hash)
    return `sha256:${hash.digest('hex')}`
  })
  return new Set(await Promise.all(digests))
}

describe.each([
  ['docker-registry', dockerRegistry, reasonToSkip('docker-registry')],
  ['the sandbox', sandbox, undefined],
] as const)('%s', (_, start, reason) => {
  let workshop: Workshop
  let place: Place
  const pushed: { reference: string; image: RandomImage }[] = []

  beforeAll(async () => {
    workshop = openWorkshop()
    if (reason === undefined) place = await start(workshop)
  })
  afterAll(() => workshop.close())

  it(`gives ${images} random images back byte by byte`, async ({ skip }) => {
    skip(reason !== undefined, reason)
    const client = registry(`http://${place.host}`, { credentials: place.credentials })
    let compared = 0
    for (let number = 0; number < images; number += 1)
      compared += await pushAndCompare(client, number, largest)
    console.log(`${compared} bytes compared`)
    expect(compared).toBeGreaterThan(images * 2_000_000)
  })

  it(`takes ${pushedForOthers} random images for others to read`, async ({ skip }) => {
    skip(reason !== undefined, reason)
    const client = registry(`http://${place.host}`, { credentials: place.credentials })
    for (let number = 0; number < pushedForOthers; number += 1) {
      const image = randomImage(number, largestForOthers)
      const name = `others/image-${number}`
      await pushImage(client, { name, reference: 'v1' }, sourceOf(image))
      pushed.push({ reference: `${place.host}/${name}:v1`, image })
    }
  })

  it.for(Object.entries(readers))('%s reads them', async ([name, read], { skip }) => {
    const missing = reasonToSkip(name) ?? reason
    skip(missing !== undefined, missing)
    const readable = pushed.filter(({ image }) => name !== 'skopeo' || !isNested(image))
    for (const { reference, image } of readable) {
      const folder = join(workshop.place(name), 'to')
      const { ok, text } = await read(workshop, reference, folder)
      expect({ ok, text }).toEqual({ ok: true, text })
      const there = await digestsIn(folder)
      const expected = [image.root.digest, ...image.manifests.keys(), ...image.blobs.keys()]
      expect(expected.filter((digest) => !there.has(digest))).toEqual([])
      rmSync(folder, { recursive: true })
    }
    expect(readable.length).toBeGreaterThanOrEqual(readByOthers)
  })
})

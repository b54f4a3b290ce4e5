// Going on from a file: its answers are what is proposed, and what no question asks for is named.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runInit } from '../../src/init/flow.ts'
import { answersOf, hasOwnComments, lostIn, readYaml } from '../../src/init/from-file.ts'
import { renderFile } from '../../src/init/render-file.ts'
import { converse, factsOf, lookOf, starts, textOf } from '../helpers/init.ts'

/** The file that the wizard writes when everybody presses Enter, from another file. */
async function again(text: string, server?: Parameters<typeof lookOf>[0]): Promise<string> {
  const file = readYaml(text)
  if (!file) throw new Error('no YAML')
  const facts = factsOf({ present: answersOf(file), look: () => Promise.resolve(lookOf(server)) })
  return renderFile((await runInit(undefined, facts)).situation)
}

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

it('a file of the wizard itself comes out as it was, and loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(starts, async (start) => {
      const { situation } = await converse({ ...start, template: undefined })
      const text = textOf(situation)
      const fresh = await again(text, start.server)
      expect(fresh).toBe(text)
      expect(lostIn(readYaml(text) ?? {}, readYaml(fresh) ?? {})).toEqual([])
      expect(hasOwnComments(text, fresh)).toBe(false)
    }),
    { numRuns: 200, seed },
  )
})

const written = `# Ours since 2021.
version: 1
nexus: { url: https://admin:canary-url@nexus.corp/, password: canary-password, version: 3.77.0 }
httpProxy:
  http: { host: proxy.corp, port: 3128, authentication: { username: jane, password: canary-proxy } }
  exclude: ["*.corp", "\${MORE}"]
bootstrap: { initialPassword: canary-first }
blobStores:
  images: { path: /mnt/images, quota: { type: spaceUsed, limit: 1 TiB } }
routingRules:
  r: { mode: block, matchers: ["^/x"] }
repositories:
  docker-hosted: { type: hosted, blobStore: images, httpPort: 5000, writePolicy: allow-once }
  quay: { type: proxy, blobStore: images, upstream: quay.io }
  hub: { type: proxy, blobStore: images, upstream: docker-hub }
  partner: { type: proxy, blobStore: images, remoteUrl: "https://r.partner.example/" }
  docker: { type: group, blobStore: images, httpPort: 5001, members: [docker-hosted, quay, partner, hub] }
`

describe('a file by hand', () => {
  it('gives the answers that it has', () => {
    expect(answersOf(readYaml(written) ?? {})).toEqual({
      url: 'https://nexus.corp',
      privateImages: true,
      upstreams: ['docker-hub', 'quay.io'],
      others: [{ repository: 'partner', url: 'https://r.partner.example' }],
      routing: 'ports',
      ports: { 'docker-hosted': 5000, docker: 5001 },
      edge: null,
      proxy: { host: 'proxy.corp', port: 3128, username: 'jane', exclude: ['*.corp'] },
      blobStore: { name: 'images', quota: null },
      initialPassword: null,
      acceptEula: false,
    })
  })

  it('passes no secret on', async () => {
    expect(await again(written)).not.toContain('canary')
  })

  it('is told what would be lost, by its path and without its values', async () => {
    const lost = lostIn(readYaml(written) ?? {}, readYaml(await again(written)) ?? {})
    expect(lost).toEqual([
      'nexus.version',
      'httpProxy.http.authentication.password',
      'httpProxy.exclude',
      'bootstrap',
      'blobStores.images.path',
      'blobStores.images.quota',
      'routingRules',
      'repositories.docker-hosted.writePolicy',
      'repositories.hub',
      'repositories.partner.remoteUrl',
      'repositories.docker.members',
    ])
    expect(hasOwnComments(written, await again(written))).toBe(true)
  })
})

it.each(['', 'a: [', '- a', 'just a text', 'a: *b', '{'])('takes no answers from %j', (text) => {
  expect(readYaml(text)).toBeUndefined()
})

it('takes answers from what is of another type as far as there are any', async () => {
  const anything = fc.jsonValue({ maxDepth: 3 })
  const keys = ['nexus', 'httpProxy', 'blobStores', 'repositories', 'bootstrap', 'anonymousPull']
  await fc.assert(
    fc.asyncProperty(fc.record(Object.fromEntries(keys.map((key) => [key, anything]))), async (file) => {
      const facts = factsOf({ present: answersOf(JSON.parse(JSON.stringify(file)) as never) })
      const { problems } = await runInit(undefined, facts)
      expect(problems).toEqual([])
    }),
    { numRuns: 300, seed },
  )
})

// Conversations with random answers: whatever was answered, the file is valid; and some of the files are applied. 500 are in
// test/slow/init.test.ts.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EdgeAnswer } from '../../src/init/answers.ts'
import { registryAddress } from '../../src/init/public-names.ts'
import { edgeOfConfig } from '../../src/run/edge-of-config.ts'
import { loadText } from '../../src/run/init/load-text.ts'
import { converse, settles, starts, templateNames, textOf } from '../helpers/init.ts'

/** For a name of this machine alone nothing is said. */
function withoutTls(edge: EdgeAnswer | null): boolean {
  return edge !== null && edge.tls === undefined && !/^(?:localhost|\[::1\])/.test(edge.hosts.pull)
}

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

it('writes a valid file whatever is answered, and no secret of the environment', async () => {
  console.log(`seed: ${seed}`)
  await fc.assert(
    fc.asyncProperty(starts, async (start) => {
      const { situation } = await converse(start)
      const text = textOf(situation)
      const { problems, config } = await loadText(text)
      const wrong = problems.filter(({ severity }) => severity === 'error')
      expect(wrong, text).toEqual([])
      expect(config?.nexus.url).toBe(situation.answers.url)
      const proxy = config?.objects.find(({ id }) => id === 'httpProxy')?.spec['http']
      const { username } = situation.answers.proxy ?? {}
      if (username !== undefined) expect(proxy).toMatchObject({ authentication: { username } })
      expect(text).not.toContain('canary-secret')
      const { edge } = situation.answers
      const codes = problems
        .map(({ code }) => code)
        .filter((code) => code.startsWith('edge-') && code !== 'edge-same-port')
      expect(codes, text).toEqual(withoutTls(edge) ? ['edge-without-tls'] : [])
      if (!config || !edge || start.template !== undefined) return
      // What the comments say, and what a reverse proxy needs.
      const { registries = [], upstreamUnknown } = edgeOfConfig(config) ?? {}
      expect(upstreamUnknown, text).toBeUndefined()
      for (const name of ['docker', 'docker-hosted'].filter((one) => text.includes(`\n  ${one}:`))) {
        const one = registries.find(({ repository, named }) => named && repository === name)
        expect(registryAddress(name, situation.answers), text).toBe(one && `${one.host}/${one.prefix}`)
      }
    }),
    { numRuns: 150, seed },
  )
})

// Always the same 500: a corner that is rare would be missed now and then.
it('reaches every corner of the conversation', async () => {
  const seen = {
    questions: 0,
    edges: new Set<string>(),
    templates: new Set<string | undefined>(),
    routings: new Set<string>(),
  }
  await fc.assert(
    fc.asyncProperty(starts, async (start) => {
      const { situation, asker } = await converse(start)
      seen.questions += asker.asked.length
      seen.templates.add(start.template)
      seen.routings.add(situation.answers.routing)
      const { edge } = situation.answers
      if (edge) seen.edges.add(Object.keys({ ...edge.hosts, ...edge.tls }).join())
    }),
    { numRuns: 500, seed: 7 },
  )
  expect(seen.templates.size).toBe(templateNames.length + 1)
  expect([...seen.routings].toSorted()).toEqual(['path', 'ports', 'single-port'])
  const tls = ['', ',acme', ',endsFurtherOut', ',certificate,key']
  const edges = tls.flatMap((keys) => [`pull${keys}`, `pull,push${keys}`])
  expect([...seen.edges].toSorted()).toEqual(edges.toSorted())
  expect(seen.questions).toBeGreaterThan(500 * 6)
})

it('applied, the file leaves nothing to do', async () => {
  await fc.assert(fc.asyncProperty(starts, settles), { numRuns: 25, seed })
})

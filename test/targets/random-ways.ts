import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { Rule } from '../../src/edge/edge.ts'
import { considerEdge } from '../../src/edge/edge-of.ts'
import { normalised, routeOf } from '../../src/edge/route.ts'
import type { Target } from '../../src/targets/contract.ts'
import { listeningOf } from '../../src/targets/listening.ts'
import { goodEdgeCase } from '../edge/arbitrary.ts'
import { dodges, imageShapes, registryShapes } from '../edge/shapes.ts'

export interface Asked {
  /** `https://registry.example.com:5000`, always with the port. */
  origin: string
  method: string
  /** Normalised. */
  path: string
}

const shapes = [
  ...['library/base', 'acme/app', 'apps/acme/app'].flatMap(imageShapes),
  ...registryShapes('apps'),
  ...dodges,
]

/** A few of them as texts, for the real checker. */
export function randomTexts(target: Target, count: number): string[] {
  const edges = fc.sample(goodEdgeCase, count).flatMap((input) => considerEdge(input).edge ?? [])
  return edges.flatMap((edge) => {
    try {
      return target.render({ edge, from: ['repos.yml'] }).files.map(({ text }) => text)
    } catch {
      return []
    }
  })
}

const said = (action: Rule['action']) =>
  'to' in action ? action.to : 'redirect' in action ? `308 ${action.redirect}` : '404'

/** Random ways in: what is read back of the text, by a reader of its own, does with each request what the edge says. */
export function itHoldsForRandomWays(target: Target, read: (text: string) => (asked: Asked) => string): void {
  it('does what the way in says, for random ones; twice the same', () => {
    let rendered = 0
    fc.assert(
      fc.property(goodEdgeCase, (input) => {
        const { edge } = considerEdge(input)
        if (!edge) throw new Error('no way in')
        const render = () => target.render({ edge, from: ['repos.yml'] }).files[0]?.text ?? ''
        let text = ''
        try {
          text = render()
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
          expect((error as UserError).code).toMatch(/^not-(?:renderable|expressible)$/)
          return
        }
        rendered += 1
        expect(render()).toBe(text)
        const answer = read(text)
        for (const site of edge.sites) {
          const { port, tls } = listeningOf(edge, site)
          const origin = `http${tls ? 's' : ''}://${site.host}:${port}`
          const wrong = shapes.filter(({ method, path }) => {
            const wanted = said(routeOf(site, method, path))
            return answer({ origin, method, path: normalised(path) }) !== wanted
          })
          expect(wrong).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
    expect(rendered).toBeGreaterThan(100)
  })
}

import { describe, expect, it, onTestFinished } from 'vitest'
import type { Rendered, Target } from '../../src/targets/contract.ts'
import { type FrontName, fronts, startFront } from '../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { probe } from './front-probe.ts'
import { type Ends, openTrial, type Trial, type Way, ways } from './front-trial.ts'

/** A target's files in the program that they are for, in front of echo servers. Ends with the test. */
export async function serve(name: FrontName, render: (trial: Trial) => Rendered, way: Way, ends?: Ends) {
  const workshop = openWorkshop()
  onTestFinished(() => workshop.close())
  const trial = await openTrial(way, workshop, freePort, ends)
  const front = await startFront(name, render(trial), trial.ports, workshop)
  return { trial, front, workshop }
}

/** Every routing through the running program: nothing is to be complained of, by the probe or by the program's own checker. */
export function describeFront(
  name: FrontName,
  target: Target,
  { inexpressible = [] as string[] } = {},
): void {
  const reason = reasonToSkip(...fronts[name].programs, 'openssl')
  const render = ({ edge }: Trial) => target.render({ edge, from: ['repos.yml'] })

  it(`has ${name} to be tried`, ({ skip }) => {
    skip(reason !== undefined, reason)
  })

  describe.skipIf(reason !== undefined)(`${name} as rendered`, () => {
    const expressible = Object.entries<Way>(ways).filter(([way]) => !inexpressible.includes(way))
    it.each(expressible)('sends every request where it belongs: %s', async (_, way) => {
      const { trial, front } = await serve(name, render, way)
      expect(front.checked?.text ?? '').not.toMatch(/warn|deprecat|alert/i)
      expect(await probe(trial)).toEqual([])
    })

    it.each(['plain', 'further-out'] as const)('is right where TLS ends: %s', async (ends) => {
      const { trial } = await serve(name, render, ways.method, ends)
      expect(await probe(trial)).toEqual([])
    })
  })
}

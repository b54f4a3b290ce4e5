import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { Edge } from '../../src/edge/edge.ts'
import { caddy } from '../../src/targets/caddy.ts'
import { startFront } from '../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { caddyReader, caddyTokens } from './caddy-tokens.ts'
import { edgeFor } from './edges.ts'
import { certificateForExample } from './fronts/certificate.ts'
import { describeFront } from './fronts/describe-front.ts'
import { describeLimits, describeTrust } from './fronts/limits.ts'
import { exchange } from './fronts/raw-http.ts'
import { asExpression, edgeWith, harmless, hostileTexts, strangers, type Texts } from './hostile.ts'
import { itHoldsForRandomWays, randomTexts } from './random-ways.ts'

const reason = reasonToSkip('caddy', 'openssl')
const textOf = (edge: Edge) =>
  caddy
    .render({ edge, from: ['repos.yml'] })
    .files.map(({ text }) => text)
    .join('')

describeFront('caddy', caddy)
describeLimits('caddy', caddy)
describeTrust('caddy', caddy)

describe('Caddyfile', () => {
  itHoldsForRandomWays(caddy, caddyReader)

  it.each([
    ['method', edgeFor({ routing: 'method' })],
    [
      'namespace-without-connectors',
      edgeFor({
        routing: 'namespace',
        connectors: false,
        upstream: 'http://127.0.0.1:8081/nexus',
        tls: { acme: { email: 'me@example.com' } },
      }),
    ],
    [
      'two-hosts-tls-further-out',
      edgeFor({
        routing: 'two-hosts',
        upstream: 'https://nexus.internal:8443',
        tls: { endsFurtherOut: true },
        limits: { upload: 10 * 1024 ** 3, timeout: 60 },
      }),
    ],
    ['ports', edgeFor({ routing: 'ports', hosts: { pull: 'registry.example.com' } })],
  ])('reads well: %s', async (name, edge) => {
    await expect(textOf(edge)).toMatchFileSnapshot(`../golden/targets/caddy/${name}.Caddyfile`)
  })

  it.each(['files', 'acme'] as const)('has each text of a file as one token, with %s', (ends) => {
    const usual = caddyTokens(textOf(edgeWith(harmless, ends)))
    let rendered = 0
    fc.assert(
      fc.property(hostileTexts, (texts) => {
        const text = rendering(texts, ends)
        if (text === undefined) return
        rendered += 1
        expect(strangers(caddyTokens(text), usual, texts, forms)).toEqual([])
      }),
      { numRuns: 300 },
    )
    expect(rendered).toBeGreaterThan(100)
  })

  it.skipIf(reason !== undefined)('leads from port 80 to TLS', async () => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const [plain, encrypted] = [await freePort(), await freePort()]
    const pem = certificateForExample()
    const tls = {
      certificate: workshop.file('registry.crt', pem.certificate),
      key: workshop.file('registry.key', pem.key),
    }
    const moved = `{\n\thttp_port ${plain}\n\thttps_port ${encrypted}\n}\n\n`
    const text = textOf(edgeFor({ routing: 'path', tls })).replace('\n\n', `\n${moved}`)
    const rendered = { files: [{ name: 'Caddyfile', text }], notes: [] }
    await startFront('caddy', rendered, [plain, encrypted], workshop)
    const headers = { Host: 'registry.example.com' }
    expect(await exchange({ port: plain, method: 'GET', target: '/v2/', headers })).toMatchObject({
      status: 308,
      headers: { location: 'https://registry.example.com/v2/' },
    })
  })

  it.skipIf(reason !== undefined)('Caddy takes random ways in, as well formatted', async () => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    for (const text of randomTexts(caddy, 20)) {
      const file = workshop.file('Caddyfile', text)
      const { ok, text: said } = await workshop.run(['caddy', 'adapt', '--config', file])
      expect(ok ? said : `${said}\n${text}`).not.toMatch(/error|"warn".*(?<!to the upstream"\})$/im)
    }
  })

  it.skipIf(reason !== undefined)('hostile values change nothing for Caddy', async () => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const adapted = async (text: string): Promise<string[]> => {
      const file = workshop.file('Caddyfile', text)
      const { stdout, ok, text: said } = await workshop.run(['caddy', 'adapt', '--config', file])
      if (!ok) throw new Error(`${said}\n${text}`)
      return leaves(JSON.parse(stdout))
    }
    // Caddy refuses hosts that are none by itself; sites are grouped by them.
    const sample = fc.sample(hostileTexts, 40).map((texts) => ({ ...texts, host: harmless.host }))
    const usual = await adapted(textOf(edgeWith(harmless, 'files')))
    for (const texts of sample) {
      const text = rendering(texts, 'files')
      if (text === undefined) continue
      expect(strangers([await adapted(text)], [usual], texts, forms)).toEqual([])
    }
  })
})

/** Every value with the way to it, in order. */
function leaves(value: unknown, way = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${way}=${String(value)}`]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${way}/${key}`))
}

const forms = [(value: string) => value, asExpression]

/** Undefined where it is refused. */
function rendering(texts: Texts, ends: 'files' | 'acme'): string | undefined {
  try {
    return textOf(edgeWith(texts, ends))
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({ code: 'not-renderable', exitCode: 3 })
    expect(Object.values(texts).join('')).toMatch(/[\p{Cc}{}`]/u)
    return undefined
  }
}

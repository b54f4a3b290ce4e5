import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { Edge } from '../../src/edge/edge.ts'
import { haproxy } from '../../src/targets/haproxy.ts'
import { formatted, section, word } from '../../src/targets/text/haproxy.ts'
import { checkFront, startFront } from '../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { edgeFor } from './edges.ts'
import { certificateForExample } from './fronts/certificate.ts'
import { describeFront } from './fronts/describe-front.ts'
import { describeLimits, describeTrust } from './fronts/limits.ts'
import { exchange } from './fronts/raw-http.ts'
import { haproxyReader, haproxyWords } from './haproxy-words.ts'
import {
  asExpression,
  edgeWith,
  harmless,
  hostileText,
  hostileTexts,
  strangers,
  type Texts,
} from './hostile.ts'
import { itHoldsForRandomWays, randomTexts } from './random-ways.ts'

const reason = reasonToSkip('haproxy', 'openssl')
const render = (edge: Edge) => haproxy.render({ edge, from: ['repos.yml'] })
const textOf = (edge: Edge) =>
  render(edge)
    .files.map(({ text }) => text)
    .join('')

describeFront('haproxy', haproxy)
describeLimits('haproxy', haproxy)
describeTrust('haproxy', haproxy)

describe('haproxy.cfg', () => {
  itHoldsForRandomWays(haproxy, haproxyReader)

  it.each([
    ['method', edgeFor({ routing: 'method' })],
    [
      'namespace-without-connectors',
      edgeFor({ routing: 'namespace', connectors: false, upstream: 'http://127.0.0.1:8081/nexus' }),
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
  ])('reads well: %s', async (name, edge) => {
    await expect(textOf(edge)).toMatchFileSnapshot(`../golden/targets/haproxy/${name}.cfg`)
  })

  it('cannot have certificates by ACME', () => {
    const edge = edgeFor({ routing: 'path', tls: { acme: {} } })
    expect(() => render(edge)).toThrow(
      expect.objectContaining({ code: 'not-expressible', exitCode: 3 }) as Error,
    )
  })

  it('has each text of a file as one word, whatever is in it', () => {
    const usual = haproxyWords(textOf(edgeWith(harmless, 'files')))
    let rendered = 0
    fc.assert(
      fc.property(hostileTexts, (texts) => {
        const text = rendering(texts)
        if (text === undefined) return
        rendered += 1
        expect(strangers(haproxyWords(text), usual, texts, forms)).toEqual([])
      }),
      { numRuns: 300 },
    )
    expect(rendered).toBeGreaterThan(100)
  })

  describe.skipIf(reason !== undefined)('as HAProxy reads it', () => {
    it('sends those who come by http and ask to https, and tells others that nothing is there', async () => {
      const workshop = openWorkshop()
      onTestFinished(() => workshop.close())
      const port = await freePort()
      const plain = textOf(edgeFor({ routing: 'path', upstream: 'http://127.0.0.1' }))
        .replace('bind :80,[::]:80 v6only\n', `bind :${port}\n`)
        .replaceAll(/^ {2}bind :443,.*\n/gm, '')
      await startFront('haproxy', alone(plain), [port], workshop)
      const ask = async (method: string, host: string) => {
        const { status, headers } = await exchange({
          port,
          ca: undefined,
          method,
          target: '/v2/?a=b',
          headers: { Host: host },
        })
        return [status, headers['location']]
      }
      expect(await ask('GET', 'registry.example.com')).toEqual([308, 'https://registry.example.com/v2/?a=b'])
      expect(await ask('POST', 'registry.example.com')).toEqual([404, undefined])
      expect(await ask('GET', 'elsewhere.example.com')).toEqual([404, undefined])
    })

    it('each word and each format means the text itself', async () => {
      const workshop = openWorkshop()
      onTestFinished(() => workshop.close())
      const port = await freePort()
      const held = fc.sample(hostileText, 60).filter((text) => !/\p{Cc}/u.test(text))
      const answers = held.flatMap((text, index) => [
        `http-request return content-type text/plain string ${word(text)} if { path /word/${index} }`,
        `http-request return content-type text/plain lf-string ${formatted(text, '%[path]')} if { path /format/${index} }`,
      ])
      const defaults = 'mode http\ntimeout client 5s\ntimeout server 5s\ntimeout connect 5s'
      const config = [
        section('defaults', defaults),
        section('frontend f', `bind 127.0.0.1:${port}`, ...answers),
      ]
      await startFront('haproxy', alone(`${config.join('\n')}\n`), [port], workshop)
      for (const [index, text] of held.entries()) {
        const [asWord, asFormat] = await Promise.all(
          ['word', 'format'].map(async (kind) =>
            (await fetch(`http://127.0.0.1:${port}/${kind}/${index}`)).text(),
          ),
        )
        expect([asWord, asFormat]).toEqual([text, `${text}/format/${index}`])
      }
    })

    it('takes random ways in', async () => {
      const workshop = openWorkshop()
      onTestFinished(() => workshop.close())
      for (const text of randomTexts(haproxy, 20)) {
        // Neither the certificates nor the names are there.
        const here = text
          .replaceAll(/ ssl crt .*$/gm, '')
          .replaceAll(/server nexus \S+/g, 'server nexus 127.0.0.1:1')
        const { checked } = await checkFront('haproxy', alone(here), workshop)
        expect(checked?.text).toBe('Configuration file is valid\n')
      }
    })

    it('hostile values change nothing', async () => {
      const workshop = openWorkshop()
      onTestFinished(() => workshop.close())
      for (const texts of fc.sample(hostileTexts, 20)) {
        const text = rendering(texts)
        if (text === undefined) continue
        // Without the certificate, which is not there.
        const plain = text.replaceAll(/ ssl crt .*$/gm, '')
        const { checked } = await checkFront('haproxy', alone(plain), workshop)
        expect(checked?.text).toBe('Configuration file is valid\n')
      }
    })

    it.each([
      ['registry.crt', 'registry.key', []],
      ['registry.pem', 'registry.pem.key', []],
      ['registry.pem', 'registry.pem', []],
      ['registry.crt', 'private/key.pem', ['registry.key']],
      ['fullchain.pem', 'privkey.pem', ['fullchain.pem.key']],
    ])('finds the key of %s in %s, or says where it looks', async (certificate, key, links) => {
      const workshop = openWorkshop()
      onTestFinished(() => workshop.close())
      const pem = certificateForExample()
      const folder = workshop.place('tls')
      const [certificateFile, keyFile] = [`${folder}/${certificate}`, `${folder}/${key}`]
      write(certificateFile, pem.certificate + (key === certificate ? pem.key : ''))
      if (key !== certificate) write(keyFile, pem.key)
      const rendered = render(
        edgeFor({
          routing: 'path',
          upstream: 'http://127.0.0.1',
          tls: { certificate: certificateFile, key: keyFile },
        }),
      )
      const wanted = links.map((link) => `ln -s ${keyFile} ${folder}/${link}`)
      expect(rendered.notes.flatMap((note) => /ln -s .*/.exec(note) ?? [])).toEqual(wanted)
      for (const link of links) symlinkSync(keyFile, `${folder}/${link}`)
      expect((await checkFront('haproxy', rendered, workshop)).checked?.text).toBe(
        'Configuration file is valid\n',
      )
    })
  })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
}

const alone = (text: string) => ({ files: [{ name: 'haproxy.cfg', text }], notes: [] })

const forms = [(value: string) => value, asExpression, (value: string) => value.replaceAll('%', '%%')]

/** Undefined where it is refused, which line breaks and the like have to be. */
function rendering(texts: Texts): string | undefined {
  try {
    return textOf(edgeWith(texts, 'files'))
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({ code: 'not-renderable', exitCode: 3 })
    expect(Object.values(texts).join('')).toMatch(/\p{Cc}/u)
    return undefined
  }
}

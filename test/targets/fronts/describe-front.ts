import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Rendered, Target } from '../../../src/targets/contract.ts'
import { type FrontName, fronts, startFront } from '../../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../../programs/workshop.ts'
import { edgeFor } from '../edges.ts'
import { certificateForExample } from './certificate.ts'
import { probe } from './front-probe.ts'
import { type Ends, type Home, openTrial, type Trial, type Way, ways } from './front-trial.ts'
import { exchange } from './raw-http.ts'

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
  { inexpressible = [] as string[], tolerates = [] as RegExp[] } = {},
): void {
  const reason = reasonToSkip(...fronts[name].programs, 'openssl')
  const complaints = async (trial: Trial) =>
    (await probe(trial)).filter((line) => !tolerates.some((one) => one.test(line)))
  const render = ({ edge }: Trial) => target.render({ edge, from: ['repos.yml'] })

  it(`has ${name} to be tried`, ({ skip }) => {
    skip(reason !== undefined, reason)
  })

  describe.skipIf(reason !== undefined)(`${name} as rendered`, () => {
    const expressible = Object.entries<Way>(ways).filter(([way]) => !inexpressible.includes(way))
    it.each(expressible)('sends every request where it belongs: %s', async (_, way) => {
      const { trial, front } = await serve(name, render, way)
      expect(front.checked?.text ?? '').not.toMatch(/warn|deprecat|alert/i)
      expect(await complaints(trial)).toEqual([])
    })

    const names = 'answers for no name but its own, whoever else it has to answer for'
    it.each(['plain', 'here'] as const)(`${names}: %s`, async (ends) => {
      const { trial } = await serve(name, render, ways['two-hosts'], ends)
      const { host, port } = trial.sites[0] as Trial['sites'][number]
      const to = { port, ca: trial.ca, servername: host, method: 'GET' }
      const strangers = [
        '192.0.2.1',
        `[2001:db8::1]:${port}`,
        `elsewhere.example.com:${port}`,
        `a.${host}`,
        `${host}.elsewhere.example.com`,
        host.replaceAll('.', 'x'),
      ]
      for (const stranger of strangers) {
        const headers = { Host: stranger }
        expect(await exchange({ ...to, target: '/v2/', headers })).toMatchObject({ status: 404 })
        // Whom the line of the request names is asked for. Nobody else may be named to Nexus.
        const named = await exchange({ ...to, target: `http://${host}:${port}/v2/`, headers })
        expect(named.headers['x-echo'] ?? '').not.toContain(stranger)
      }
      const nobody = await exchange({ ...to, target: '/v2/', headers: {}, version: '1.0' })
      expect([400, 404]).toContain(nobody.status)
      const dotted = ['caddy', 'haproxy'].includes(name) ? [] : [`${host}.`, `${host}.:${port}`]
      for (const own of [host.toUpperCase(), `${host}:1`, ...dotted]) {
        const { headers } = await exchange({ ...to, target: '/v2/', headers: { Host: own } })
        expect(headers).toHaveProperty('x-echo')
      }
    })

    it('has IPv6 addresses for names', async () => {
      const [registry, web] = Object.values<Home>(ways.path.homes) as [Home, Home]
      const way: Way = {
        wanted: { routing: 'path', hosts: { pull: '[::1]', web: '[::2]' } },
        homes: { '[::1]:443': registry, '[::2]:443': web },
      }
      const { trial } = await serve(name, render, way, 'plain')
      expect(await complaints(trial)).toEqual([])
    })

    it.each(['plain', 'further-out'] as const)('is right where TLS ends: %s', async (ends) => {
      const { trial } = await serve(name, render, ways.method, ends)
      expect(await complaints(trial)).toEqual([])
    })
  })
}

/** What port 80 of a front with ACME answers: to a client of the registry, and to the certificate authority. */
export async function overPlainHttp(
  name: FrontName,
  target: Target,
  usualPorts: (text: string, plain: number, encrypted: number) => string,
): Promise<string[]> {
  const workshop = openWorkshop()
  onTestFinished(() => workshop.close())
  // Whoever serves the file is not root, and the folder for temporary files may be closed to others.
  const webRoot = mkdtempSync('/tmp/ndw-www-')
  onTestFinished(() => rmSync(webRoot, { recursive: true }))
  const challenge = join(webRoot, '.well-known/acme-challenge')
  mkdirSync(challenge, { recursive: true })
  chmodSync(webRoot, 0o755)
  writeFileSync(join(challenge, 'token'), 'of the authority')
  const { certificate, key } = certificateForExample()
  const { files, notes } = target.render({
    edge: edgeFor({ routing: 'path', tls: { acme: {} } }),
    from: ['x'],
  })
  const [plain, encrypted] = [await freePort(), await freePort()]
  const moved = files.map((file) => ({
    ...file,
    text: usualPorts(file.text, plain, encrypted)
      .replaceAll('/var/www/html', webRoot)
      .replaceAll('/etc/letsencrypt/live/registry.example.com/fullchain.pem', workshop.file('c', certificate))
      .replaceAll('/etc/letsencrypt/live/registry.example.com/privkey.pem', workshop.file('k', key))
      .replaceAll('nexus:8081', '127.0.0.1:8081'),
  }))
  await startFront(name, { files: moved, notes }, [plain, encrypted], workshop)
  const ask = (path: string) =>
    exchange({ port: plain, method: 'GET', target: path, headers: { Host: 'registry.example.com' } })
  const [client, authority] = [await ask('/v2/_catalog?n=1'), await ask('/.well-known/acme-challenge/token')]
  return [
    `${client.status} ${client.headers['location']}`,
    `${authority.status} ${authority.body.toString()}`,
  ]
}

/** What a front with a limit of 1 MiB answers to 1 byte more, and to as much. */
export async function limited(name: FrontName, target: Target): Promise<number[]> {
  const way: Way = { ...ways.path, wanted: { ...ways.path.wanted, limits: { upload: 2 ** 20 } } }
  const { trial } = await serve(name, ({ edge }) => target.render({ edge, from: ['x'] }), way)
  const [{ host, port }] = trial.sites as [Trial['sites'][number]]
  const answers = [2 ** 20 + 1, 2 ** 20].map((size) =>
    exchange({
      ...{ port, ca: trial.ca, method: 'PATCH', target: '/v2/a/blobs/uploads/u' },
      headers: { Host: `${host}:${port}` },
      body: Buffer.alloc(size),
    }),
  )
  return (await Promise.all(answers)).map(({ status }) => status)
}

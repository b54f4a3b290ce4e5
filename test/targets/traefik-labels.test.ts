// The labels of a stack in Traefik itself: it reads them from something that answers as the manager of a swarm does.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { swarm } from '../../src/targets/swarm.ts'
import { routersAreEnabled } from '../programs/traefik.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'
import { probe } from './fronts/front-probe.ts'
import { openTrial, ways } from './fronts/front-trial.ts'

const reason = reasonToSkip('traefik', 'openssl')

/** What Compose makes of a label. */
function labelsOf(stack: string): Record<string, string> {
  const { services } = parse(stack) as { services: { nexus: { deploy: { labels: string[] } } } }
  return Object.fromEntries(
    services.nexus.deploy.labels.map((label) => {
      const equals = label.indexOf('=')
      return [label.slice(0, equals), label.slice(equals + 1).replaceAll('$$', () => '$')]
    }),
  )
}

/** The part of Docker's API that Traefik asks, with one service on this machine. Its port. */
async function startManager(labels: Record<string, string>): Promise<number> {
  const network = { Id: 'n1', ID: 'n1', Name: 'traefik', Spec: { Name: 'traefik' } }
  const answers: Record<string, unknown> = {
    version: { Version: '27.0.0', ApiVersion: '1.46' },
    networks: [network],
    services: [
      { ID: 's1', Spec: { Name: 'registry_nexus', Labels: labels }, Endpoint: { Spec: { Mode: 'vip' } } },
    ],
    tasks: [
      {
        ID: 't1',
        ServiceID: 's1',
        Slot: 1,
        Status: { State: 'running' },
        NetworksAttachments: [{ Network: network, Addresses: ['127.0.0.1/24'] }],
      },
    ],
  }
  const server = createServer((request, response) => {
    const [, last = ''] = /([a-z_]+)(?:\?.*)?$/.exec(request.url ?? '') ?? []
    response.setHeader('Content-Type', 'application/json').setHeader('Api-Version', '1.46')
    response.end(JSON.stringify(answers[last] ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

it('has Traefik to be tried', ({ skip }) => {
  skip(reason !== undefined, reason)
})

describe.skipIf(reason !== undefined)('labels of a stack', () => {
  const expressible = ['path', 'two-hosts', 'namespace', 'method', 'ports', 'subdomain'] as const

  it.each(expressible)('send every request where it belongs: %s', async (way) => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const trial = await openTrial(ways[way], workshop, freePort, 'plain')
    const [stack] = swarm.render({ edge: trial.edge, from: ['repos.yml'] }).files
    const manager = await startManager(labelsOf(stack?.text ?? ''))
    const api = await freePort()
    await workshop.daemon(
      [
        'traefik',
        `--providers.swarm.endpoint=tcp://127.0.0.1:${manager}`,
        `--entryPoints.traefik.address=127.0.0.1:${api}`,
        ...trial.ports.map((port) => `--entryPoints.port${port}.address=127.0.0.1:${port}`),
        ...['--api.insecure=true', '--global.checkNewVersion=false', '--global.sendAnonymousUsage=false'],
      ],
      () => routersAreEnabled(api, 'swarm'),
    )
    // Go's client asks for gzip by itself: see traefik.test.ts.
    const complaints = (await probe(trial)).filter((line) => !/Accept-Encoding is "gzip", not/.test(line))
    expect(complaints).toEqual([])
  })
})

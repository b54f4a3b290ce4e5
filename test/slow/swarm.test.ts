// The stack of docs/how-to/swarm-and-traefik.md, laid over and deployed as it says there: a real Swarm takes it, and Traefik takes every
// label from that Swarm. Nothing runs in it: there is no image.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { blocksOf, fileNameOf } from '../helpers/documents.ts'
import { program } from '../helpers/program.ts'
import { openOwnMachine } from '../programs/own-machine.ts'
import { routersAreEnabled, routersOf } from '../programs/traefik.ts'
import { freePort, openWorkshop, reasonToSkip } from '../programs/workshop.ts'

const reason =
  reasonToSkip('unshare', 'nsenter', 'setpriv', 'ip', 'dockerd', '/usr/bin/docker', 'traefik') ??
  (process.getuid?.() === 0 || process.env['CI'] ? undefined : 'not root')

it('has the programs that it needs', ({ skip }) => {
  skip(reason !== undefined, reason)
})

const page = readFileSync(
  fileURLToPath(new URL('../../docs/how-to/swarm-and-traefik.md', import.meta.url)),
  'utf8',
)
const files = new Map(blocksOf(page).map((block) => [fileNameOf(block), block.lines.join('\n')]))

interface Stack {
  services: { nexus: { deploy: { labels: string[] } } }
}

/** Traefik gives the address of a service as a whole, where it may not look for what runs of it. */
const wholeService = '    deploy: {labels: [traefik.swarm.lbswarm=true]}\n'

describe.skipIf(reason !== undefined)('a Swarm', () => {
  it('takes the stack, and Traefik its labels', async () => {
    const workshop = openWorkshop()
    onTestFinished(() => workshop.close())
    const { inside } = await openOwnMachine(workshop, { addresses: [], etc: {} })
    const file = workshop.file('repos.yml', files.get('repos.yml') ?? '')
    const folder = dirname(file)
    const socket = `unix://${join(folder, 'docker.sock')}`
    const run = async (argv: string[], input?: string) => {
      const outcome = await inside.run(argv, { ...(input !== undefined && { input }) })
      expect(outcome.text, outcome.command).toBe(outcome.ok ? outcome.text : '')
      return outcome.stdout.trim()
    }
    const docker = (argv: string[], input?: string) => run(['/usr/bin/docker', '-H', socket, ...argv], input)

    await run([process.execPath, ...program, 'render', 'swarm', '-f', file, '--out', folder])
    const own = `${files.get('local.yml')}`.replace(/( {2}nexus: )\{ (.*) \}/, `$1\n    $2\n${wholeService}`)
    const localFile = workshop.file('local.yml', own)

    const engine = ['dockerd', '--bridge=none', '--storage-driver=vfs', '--iptables=false', '-H', socket]
    await inside.daemon(
      engine,
      async () => (await inside.run(['/usr/bin/docker', '-H', socket, 'version'])).ok,
    )
    await docker(['swarm', 'init', '--advertise-addr', '127.0.0.1'])
    await docker(['network', 'create', '--driver', 'overlay', 'traefik'])
    await docker(['node', 'update', '--label-add', 'nexus=true', await docker(['node', 'ls', '--quiet'])])
    await docker(['secret', 'create', 'nexus-password', '-'], 'secret')
    const stack = ['--compose-file', join(folder, 'stack.yml'), '--compose-file', localFile]
    await docker(['stack', 'deploy', '--resolve-image', 'never', ...stack, 'registry'])

    const specOf = async (service: string) =>
      JSON.parse(await docker(['service', 'inspect', '-f', '{{json .Spec}}', service])) as unknown
    expect(await specOf('registry_nexus')).toMatchObject({
      TaskTemplate: {
        ContainerSpec: {
          Mounts: [
            { Source: 'registry_nexus-data', Target: '/nexus-data' },
            {
              Source: 'registry_nexus-blobs',
              Target: '/nexus-blobs',
              VolumeOptions: { DriverConfig: { Options: { type: 'nfs4' } } },
            },
          ],
        },
      },
    })
    expect(await specOf('registry_bootstrap')).toMatchObject({
      TaskTemplate: { ContainerSpec: { Image: 'images.example.com/tools/nexus-docker:0.1.0' } },
    })

    const port = await freePort()
    const { services } = parse(readFileSync(join(folder, 'stack.yml'), 'utf8')) as Stack
    const named = services.nexus.deploy.labels.flatMap(
      (label) => /^traefik\.http\.routers\.([^.]+)/.exec(label)?.[1] ?? [],
    )
    const options = {
      'providers.swarm.endpoint': socket,
      'entryPoints.traefik.address': `127.0.0.1:${port}`,
      'entryPoints.web.address': `127.0.0.1:${await freePort()}`,
      'entryPoints.websecure.address': `127.0.0.1:${await freePort()}`,
      'certificatesResolvers.letsencrypt.acme.storage': '/dev/null',
      'certificatesResolvers.letsencrypt.acme.tlsChallenge': 'true',
      'api.insecure': 'true',
      'global.checkNewVersion': 'false',
      'global.sendAnonymousUsage': 'false',
    }
    await workshop.daemon(
      ['traefik', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
      () => routersAreEnabled(port, 'swarm'),
    )
    expect(new Set(await routersOf(port, 'swarm'))).toEqual(new Set(named))
    expect(named.length).toBeGreaterThan(5)
  })
})

// Connectors: a port of its own for each repository that has an httpPort. A change of the repository restarts its connector
// (docker-evidence 25); one that cannot start is logged, and the repository stays (row 27).
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Repository, State } from '../kernel/state.ts'
import { dockerSettings } from './place.ts'

export interface ConnectorOptions {
  host: string
  /** Added to every port; `free` takes any free port instead. */
  offset: number | 'free'
  /** The server of one connector, not listening yet. */
  createServer: (repository: Repository) => Server
  /** What Nexus writes to its log. */
  log: (line: string) => void
}

export interface Connectors {
  /** Starts, stops and restarts connectors, so that they are what the repositories say. */
  follow(state: State): Promise<void>
  /** The address of a repository's connector; undefined while none listens. */
  url(repository: string): string | undefined
  close(): Promise<void>
}

interface Connector {
  repository: Repository
  /** The settings that it was started with; a PUT replaces them. */
  attributes: Repository['attributes']
  /** Undefined where there is no port, or it cannot be had. */
  server: Server | undefined
}

async function stop({ server }: Connector): Promise<void> {
  if (!server) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

export function createConnectors({ host, offset, createServer, log }: ConnectorOptions): Connectors {
  const connectors = new Map<string, Connector>()
  let last: Promise<void> = Promise.resolve()

  async function listen(repository: Repository, port: number): Promise<Server | undefined> {
    const server = createServer(repository)
    try {
      server.listen(port, host)
      await once(server, 'listening')
      const { port: taken } = server.address() as AddressInfo
      log(`INFO Started ServerConnector{${host}:${taken}}, repository ${repository.name}`)
      return server
    } catch (error) {
      const configuration = `{repositoryName=${repository.name}, scheme=http, port=${port}}`
      const reason = error instanceof Error ? error.message : String(error)
      log(`WARN Could not start connector: DockerConnectorConfiguration${configuration}: ${reason}`)
      return undefined
    }
  }

  async function start(repository: Repository): Promise<void> {
    const { name, attributes } = repository
    const { httpPort, httpsPort } = dockerSettings(repository)
    if (typeof httpsPort === 'number')
      log(`WARN Could not configure https connector on port ${httpsPort}: Unsupported HTTP Scheme: https`)
    const port = offset === 'free' ? 0 : Number(httpPort) + offset
    const server = typeof httpPort === 'number' ? await listen(repository, port) : undefined
    connectors.set(name, { repository, attributes, server })
  }

  async function follow(state: State): Promise<void> {
    const docker = state.repositories.filter(({ format }) => format === 'docker')
    const isCurrent = ({ repository, attributes }: Connector): boolean =>
      docker.includes(repository) && repository.attributes === attributes
    for (const [name, connector] of connectors) {
      if (isCurrent(connector)) continue
      connectors.delete(name)
      await stop(connector)
      if (connector.server) log(`INFO Stopped ServerConnector, repository ${name}`)
    }
    for (const repository of docker) if (!connectors.has(repository.name)) await start(repository)
  }

  return {
    follow(state) {
      const followed = last.then(() => follow(state))
      last = followed.catch(() => undefined)
      return followed
    },
    url(repository) {
      const address = connectors.get(repository)?.server?.address() as AddressInfo | null | undefined
      return address ? `http://${host.includes(':') ? `[${host}]` : host}:${address.port}` : undefined
    },
    async close() {
      await last
      await Promise.all([...connectors.values()].map(stop))
      connectors.clear()
    },
  }
}

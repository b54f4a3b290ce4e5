// The registry side of a server: what its docker repositories hold, and the ports and paths that lead to them.
import type { Server } from 'node:http'
import { htmlPage } from '../kernel/replies.ts'
import { createSandboxServer, type ServerParts, type StreamedAnswer } from '../kernel/server.ts'
import type { Reply, SandboxRequest } from '../kernel/types.ts'
import { createTokens } from './access.ts'
import { type ConnectorOptions, createConnectors } from './connectors.ts'
import { group } from './group.ts'
import { hosted } from './hosted.ts'
import { type Place, placeAtHost, placeOnMainPort } from './place.ts'
import { answerRegistry, type RegistryServer } from './protocol/answer.ts'
import type { ContentStore } from './store.ts'
import { createProxyHandler } from './upstream/proxy.ts'

export interface RegistryOptions {
  /** The parts of the main port. */
  parts: ServerParts
  store: ContentStore
  /** Left out: repositories have no ports. */
  connectors?: Omit<ConnectorOptions, 'createServer'>
}

export interface Registry {
  /** Answers the registry requests of the main port; undefined for any other. */
  streamed(request: SandboxRequest): StreamedAnswer | undefined
  /** Makes ports and content follow the repositories. */
  follow(): Promise<void>
  connectorUrl(repository: string): string | undefined
  /** Ends connectors and requests, and writes the content down. The main port has to be closed before. */
  close(): Promise<void>
}

/** What a connector answers outside of `/v2` (edge.md 4); the status is a guess. */
function notDocker({ profile }: ServerParts): Reply {
  return htmlPage(profile, 400, 'Bad Request', 'Not a docker request')
}

export function createRegistry({ parts, store, connectors: options }: RegistryOptions): Registry {
  const { state, profile } = parts
  const end = new AbortController()
  const handlers = { hosted, proxy: createProxyHandler(end.signal), group }
  const shared: RegistryServer = { state, profile, tokens: createTokens(), store, handlers }
  const open = new Set<Promise<Reply>>()

  /** Closing waits for what is being answered. */
  function tracked(place: Place): StreamedAnswer {
    return (streamed) => {
      const reply = answerRegistry(place, streamed, shared)
      open.add(reply)
      return reply.finally(() => open.delete(reply))
    }
  }

  const connectors =
    options &&
    createConnectors({
      ...options,
      createServer(repository): Server {
        function streamed({ path }: SandboxRequest): StreamedAnswer {
          const place = placeAtHost(repository, path)
          return place ? tracked(place) : () => Promise.resolve(notDocker(parts))
        }
        const shownBelow = `/repository/${repository.name}`
        return createSandboxServer({ ...parts, contextPath: '', streamed, shownBelow }).server
      },
    })

  return {
    streamed(request) {
      const place = placeOnMainPort(request, parts.contextPath, shared)
      return place && tracked(place)
    },
    async follow() {
      await connectors?.follow(state)
      await store.keepOnly(new Set(state.repositories.map(({ name }) => name)))
    },
    connectorUrl: (repository) => connectors?.url(repository),
    async close() {
      await connectors?.close()
      end.abort()
      await Promise.allSettled(open)
      await store.close()
    },
  }
}

import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { compareVersions } from '../core/versions.ts'
import { askStatus } from './assure-nexus.ts'
import type { Edition, Nexus, ServerInfo } from './connection.ts'
import { isWrongAddress } from './errors/address-rules.ts'
import { AnswerError } from './errors/answer-error.ts'

/** The first version with the stable repository API (`/v1/repositorySettings`; nexus-api section 3). */
const OLDEST_SUPPORTED = '3.26.0'

const SERVER_HEADER = /^Nexus\/(\d+\.\d+(?:\.\d+)?)(?:-\S+)?(?: \((\w+)\))?/i
const HINT = /^v?(\d+\.\d+(?:\.\d+)?)(?:-\S+)?(?:[\s/(]+(core|oss|community|pro)\)?)?$/i
const EDITIONS: readonly Edition[] = ['core', 'oss', 'community', 'pro']

/** `Nexus/3.77.1-01 (COMMUNITY)`, which every answer of a Nexus carries (nexus-api sections 1.1 and 3); undefined for others. */
export function parseServerHeader(header: string | undefined): ServerInfo | undefined {
  const match = SERVER_HEADER.exec(header ?? '')
  return match?.[1] === undefined
    ? undefined
    : { version: threeParts(match[1]), edition: editionOf(match[2]), header: match.input }
}

/** `3.90.0`, `3.90`, `3.90.0-01` or `3.90.0 pro`. Throws `invalid-version-hint`. */
export function parseVersionHint(hint: string): ServerInfo {
  const match = HINT.exec(hint.trim())
  if (!match?.[1]) {
    throw new UserError('invalid-version-hint', `"${hint}" is not a Nexus version`, {
      hint: 'Write it like 3.90.0, or like "3.90.0 pro" with the edition (core, oss, community, pro).',
      exitCode: 3,
    })
  }
  return { version: threeParts(match[1]), edition: editionOf(match[2]) }
}

/**
 * The server's version and edition: from any answer so far, else by asking (`/v1/status`, then `swagger.json`; both need no rights).
 * Throws `server-too-old` below 3.26 and `not-nexus`.
 */
export async function detectServer(nexus: Nexus): Promise<ServerInfo> {
  const server = nexus.server ?? (await askForServer(nexus))
  if (compareVersions(server.version, OLDEST_SUPPORTED) >= 0) return server
  throw new UserError(
    'server-too-old',
    `the server is Nexus ${server.version}, which has no stable repository API (it came with 3.26)`,
    { hint: 'Upgrade the server to 3.26 or later.' },
  )
}

async function askForServer(nexus: Nexus): Promise<ServerInfo> {
  const what = 'ask for the version'
  const allow = [401, 403, 404, 405]
  await askStatus(nexus, '', what, [401, 403, 405]).catch(unlessWithoutStatus)
  if (nexus.server) return nexus.server
  const path = '/service/rest/swagger.json'
  const { body } = await nexus.request({ method: 'GET', path, what, anonymous: true, allow })
  const { data } = apiDocument.safeParse(body)
  const match =
    data && /nexus/i.test(data.info.title) ? /^(\d+\.\d+(?:\.\d+)?)/.exec(data.info.version) : null
  if (match?.[1]) return { version: threeParts(match[1]), edition: 'unknown' }
  throw new UserError('not-nexus', 'what answers at this URL does not look like a Nexus Repository server', {
    hint: 'Check the URL, its port and its path. If a proxy in front hides the `Server` header, give the version of the server.',
    exitCode: 4,
  })
}

/** A server that has no such page may be an old one, whose header or document tells. Below a wrong address there is nothing to ask. */
function unlessWithoutStatus(error: unknown): void {
  if (!(error instanceof AnswerError) || error.status !== 404 || isWrongAddress(error)) throw error
}

/** `swagger.json`, as far as it matters here. */
const apiDocument = z.looseObject({ info: z.looseObject({ title: z.string(), version: z.string() }) })

function threeParts(version: string): string {
  return version.split('.').length === 2 ? `${version}.0` : version
}

function editionOf(text: string | undefined): Edition {
  const edition = text?.toLowerCase()
  return EDITIONS.find((known) => known === edition) ?? 'unknown'
}

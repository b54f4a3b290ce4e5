import { basename } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import { UserError } from '../core/errors.ts'
import type { Edge } from '../edge/edge.ts'
import type { Terminal } from '../ui/terminal.ts'
import { edgeOfConfig } from './edge-of-config.ts'
import { loadFile, reportProblems } from './input/sources.ts'
import type { FileOptions } from './options.ts'

export interface WayInFlags extends FileOptions {
  output: 'text' | 'json'
}

export interface WayIn {
  loaded: Loaded
  config: Config
  edge: Edge
  /** The files that it comes from, by their last names: where they lie on this machine is nobody's affair. */
  from: readonly string[]
}

/**
 * The way in that the file describes, read as `validate` reads it: without a server and without secrets. Undefined where the file is wrong,
 * which has been reported then. Throws `no-edge`, exit code 3.
 */
export async function loadWayIn(
  flags: WayInFlags,
  terminal: Terminal,
  options: { upstream?: string | undefined } = {},
): Promise<WayIn | undefined> {
  const loaded = await loadFile({ ...flags, lenientSecrets: true }, {}, terminal)
  const { config, sources } = loaded
  if (!config) {
    reportProblems(loaded.problems, loaded, terminal, flags)
    return undefined
  }
  const edge = edgeOfConfig(config, options)
  const from = sources.map(({ name }) => (name === '-' ? 'standard input' : basename(name)))
  if (edge) return { loaded, config, edge, from }
  throw new UserError('no-edge', `${from.join(', ')} does not say under which names clients reach Nexus`, {
    list: ['edge:', '  hosts: {pull: registry.example.com}', '  upstream: http://nexus:8081'],
    hint: 'Add these lines, with your names: the way in to Nexus, and Nexus as the reverse proxy reaches it.',
    exitCode: 3,
  })
}

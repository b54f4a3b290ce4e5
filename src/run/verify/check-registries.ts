import { hostname } from 'node:os'
import type { Config } from '../../config/config.ts'
import type { Loaded } from '../../config/load.ts'
import { foldTo } from '../../core/display-width.ts'
import { type ExitCode, UserError } from '../../core/errors.ts'
import { untilAborted } from '../../core/interrupt.ts'
import { pause } from '../../http/lifetime.ts'
import { type VerifyDocument, verifyDocument } from '../../report/verify/document.ts'
import { renderVerifyText } from '../../report/verify/text.ts'
import { kinds } from '../../resources/index.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { registryDoors } from '../../verify/registry-door.ts'
import { verifyAll } from '../../verify/run.ts'
import { serverSideOf } from '../../verify/server-side.ts'
import { subjectsOf } from '../../verify/subjects.ts'
import type { ProbeFlags, VerifyFlags } from '../options.ts'
import { clientOptions, connect } from '../server/client-options.ts'
import type { Target } from '../server/connection.ts'
import { readFacts } from './facts.ts'
import { assertKnown, endpointsOf, imagesOf, loginOf } from './probe-flags.ts'
import { throughOf } from './through.ts'

/** What is to be proved, and with what. */
export interface ToCheck {
  config: Config
  sources: Loaded['sources']
  target: Target
  signal: AbortSignal
  /** How long connectors may take until they listen, in milliseconds. */
  patienceMs: number
}

const TINY_LAYER = 512
/** nginx refuses more than 1 MiB unless it is told otherwise. */
const EDGE_LAYER = 1.25 * 1024 ** 2

/** Makes all checks of a file. Throws UserError for flags that are wrong, and where the server itself does not answer. */
export async function checkRegistries(it: ToCheck, flags: ProbeFlags): Promise<VerifyDocument> {
  const start = performance.now()
  const { config, sources, target, signal } = it
  const { connection, terminal } = target
  const names = config.objects
    .filter(({ kind }) => kinds.named(kind).namespace === 'repository')
    .map(({ id }) => id)
  if (names.length === 0) throw nothingToVerify()
  for (const name of flags.only ?? []) assertKnown('--only', name, names)
  const through = await throughOf(flags, config, terminal)
  const endpoints = new Map([...through.endpoints, ...endpointsOf(flags, names)])
  const images = imagesOf(
    flags,
    config.objects.filter(({ kind }) => kind === 'dockerProxy').map(({ id }) => id),
  )
  const { password, ...login } = await loginOf(flags, connection, terminal)
  // What was pushed is removed after an interrupt, too: this client does not end with it.
  const nexus = await connect(target, { initialPassword: undefined, signal: new AbortController().signal })
  terminal.report({ type: 'reading', url: connection.url })
  const onAbort = () => {
    terminal.err(
      `${String(signal.reason)}: stopping, once what was pushed is removed; once more to stop at once`,
    )
  }
  signal.addEventListener('abort', onAbort)
  try {
    const { state, server } = await untilAborted(signal, readFacts(nexus, config, connection.url))
    const { connectorUrl } = target
    const about = { kinds, state, server, endpoints, images, ...(connectorUrl && { connectorUrl }) }
    const subjects = subjectsOf(config, about)
    const verified = await verifyAll(
      {
        options: {
          readOnly: flags.readOnly ?? false,
          layerSize: flags.layerSize ?? TINY_LAYER,
          edgeLayerSize: flags.layerSize ?? EDGE_LAYER,
          patienceMs: it.patienceMs,
          self: { host: hostname(), pid: process.pid, now: Date.now(), isAlive },
          signal,
          delay: pause,
        },
        doors: registryDoors(
          await clientOptions(target),
          { username: login.username, password },
          config.secrets,
        ),
        serverSide: serverSideOf(nexus),
        server,
        login,
        subjects: subjects.filter(({ name }) => flags.only?.includes(name) ?? true),
      },
      { parallelism: flags.parallelism, onProgress: terminal.report },
    )
    return verifyDocument(verified, { server, config, sources, milliseconds: performance.now() - start })
  } finally {
    signal.removeEventListener('abort', onAbort)
    terminal.report({ type: 'settled' })
    nexus.close()
  }
}

function nothingToVerify(): UserError {
  const hint = 'Docker repositories are proved: name the file that describes them with -f.'
  return new UserError('nothing-to-verify', 'the file has no docker repository', { hint, exitCode: 3 })
}

/** Signal 0 only asks. A process of somebody else is one, too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The document in the form that is asked for, on standard output. */
export async function showVerified(
  document: VerifyDocument,
  output: VerifyFlags['output'],
  terminal: Terminal,
): Promise<void> {
  if (output === 'json') {
    terminal.json(document)
    return
  }
  const clean = terminal.clean(document)
  if (output === 'text') terminal.out(foldTo(renderVerifyText(clean, terminal.paint), terminal.columns ?? 0))
  else if (output === 'markdown')
    terminal.out((await import('../../report/verify/markdown.ts')).renderVerifyMarkdown(clean))
  else terminal.out((await import('../../report/verify/junit.ts')).renderVerifyJunit(clean))
}

/** 130 interrupted, 2 a check failed, 0 all passed. */
export function exitCodeOf({ interrupted, summary }: VerifyDocument): ExitCode {
  if (interrupted) return 130
  return summary.failed > 0 ? 2 : 0
}

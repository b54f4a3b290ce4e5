import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAddress } from '../../http/address.ts'
import type { Facts, FileAnswers } from '../../init/answers.ts'
import { connectorsOf } from '../../init/connectors.ts'
import { readTemplate } from '../../init/fill-template.ts'
import { offeredProxy } from '../../init/proxy-offer.ts'
import { usualRegistries } from '../../init/registries.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { InitFlags } from '../options.ts'
import { lookAtServer } from '../server/look-at-server.ts'

/** What the wizard knows before it asks: from the environment, the template, and the file that is there already. */
export function factsOf(
  flags: InitFlags,
  terminal: Terminal,
  files: { template: string | undefined; before: string | undefined; present: FileAnswers },
): Facts {
  const { environment } = terminal
  const needs = files.template === undefined ? undefined : readTemplate(flags.template ?? '', files.template)
  // Ports that the file at hand names are the registry's own: not taken, even when somebody listens there.
  const own = new Set([
    ...[...(files.before ?? '').matchAll(/\bhttps?Port: *(\d+)/g)].map(([, port]) => Number(port)),
    ...Object.values(files.present.ports ?? {}),
  ])
  const usual = { privateImages: true, upstreams: usualRegistries, others: [], routing: 'ports' as const }
  const candidates = connectorsOf(usual, needs).flatMap(({ port }) => [port, port + 1, port + 2])
  const ports = [...new Set(candidates)].filter((port) => !own.has(port))
  const unseen = { server: undefined, sentence: '', busyPorts: new Map<number, string>() }
  return {
    // Without the credentials that may stand in it.
    defaultUrl: parseAddress(environment['NEXUS_URL'] || 'http://localhost:8081').base,
    proxy: offeredProxy(environment),
    template: needs,
    present: files.present,
    look: (url) => (flags.offline ? Promise.resolve(unseen) : lookAtServer(url, ports, terminal)),
  }
}

/** The examples are part of the package, beside the folder of the program that was started; it may have been through a link. */
export function readExample(name: string): string {
  const program = realpathSync(process.argv[1] ?? '')
  return readFileSync(join(dirname(program), '..', 'examples', name, 'repos.yml'), 'utf8')
}

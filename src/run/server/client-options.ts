import { resolve } from 'node:path'
import { readBounded } from '../../config/sources/read-bounded.ts'
import { isLoopback } from '../../core/ports.ts'
import { proxyFor } from '../../http/proxy-environment.ts'
import { type ConnectionOptions, createNexus, type InitialPassword, type Nexus } from '../../nexus/client.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { maximumPemBytes, readPemFile } from '../input/option-files.ts'
import type { Target } from './connection.ts'
import { traceRequest } from './trace.ts'

/** A client for a server, with tracing as the flags ask for it. */
export async function connect(
  target: Target,
  given: { initialPassword: InitialPassword | undefined; signal: AbortSignal },
): Promise<Nexus> {
  return createNexus({
    ...(await clientOptions(target)),
    versionHint: target.connection.versionHint,
    // Waiting has made sure already.
    assureNexus: target.flags.wait === undefined && !staysHere(target),
    ...given,
  })
}

/** Whether what is sent does not leave this machine: a password may go along as it is. */
function staysHere({ connection: { url }, terminal: { environment } }: Target): boolean {
  const address = URL.canParse(url) ? new URL(url) : undefined
  return address !== undefined && isLoopback(address.hostname) && proxyFor(address, environment) === undefined
}

/** What the client and the waiting loop need alike. */
export async function clientOptions({ connection, flags, terminal }: Target): Promise<ConnectionOptions> {
  const { cwd, environment } = terminal
  const pem = async (path: string | undefined, option: string) =>
    path === undefined ? undefined : readPemFile(option, path, cwd)
  return {
    url: connection.url,
    username: connection.username,
    password: connection.password,
    passwordFrom: connection.passwordFrom,
    caCert:
      (await pem(flags.caCert, '--ca-cert')) ??
      (await pem(environment['NEXUS_CA_CERT'] || undefined, 'NEXUS_CA_CERT')),
    clientCert: await pem(flags.clientCert, '--client-cert'),
    clientKey: await pem(flags.clientKey, '--client-key'),
    extraCaCerts: await extraCaCerts(terminal),
    insecure: flags.insecure,
    maxAnswerBytes: flags.maxAnswer,
    timeoutMs: flags.timeout,
    parallelism: flags.parallelism,
    environment,
    redactor: terminal.redactor,
    onRequest: flags.verbose || flags.debug ? (event) => traceRequest(event, flags, terminal) : undefined,
  }
}

/** Node warns of a file that it cannot read, and does without. */
async function extraCaCerts({ environment, cwd }: Terminal): Promise<string | undefined> {
  const path = environment['NODE_EXTRA_CA_CERTS']
  if (!path) return undefined
  return readBounded(resolve(cwd, path), maximumPemBytes).then(String, () => undefined)
}

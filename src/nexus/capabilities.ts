import { compareVersions } from '../core/versions.ts'
import type { Edition, ServerInfo } from './connection.ts'

interface Gate {
  /** First version that has it. */
  since: string
  /** First version that no longer has it outside Pro. */
  untilOutsidePro?: string
  /** This edition alone has it. */
  edition?: 'pro' | 'community'
  /** What it is, as the subject of a sentence. */
  label: string
}

/**
 * What depends on version or edition, in one place (nexus-api section 3). `httpSettingsRest` outside Pro is worth a try only: where a
 * build leaves it out, the endpoint answers 404.
 */
const GATES = {
  dockerSingleGet: { since: '3.27.0', label: 'reading one Docker repository' },
  writableMember: { since: '3.27.0', edition: 'pro', label: 'the writable member of a group' },
  proprietaryComponents: { since: '3.30.0', label: 'component.proprietaryComponents' },
  replication: { since: '3.40.0', edition: 'pro', label: 'replication' },
  latestPolicy: { since: '3.41.0', label: 'storage.latestPolicy' },
  authorizingRealmHidden: { since: '3.60.0', label: 'a realm list without NexusAuthorizingRealm' },
  blobStoreImmutable: { since: '3.65.0', label: 'the check that a repository keeps its blob store' },
  httpSettingsRest: {
    since: '3.70.0',
    untilOutsidePro: '3.84.0',
    label: 'the REST API for HTTP settings',
  },
  bearerToken: { since: '3.76.0', label: 'authentication of type bearerToken' },
  eula: { since: '3.77.0', edition: 'community', label: 'the licence agreement (EULA)' },
  pathEnabled: { since: '3.83.0', label: 'docker.pathEnabled' },
  lowerCaseNames: { since: '3.89.0', label: 'the rule that names of Docker repositories are lower-case' },
  // Seen in 3.96, recorded as missing in 3.89 (nexus-api section 1.2); which release brought it is not known.
  signInLimit: { since: '3.90.0', label: 'the limit of failed sign-ins' },
  preserveEncodedCharacters: { since: '3.90.0', label: 'proxy.preserveEncodedCharacters' },
  ecrAuth: { since: '3.94.0', label: 'dockerProxy.ecrAuth' },
  firewall: { since: '3.94.0', label: 'the firewall section' },
  pathEnabledExcludesPorts: {
    since: '3.90.0',
    label: 'the rule that docker.pathEnabled and a port exclude each other',
  },
  subdomain: { since: '3.20.0', edition: 'pro', label: 'docker.subdomain' },
} as const satisfies Record<string, Gate>

export type Capability = keyof typeof GATES

/** Every capability, for tables and tests. */
export const CAPABILITIES = Object.keys(GATES) as Capability[]

/** Whether the server has it. An unknown edition gets the benefit of the doubt: the server itself will refuse what it does not have. */
export function offers(server: ServerInfo, capability: Capability): boolean {
  const gate: Gate = GATES[capability]
  const mayBe = (edition: Edition) => server.edition === edition || server.edition === 'unknown'
  if (compareVersions(server.version, gate.since) < 0) return false
  if (gate.edition !== undefined) return mayBe(gate.edition)
  return (
    gate.untilOutsidePro === undefined ||
    mayBe('pro') ||
    compareVersions(server.version, gate.untilOutsidePro) < 0
  )
}

/** The first version that has it, and the edition where no other one does. */
export function gateOf(capability: Capability): Gate {
  return GATES[capability]
}

/** One sentence for a capability that the server does not offer: `docker.pathEnabled needs Nexus 3.83 or later; this server is 3.77.1 Community`. */
export function whyNot(server: ServerInfo, capability: Capability): string {
  return `${neededFor(server, capability)}; this server is ${describeServer(server)}`
}

/** The first half of that sentence: `docker.pathEnabled needs Nexus 3.83 or later`. */
export function neededFor(server: ServerInfo, capability: Capability): string {
  const { label, since, edition, untilOutsidePro }: Gate = GATES[capability]
  const isTooOld = compareVersions(server.version, since) < 0
  if (untilOutsidePro !== undefined && !isTooOld)
    return `${label} needs Nexus Repository Pro from ${short(untilOutsidePro)} on`
  const orLater = isTooOld || edition === undefined ? ` ${short(since)} or later` : ''
  return `${label} needs Nexus${edition === undefined ? '' : ` Repository ${EDITION_NAMES[edition]}`}${orLater}`
}

/** `3.77.1 Community` */
export function describeServer({ version, edition }: ServerInfo): string {
  return edition === 'unknown' ? version : `${version} ${EDITION_NAMES[edition]}`
}

const EDITION_NAMES: Readonly<Record<Exclude<Edition, 'unknown'>, string>> = {
  core: 'core',
  oss: 'OSS',
  community: 'Community',
  pro: 'Pro',
}

function short(version: string): string {
  return version.replace(/\.0$/, '')
}

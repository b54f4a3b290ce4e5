import { compareVersions } from '../../core/versions.ts'
import { type PropertyName, propertyOf, type ServerProperties } from './properties.ts'

/** `core` is the open-source build, without what only Sonatype's own builds add: the Docker format among it. */
export type Edition = 'core' | 'oss' | 'community' | 'pro'

/** What differs between servers: version, edition, database. Every version gate of the sandbox asks `since`. */
export interface Profile {
  /** e.g. `3.89.0` */
  version: string
  edition: Edition
  /** OrientDB servers (3.28) differ from SQL servers in a few answers (nexus-api 2.2, 2.3). */
  database: 'orient' | 'sql'
  /** Whether the server is of this version or later: `since('3.71')`. */
  since(version: string): boolean
  /** Version with build number, as the server writes it: `3.89.0-09`. */
  fullVersion: string
  /** Value of the `Server` header: `Nexus/3.89.0-09 (CORE)`. */
  serverHeader: string
  /** What the server was configured with before it started (nexus.properties). */
  property(name: PropertyName): boolean
}

// Build numbers of the releases that were seen; any other release is shown as its first build.
const builds: Record<string, string> = { '3.71.0': '06', '3.89.0': '09' }

function editionLabel(edition: Edition, version: string): string {
  if (edition !== 'core') return edition.toUpperCase()
  return compareVersions(version, '3.77') < 0 ? 'OSS' : 'CORE' // open-source builds were called OSS until 3.76
}

/** Builds the profile of a server; the edition defaults to the free one of its time (OSS until 3.76). */
export function createProfile(
  version: string,
  edition?: Edition,
  properties: ServerProperties = {},
): Profile {
  const chosen = edition ?? (compareVersions(version, '3.77') < 0 ? 'oss' : 'community')
  const fullVersion = `${version}-${builds[version] ?? '01'}`
  // lists of a thousand repositories ask the same few gates for every field
  const known = new Map<string, boolean>()
  function since(other: string): boolean {
    const answer = known.get(other) ?? compareVersions(version, other) >= 0
    known.set(other, answer)
    return answer
  }
  return {
    version,
    fullVersion,
    serverHeader: `Nexus/${fullVersion} (${editionLabel(chosen, version)})`,
    edition: chosen,
    database: compareVersions(version, '3.41') < 0 ? 'orient' : 'sql',
    since,
    property: (name) => propertyOf(name, properties, since),
  }
}

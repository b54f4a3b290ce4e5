import { compareVersions } from '../../core/versions.ts'
import { type PropertyName, propertyOf, type ServerProperties } from './properties.ts'

/** `core` is the open-source build, without what only Sonatype's own builds add: the Docker format among it. */
export type Edition = 'core' | 'oss' | 'community' | 'pro'

/** Where the server keeps what it knows: OrientDB until 3.70, H2 (or PostgreSQL, which answers alike) from 3.71. */
export type Database = 'orient' | 'h2'

/** What differs between servers: version, edition, database. Every version gate of the sandbox asks `since`. */
export interface Profile {
  /** e.g. `3.89.0` */
  version: string
  edition: Edition
  /** OrientDB servers differ from SQL servers in a few answers (nexus-api 2.2, 2.3, 2.21). */
  database: Database
  /** Whether the server is of this version or later: `since('3.71')`. */
  since(version: string): boolean
  /** Version with build number, as the server writes it: `3.89.0-09`. */
  fullVersion: string
  /** Value of the `Server` header: `Nexus/3.89.0-09 (CORE)`. */
  serverHeader: string
  /** What the server was configured with before it started (nexus.properties). */
  property(name: PropertyName): boolean
  /** Whether path-based routing together with a port or a subdomain is refused (nexus-api 6): seen on 3.96, a guess from 3.90 to 3.95. */
  refusesPathWithPort: boolean
}

/** What is chosen of a server beside its version. */
export interface ProfileOptions {
  /** Defaults to the free edition of its time: OSS until 3.76, then Community. */
  edition?: Edition | undefined
  /** Defaults to OrientDB before 3.71. */
  database?: Database | undefined
  properties?: ServerProperties
  /** Has a server from 3.90 to 3.95 take path-based routing together with a port, which is not known for sure. */
  acceptsPathWithPort?: boolean | undefined
}

/** 3.71 removed OrientDB; H2 was first seen in 3.41 (nexus-api 3). */
const withoutOrient = '3.71'
const firstWithH2 = '3.41'

// Build numbers of the releases that were seen; any other release is shown as its first build.
const builds: Record<string, string> = { '3.71.0': '06', '3.89.0': '09' }

function editionLabel(edition: Edition, version: string): string {
  if (edition !== 'core') return edition.toUpperCase()
  return compareVersions(version, '3.77') < 0 ? 'OSS' : 'CORE' // open-source builds were called OSS until 3.76
}

function databaseOf(version: string, chosen: Database | undefined): Database {
  const canBeOrient = compareVersions(version, withoutOrient) < 0
  if (chosen === 'orient' && !canBeOrient)
    throw new Error(`Nexus ${version} has no OrientDB: ${withoutOrient} removed it; choose h2`)
  if (chosen === 'h2' && compareVersions(version, firstWithH2) < 0)
    throw new Error(`Nexus ${version} on H2 is not known: ${firstWithH2} is the first one; choose orient`)
  return chosen ?? (canBeOrient ? 'orient' : 'h2')
}

/** Builds the profile of a server. Throws an Error for a database that the version cannot have. */
export function createProfile(version: string, options: ProfileOptions = {}): Profile {
  const { properties = {} } = options
  const edition = options.edition ?? (compareVersions(version, '3.77') < 0 ? 'oss' : 'community')
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
    serverHeader: `Nexus/${fullVersion} (${editionLabel(edition, version)})`,
    edition,
    database: databaseOf(version, options.database),
    since,
    property: (name) => propertyOf(name, properties, since),
    refusesPathWithPort: since('3.96') || (since('3.90') && options.acceptsPathWithPort !== true),
  }
}

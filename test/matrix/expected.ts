// What a real Nexus lets each client do, and where that was seen. Numbers are rows of the evidence that docs/explanation/fidelity.md
// is made from; the others are issues of sonatype/nexus-public or what was recorded of the clients themselves.
export interface Expectation {
  works: boolean
  /** What the client has to show of the server's reason. */
  says?: RegExp
  evidence: string
}

interface Rule extends Expectation {
  action: string
  /** Default: all. */
  clients?: readonly string[]
}

/** The first rule that fits a cell is its expectation. */
const rules: readonly Rule[] = [
  { action: 'push', works: true, evidence: 'row 47; migration runs against 3.29.2 to 3.94.0' },
  { action: 'pull', works: true, evidence: 'row 43' },
  {
    action: 'group-hosted',
    works: true,
    evidence: 'group and proxy: manifest, tags (black-box test of a real server)',
  },
  {
    action: 'group-proxied',
    works: true,
    evidence: 'group and proxy: manifest, tags (black-box test of a real server)',
  },
  {
    action: 'push-over',
    works: true,
    evidence: "hosted knows no blobs but its own: Sonatype's page on pushing to a group; clients recorded",
  },
  { action: 'anonymous', works: true, evidence: 'rows 31 to 33: a Bearer challenge, and a token for nobody' },
  {
    action: 'denied-group',
    clients: ['ctr'],
    works: false,
    says: /403 Forbidden/,
    evidence: 'row 45; ctr shows the status alone',
  },
  {
    action: 'denied-group',
    works: false,
    says: /Deploying to groups is a PRO-licensed feature/,
    evidence: 'row 45: "denied: Deploying to groups is a PRO-licensed feature"',
  },
  {
    action: 'denied-policy',
    works: false,
    says: /blob upload invalid|400 Bad Request/i,
    evidence: 'rows 41, 48: the start of an upload is refused with 400, the detail says that it is read-only',
  },
  {
    action: 'denied-user',
    works: false,
    says: /unauthorized/i,
    evidence: 'row 30; POST uploads of nobody: 401 (black-box test of a real server)',
  },
  { action: 'again', works: true, evidence: 'writePolicy ALLOW' },
  {
    action: 'again-once',
    works: false,
    says: /blob upload invalid|400 Bad Request/i,
    evidence: 'rows 40, 42, 48: 400 BLOB_UPLOAD_INVALID for the manifest',
  },
  { action: 'again-latest', works: true, evidence: 'latestPolicy exempts latest' },
  {
    action: 'delete',
    works: true,
    evidence: 'notes on 3.71 and 3.96.3: DELETE of a digest 202; about 3.89 its tags stayed (925)',
  },
  { action: 'tags', works: true, evidence: 'row 48' },
]

/** By connector and by path alike. */
export function expectationOf(client: string, action: string): Expectation {
  const rule = rules.find((one) => one.action === action && (one.clients?.includes(client) ?? true))
  if (rule === undefined) throw new Error(`nothing is expected of ${client}, ${action}`)
  return rule
}

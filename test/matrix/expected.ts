// What a real Nexus lets each client do, and where that was seen. Numbers are rows of the evidence that docs/explanation/fidelity.md
// is made from; the others are issues of sonatype/nexus-public or what was recorded of the clients themselves.
import type { Mode } from './target.ts'

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
  mode?: Mode
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
    works: false,
    says: /PRO-licensed|denied|405|403/i,
    evidence: 'row 45: "denied: Deploying to groups is a PRO-licensed feature"',
  },
  {
    action: 'denied-policy',
    works: false,
    evidence: 'rows 41, 48: the start of an upload is refused, "Repository is read only"',
  },
  {
    action: 'denied-user',
    works: false,
    says: /denied|unauthorized|401|403|not authorized/i,
    evidence: 'row 30',
  },
  { action: 'again', works: true, evidence: 'writePolicy ALLOW' },
  {
    action: 'again-once',
    works: false,
    evidence: 'rows 40, 42, 48: 400, "Repository does not allow updating assets"',
  },
  { action: 'again-latest', works: true, evidence: 'latestPolicy exempts latest' },
  {
    action: 'delete',
    works: true,
    evidence: 'notes on 3.71 and 3.96.3: DELETE of a digest 202; about 3.89 its tags stayed (925)',
  },
  { action: 'tags', works: true, evidence: 'row 48' },
]

export function expectationOf(client: string, action: string, mode: Mode): Expectation {
  const rule = rules.find(
    (one) =>
      one.action === action &&
      (one.clients?.includes(client) ?? true) &&
      (one.mode === undefined || one.mode === mode),
  )
  if (rule === undefined) throw new Error(`nothing is expected of ${client}, ${action}, ${mode}`)
  return rule
}

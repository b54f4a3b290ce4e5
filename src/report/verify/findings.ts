import type { CheckDocument } from './document.ts'

/** A cause, and the checks that failed of it: word for word the same. */
export interface Finding {
  cause: NonNullable<CheckDocument['cause']>
  checks: CheckDocument[]
}

/** What was found, in the order of the checks. */
export function findingsOf(checks: readonly CheckDocument[]): Finding[] {
  const findings = new Map<string, Finding>()
  for (const check of checks) {
    const { cause } = check
    if (!cause) continue
    const wording = JSON.stringify(cause)
    findings.set(wording, { cause, checks: [...(findings.get(wording)?.checks ?? []), check] })
  }
  return [...findings.values()]
}

/** What several checks found: it is of the server, or of what stands in front. Reports for people tell it once. */
export function sharedFindings(checks: readonly CheckDocument[]): Finding[] {
  return findingsOf(checks).filter((finding) => finding.checks.length > 1)
}

/** Whom it concerns, each once. */
export function repositoriesOf({ checks }: Pick<Finding, 'checks'>): string[] {
  return [...new Set(checks.map(({ repository }) => repository))]
}

import type { Rule } from '../../resources/contract/rule.ts'
import { urlProblem } from '../../resources/contract/urls.ts'

/** The base URL of the server itself. */
export const validServerUrl: Rule = ({ server, reportAt }) => {
  const finding = urlProblem('url', server.url)
  if (!finding) return
  const hint = finding.code === 'credentials-in-url' ? 'use nexus.username and nexus.password' : finding.hint
  reportAt(['nexus', 'url'], { ...finding, hint })
}

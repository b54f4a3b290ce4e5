import type { Rule } from '../../resources/contract/rule.ts'
import { urlProblem } from '../../resources/contract/urls.ts'

/** The base URL of the server itself. */
export const validServerUrl: Rule = ({ server, reportAt }) => {
  const finding = urlProblem('url', server.url, {
    login: 'use nexus.username and nexus.password',
    scheme: 'http',
  })
  if (finding) reportAt(['nexus', 'url'], finding)
}

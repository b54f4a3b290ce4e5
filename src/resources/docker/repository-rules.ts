import { offers } from '../../nexus/capabilities.ts'
import { distinctNames } from '../contract/names.ts'
import type { KnownServer, Rule } from '../contract/rule.ts'
import { connectorRules } from './connector-rules.ts'

/** Docker names are short and in lower case, which 3.89 and later insist on. */
const dockerNames: Rule = ({ inNamespace, server, report }) => {
  for (const repository of inNamespace('repository')) {
    const { id } = repository
    if (id.length > 200) {
      const hint = 'Nexus stores at most 200 characters'
      report(repository, '', { code: 'name-too-long', message: `the name has ${id.length} characters`, hint })
    }
    if (id !== id.toLowerCase() && !allowsUpperCase(server)) {
      report(repository, '', {
        code: 'upper-case-name',
        message: `docker repository name "${id}" is not in lower case`,
        hint: `Nexus 3.89 and later refuse it; write "${id.toLowerCase()}", or set nexus.version for an older server`,
      })
    }
  }
}

function allowsUpperCase({ version }: KnownServer): boolean {
  return version !== undefined && !offers({ version, edition: 'unknown' }, 'lowerCaseNames')
}

/** What holds for docker repositories of every type. */
export const dockerRules: readonly Rule[] = [dockerNames, distinctNames('repository'), ...connectorRules]

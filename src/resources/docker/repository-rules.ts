import { distinctNames } from '../contract/names.ts'
import {
  type Finding,
  isTooOldFor,
  type KnownServer,
  type Rule,
  type RuleObject,
  refusedBy,
} from '../contract/rule.ts'
import { connectorRules } from './connector-rules.ts'
import type { dockerFields } from './fields.ts'

/** Docker names are short and in lower case. */
const dockerNames: Rule = ({ inNamespace, server, report }) => {
  for (const repository of inNamespace('repository')) {
    const { id } = repository
    if (id.length > 200) {
      const hint = 'Nexus stores at most 200 characters'
      report(repository, '', { code: 'name-too-long', message: `the name has ${id.length} characters`, hint })
    }
    const finding = id === id.toLowerCase() ? undefined : upperCase(repository, server)
    if (finding) report(repository, '', { ...finding, code: 'upper-case-name' })
  }
}

/**
 * 3.89 and later make no docker repository with capitals and, as reported of their REST API, change none; what is there stays, and
 * works (nexus-api 6). Only the server knows which it is.
 */
function upperCase({ id, part }: RuleObject, server: KnownServer): Omit<Finding, 'code'> | undefined {
  const { version } = server
  if (isTooOldFor(server, 'lowerCaseNames')) return undefined
  const lower = id.toLowerCase()
  if (part === undefined)
    return {
      severity: 'warning',
      untilAsked: true,
      message: `Docker repository name "${id}" is not in lower case`,
      hint: `write "${lower}", unless the server already has "${id}": Nexus 3.89 and later accept no new name like this`,
    }
  if (part === 'created')
    return {
      ...refusedBy(server, 'lowerCaseNames'),
      message: `Nexus ${version} accepts Docker repository names only in lower case`,
      hint: `write "${lower}"`,
    }
  if (part !== 'changed') return undefined
  return {
    ...refusedBy(server, 'lowerCaseNames'),
    message: `Nexus ${version} cannot change a Docker repository whose name is not in lower case`,
    hint: `write what the server has, or create a repository with another name and move the images`,
  }
}

/**
 * A repository that serves nothing, because somebody has switched it off on the server (`online: false`, nexus-api 2.4). Where the file
 * does not write the field it is no difference, but whoever reads "matches" thinks that the registry works.
 */
const tellsOffline: Rule = ({ inNamespace, isWritten, report }) => {
  for (const repository of inNamespace<typeof dockerFields>('repository')) {
    if (repository.values.online !== false || isWritten([...repository.object.path, 'online'])) continue
    report(repository, '', {
      severity: 'warning',
      standing: true,
      code: 'offline',
      message: `${repository.kind.label} "${repository.id}" is offline on the server and serves nothing`,
      hint: 'write "online: true" to bring it back, or "online: false" if that is intended',
    })
  }
}

/** What holds for docker repositories of every type. */
export const dockerRules: readonly Rule[] = [
  dockerNames,
  distinctNames('repository'),
  ...connectorRules,
  tellsOffline,
]

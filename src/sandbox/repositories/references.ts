// What a repository refers to by name: blob store, routing rule, cleanup policies (nexus-api section 6, "References").
import type { Profile } from '../kernel/profile.ts'
import type { State } from '../kernel/state.ts'
import type { Draft, Finding } from './findings.ts'

type Settings = Record<string, unknown>

/** Name of the blob store of a settings object. */
export function blobStoreOf(attributes: Settings): string {
  return String((attributes['storage'] as Settings | undefined)?.['blobStoreName'])
}

/** The check of 3.68 and later ignores case (R `raw-hosted/put-blobstore-other-case`). */
export function isBlobStoreKnown(state: State, attributes: Settings): boolean {
  const name = blobStoreOf(attributes).toLowerCase()
  return state.blobStores.some((store) => store.name.toLowerCase() === name)
}

/** A started repository finds its blob store with regard to case. */
export function isBlobStoreMissing(state: State, attributes: Settings): boolean {
  const name = blobStoreOf(attributes)
  return !state.blobStores.some((store) => store.name === name)
}

/**
 * An unknown store is a violation on OrientDB from 3.41 on (R `raw-hosted/create-unknown-blobstore`, 3.41.1 OrientDB). Servers
 * from 3.68 on refuse it earlier (write.ts), 3.28 and SQL servers before 3.68 find it out when they start the repository.
 */
export function checkBlobStore({ attributes, profile, state }: Draft): Finding[] {
  const isChecked = profile.database === 'orient' && profile.since('3.41')
  if (!isChecked || isBlobStoreKnown(state, attributes)) return []
  const message = `Blob Store '${blobStoreOf(attributes)}' does not exist`
  return [{ id: 'HelperBean.attributes.storage.blobStoreName', message }]
}

/**
 * Puts the rule that a proxy request names into `routingRuleName`, whichever field the version reads (nexus-api 2.5), and
 * answers the text of the refusal: an unknown name is silently none before 3.89.
 */
export function resolveRoutingRule(
  attributes: Settings,
  request: Settings,
  state: State,
  profile: Profile,
): string | undefined {
  const name = (request['routingRule'] || request['routingRuleName'] || null) as string | null
  delete attributes['routingRule']
  if (name === null) return undefined
  const isKnown = state.routingRules.some((rule) => rule.name === name)
  attributes['routingRuleName'] = isKnown ? name : null
  return isKnown || !profile.since('3.89') ? undefined : `Routing rule '${name}' does not exist.`
}

/** Names of the cleanup policies of a settings object. */
export function policyNames(attributes: Settings): string[] {
  const cleanup = attributes['cleanup'] as { policyNames?: string[] | null } | null | undefined
  return cleanup?.policyNames ?? []
}

/** Cleanup policies: unknown names are refused by 3.89; one of another format always is. */
export function checkReferences(draft: Draft): Finding[] {
  const { format } = draft
  for (const name of policyNames(draft.attributes)) {
    const policy = draft.state.cleanupPolicies.find((entry) => entry.name === name)
    const id = 'HelperBean.cleanup'
    if (!policy) {
      if (draft.profile.since('3.89')) return [{ id, message: `Cleanup Policy '${name}' does not exist.` }]
    } else if (policy.format !== '*' && policy.format !== format) {
      const target = `Repository ${draft.name} is of format type ${format}`
      return [
        { id, message: `${target}, unable to assign cleanup policy ${name} of format type ${policy.format}` },
      ]
    }
  }
  return []
}

import { type Capability, neededFor, offers, whyNot } from '../../nexus/capabilities.ts'
import type { ServerInfo } from '../../nexus/connection.ts'
import type { Field, Value } from '../../resources/contract/fields.ts'
import type { Rule } from '../../resources/contract/rule.ts'

/** Fields that need a version or an edition which the server is not. */
export function versionGatesFor(server: ServerInfo): Rule {
  return gatesFor(server, (needed) => whyNot(server, needed))
}

/** The same without a server, where the file says which version or edition it is for. */
export const versionGates: Rule = (context) => {
  const { version, edition } = context.server
  if (version === undefined && edition === undefined) return
  // An unknown version passes every version gate, an unknown edition every edition gate.
  const server: ServerInfo = { version: version ?? '999.0.0', edition: edition ?? 'unknown' }
  const said = [version && `nexus.version is ${version}`, edition && `nexus.edition is ${edition}`]
  const sentence = said.filter(Boolean).join(' and ')
  gatesFor(server, (needed) => `${neededFor(server, needed)}, and ${sentence}`)(context)
}

function gatesFor(server: ServerInfo, reason: (needed: Capability) => string): Rule {
  return ({ objects, sections, report, reportAt }) => {
    const told = new Set<string>()
    for (const target of objects) {
      for (const [path, value] of Object.entries(target.values)) {
        const needed = value !== undefined && neededCapability(target.kind.fields[path], value)
        if (!needed || offers(server, needed)) continue
        const asker = target.object.because[path]
        const finding = {
          code: 'not-offered',
          message: `${path}${asker === undefined ? '' : `, which "${asker}" asks for`}: ${reason(needed)}`,
          hint: `${asker === undefined ? 'remove the field' : `choose something else than "${asker}"`}, or use a server that has it`,
        }
        const [place = ''] = asker?.split(':') ?? []
        const steps = place.split('.')
        if (!(String(steps[0]) in sections)) report(target, path, finding)
        // A section asks it of every object: it is told there, and once.
        else if (!told.has(place)) reportAt(steps, finding)
        told.add(place)
      }
    }
  }
}

function neededCapability(field: Field | undefined, value: Value): Capability | undefined {
  const { needs, needsWhen } = field?.options ?? {}
  const active = needsWhen ? needsWhen(value) : value !== null && value !== false
  return active ? needs : undefined
}

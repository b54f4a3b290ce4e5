import type { EulaStatus } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { offers } from '../nexus/capabilities.ts'
import { readIfShown, unlessStrange } from '../nexus/read.ts'
import { answerOf } from './contract/answer.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Actual, Kind } from './contract/kind.ts'
import { licenceTerms } from './licence-terms.ts'

const { field } = fieldsOf<EulaStatus>()
const fields = {
  accepted: field('accepted', z.literal(true), {
    describe: 'Whether the licence agreement is accepted.',
    intent: true,
  }),
}

const status: Read<JsonObject> = {
  path: '/service/rest/v1/system/eula',
  what: 'read whether the licence agreement is accepted',
  expected: 'the state of the licence agreement',
  schema: answerOf(fields, { accepted: 'boolean', disclaimer: 'string' }),
}

/** Where there is none (404), nothing is known of it, and nothing is a difference. */
function actual(found: JsonObject = {}): Actual {
  return { id: 'eula', wire: found }
}

/**
 * The licence agreement of Community Edition, 3.77 and later (`/v1/system/eula`, nexus-api 2.10; needs nexus:*). Accepted by the
 * file's explicit word alone, with the server's own text given back. It is never revoked: from 3.89 that is an error.
 */
export const eula: Kind<typeof fields> = {
  kind: 'eula',
  label: 'licence agreement (EULA)',
  namespace: 'eula',
  section: { form: 'intent' },
  schema: schemaOf(fields),
  fields,
  phase: 'licence',
  prerequisite: {
    capability: 'eula',
    unmet({ wire }) {
      if (wire['accepted'] !== false) return undefined
      return {
        code: 'eula-not-accepted',
        path: 'bootstrap',
        message:
          "the server's licence agreement (EULA) has not been accepted, and until it is, images can be neither pushed nor pulled",
        hint: `read it at ${licenceTerms}; if you agree, write "bootstrap: {acceptEula: true}" in the file`,
      }
    },
  },
  references: () => [],
  async list(reads, wanted) {
    if (!offers(reads.server, 'eula')) return [actual()]
    const found = reads.find(status)
    // Nothing is written because of the answer unless the file accepts: to all others a strange one is none.
    return [actual(await (wanted.has('eula') ? found : found.catch(unlessStrange)))]
  },
  async find(nexus) {
    return actual(await readIfShown(nexus, status))
  },
  async update(nexus, { current }) {
    const json = { accepted: true, disclaimer: current.wire['disclaimer'] }
    await nexus.request({ method: 'POST', path: status.path, json, what: 'accept the licence agreement' })
  },
}

import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { type Shape, shaped } from '../nexus/answer-shape.ts'
import type { Nexus, NexusRequest } from '../nexus/client.ts'
import { AnswerError } from '../nexus/errors/answer-error.ts'
import { readIfShown } from '../nexus/read.ts'
import { fieldsOf, schemaOf, secretText } from './contract/fields.ts'
import type { Actual, Kind } from './contract/kind.ts'
import { sensitive } from './contract/object.ts'
import { onboarding } from './shared/onboarding.ts'

/** The user that every Nexus begins with. */
const ADMIN = 'admin'

/** `login` is null as long as the first password is in force, or has not been replaced by anybody. */
interface AdminPassword {
  login: { password: string }
}

const { field } = fieldsOf<AdminPassword>()
const fields = {
  password: field('login.password', secretText, {
    describe: 'The password given to this run.',
    secret: { presentWhen: 'section' },
    intent: true,
  }),
}

/**
 * Whether it is to be changed is told by the login itself; by the onboarding list where both passwords are the same. The password
 * of admin is no business of a run that signs in as somebody else.
 */
function actual({ signIn }: Nexus, steps: ReadonlySet<string> | undefined): Actual {
  const isFirst = signIn.provisional || (signIn.username === ADMIN && steps?.has('ChangeAdminPassword'))
  return { id: ADMIN, wire: { login: isFirst ? null : {} } }
}

/** Recorded from every version; a page instead is no word of Nexus, and the old password still in force. */
const done: Shape<undefined> = { expected: 'nothing', schema: z.undefined() }

/**
 * `PUT /v1/security/users/{id}/change-password`, the password as text/plain (nexus-api 2.13; needs nexus:*). Sent again after a lost answer
 * it does no harm: then the old password is refused, the wanted one is accepted, and the same is set once more. Throws
 * `password-refused` where a rule of the server does not allow it.
 */
async function setPassword(nexus: Nexus, password: string, from: string): Promise<void> {
  const user = nexus.signIn.username ?? ''
  const what = `set the password of user "${user}"`
  const path = `/service/rest/v1/security/users/${encodeURIComponent(user)}/change-password`
  const request: NexusRequest = { method: 'PUT', path, text: password, what }
  try {
    shaped((await nexus.request(request)).body, done, request)
  } catch (error) {
    if (!(error instanceof AnswerError) || error.status !== 400) throw error
    throw new UserError('password-refused', `${error.message} (the password from ${from})`, {
      hint: 'The server has a rule for passwords, and this one does not meet it. Nothing was changed; choose another one.',
    })
  }
}

/**
 * The first password of a new server, replaced by the one that the run was given (`bootstrap.initialPassword`). No plan, body or
 * report ever holds it. `/v1/security/users/admin/change-password`, every version.
 */
export const adminPassword: Kind<typeof fields> = {
  kind: 'adminPassword',
  label: 'admin password',
  namespace: 'adminPassword',
  section: { form: 'intent' },
  schema: schemaOf(fields),
  fields,
  phase: 'sign-in',
  desired: (_spec, current) => (current?.wire['login'] === null ? { password: sensitive } : {}),
  references: () => [],
  async list(reads) {
    return [actual(reads.nexus, await reads.find(onboarding))]
  },
  async find(nexus) {
    return actual(nexus, await readIfShown(nexus, onboarding))
  },
  async update(nexus, { secrets: { password = '' } }) {
    await nexus.signIn.goOnWithWanted((from) => setPassword(nexus, password, from))
  },
}

import type { Nexus } from '../nexus/client.ts'
import { readIfShown } from '../nexus/read.ts'
import type { Actual, Kind } from './define.ts'
import { fieldsOf, schemaOf, secretText } from './fields.ts'
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
    describe: 'The password that the run was given.',
    secret: true,
    intent: true,
  }),
}

/**
 * Whether it is to be changed is told by the login itself; by the onboarding list where both passwords are the same. The password
 * of admin is no business of a run that signs in as somebody else.
 */
function actual(nexus: Nexus, steps: ReadonlySet<string> | undefined): Actual {
  const isFirst = nexus.provisional || (nexus.username === ADMIN && steps?.has('ChangeAdminPassword'))
  return { id: ADMIN, wire: { login: isFirst ? null : {} } }
}

/**
 * The first password of a new server, replaced by the one that the run was given (`bootstrap.initialPassword`). The value stays in the
 * client: no plan, body or report ever holds it. `/v1/security/users/admin/change-password`, every version.
 */
export const adminPassword: Kind = {
  kind: 'adminPassword',
  label: 'admin password',
  namespace: 'adminPassword',
  section: { form: 'intent' },
  schema: schemaOf(fields),
  fields,
  goesFirst: true,
  desired: (_spec, current) => (current?.wire['login'] === null ? { password: 'wanted' } : {}),
  references: () => [],
  async list(reads) {
    return [actual(reads.nexus, await reads.find(onboarding))]
  },
  async find(nexus) {
    return actual(nexus, await readIfShown(nexus, onboarding))
  },
  async update(nexus) {
    await nexus.setWantedPassword()
  },
}

import * as z from 'zod'
import { secretText } from '../resources/contract/fields.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import { type Intent, settingsOf } from './contract.ts'

/** What a new server needs once. Only ever acts on one that needs it. */
export interface BootstrapSection {
  /** The first password of the server, as written: looked up late, when it is needed. */
  initialPassword?: string | { file: string } | { env: string } | undefined
  /** Consent to the licence agreement; nothing else counts as one. */
  acceptEula?: boolean | undefined
}

const section = z.strictObject({
  initialPassword: secretText
    .describe(
      'Initial password of the user admin: text, {env: NAME} or {file: path}. nexus.password replaces it. Where its file exists, it is tried first.',
    )
    .optional(),
  acceptEula: z
    .boolean()
    .describe(
      'true: you have read the licence agreement of Community Edition and agree to it; it is accepted where the server asks for it.',
    )
    .optional(),
})

const password: DesiredObject = {
  kind: 'adminPassword',
  id: 'admin',
  spec: {},
  path: ['bootstrap', 'initialPassword'],
  because: { password: 'bootstrap.initialPassword' },
}

const licence: DesiredObject = {
  kind: 'eula',
  id: 'eula',
  spec: { accepted: true },
  path: ['bootstrap', 'acceptEula'],
  because: { accepted: 'bootstrap.acceptEula' },
}

/**
 * What a new server asks for: the password, the licence, and a choice of anonymous access, which is that of the file or what the
 * server has.
 */
export const bootstrap: Intent<BootstrapSection> = {
  name: 'bootstrap',
  section: section.describe('What a server needs once, when it is new.'),
  secrets: ['initialPassword'],
  expand(asked, objects) {
    if (!asked) return [...objects]
    const access = settingsOf(objects, 'anonymous', 'bootstrap')
    return [
      ...(asked.initialPassword === undefined ? [] : [password]),
      ...(asked.acceptEula === true ? [licence] : []),
      ...objects.filter((object) => object !== access),
      {
        ...access,
        spec: { ...access.spec, confirmed: true },
        because: { ...access.because, confirmed: 'bootstrap' },
      },
    ]
  },
}

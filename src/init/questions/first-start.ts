import { isVariableName } from '../../core/names.ts'
import { offers } from '../../nexus/capabilities.ts'
import type { ServerInfo } from '../../nexus/connection.ts'
import { licenceTerms } from '../../resources/licence-terms.ts'
import type { PasswordPlace } from '../answers.ts'
import type { Question } from './question.ts'

const usualFile = '/nexus-data/admin.password'
const usualVariable = 'NEXUS_INITIAL_PASSWORD'

/** Whether somebody has set the administrator's password yet, and where the first one is. */
export const firstPassword: Question = {
  label: 'First start',
  keys: ['initialPassword'],
  applies: () => true,
  propose({ given, facts }) {
    const usual = facts.template?.isFirstStart ? { file: usualFile } : (facts.present.initialPassword ?? null)
    return { initialPassword: given.initialPassword === undefined ? usual : given.initialPassword }
  },
  async ask(asker, { answers }) {
    const { initialPassword: present } = answers
    const chosen = await asker.select({
      message: "Has the administrator's password been set already?",
      choices: [
        { value: 'set', name: 'Yes' },
        {
          value: 'file',
          name: 'No, the initial password is in a file',
          description: 'Nexus writes admin.password into its data directory when it first starts.',
        },
        {
          value: 'env',
          name: 'No, the initial password is in a variable',
          description: 'For example in CI, where an earlier step has read that file.',
        },
      ],
      default: present === null ? 'set' : 'file' in present ? 'file' : 'env',
    })
    if (chosen === 'set') return { initialPassword: null }
    if (chosen === 'file') {
      const file = await asker.input({
        message: 'Path of the file on this machine',
        default: present && 'file' in present ? present.file : usualFile,
        problem: (text) => (isPath(text) ? undefined : 'write the path of a file'),
      })
      return { initialPassword: { file: file.trim() } }
    }
    const env = await asker.input({
      message: 'Name of the variable',
      default: present && 'env' in present ? present.env : usualVariable,
      problem: (text) =>
        isVariableName(text.trim()) ? undefined : 'use letters, digits and _, like NEXUS_INITIAL_PASSWORD',
    })
    return { initialPassword: { env: env.trim() } }
  },
  show: ({ answers }) => describePlace(answers.initialPassword),
}

function describePlace(place: PasswordPlace | null): string {
  if (place === null) return 'done, the password is set'
  return 'file' in place ? `initial password in ${place.file}` : `initial password in $${place.env}`
}

/** One line that can stand in a file. */
export function isPath(text: string): boolean {
  return text.trim() !== '' && !/\p{Cc}/u.test(text)
}

/** Consent to the licence: asked for in words, never assumed. */
export const eula: Question = {
  label: 'Licence agreement',
  keys: ['acceptEula'],
  applies: ({ answers, look }) => answers.initialPassword !== null && mayAskForEula(look.server),
  propose: ({ given, facts }) => ({ acceptEula: given.acceptEula ?? facts.present.acceptEula ?? false }),
  async ask(asker, { answers }) {
    asker.show(
      `Community Edition serves images only after its licence agreement (EULA) is accepted:\n${licenceTerms}`,
    )
    const acceptEula = await asker.confirm({
      message: 'Do you accept it for this server?',
      default: answers.acceptEula,
    })
    return { acceptEula }
  },
  show: ({ answers }) => (answers.acceptEula ? 'accepted' : 'not accepted here'),
}

/** A server that nobody has seen may need it. */
export function mayAskForEula(server: ServerInfo | undefined): boolean {
  return !server || offers(server, 'eula')
}

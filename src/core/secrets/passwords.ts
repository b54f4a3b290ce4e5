/** What Nexus shows in place of a stored password; from 3.30.1, and before (nexus-api section 4). No password of anybody. */
const PLACEHOLDERS: readonly string[] = ['#~NXRM~PLACEHOLDER~PASSWORD~#', '#~NEXUS~PLACEHOLDER~PASSWORD~#']

/** Why a text can be nobody's password, as the end of a sentence; undefined where it can. */
export function whyNoPassword(password: string): string | undefined {
  if (password.trim() === '') return 'empty'
  return PLACEHOLDERS.includes(password) ? 'what Nexus shows in place of a password' : undefined
}

import { editDistance } from '../core/similar.ts'

// A frame shows lines of files that are wrong, so a key that is misspelt must count as the secret it was meant to be.
const parts = /password|passwd|passphrase|passcode|secret|token|credential|apikey|privatekey|authorization/
const exact = new Set(['pass', 'pwd', 'psw', 'pw', 'auth'])
const misspellable: readonly [word: string, bound: number][] = [
  ['password', 2],
  ['passwd', 1],
  ['passphrase', 2],
  ['secret', 1],
  ['token', 1],
  ['credential', 2],
  ['credentials', 2],
  ['bearertoken', 2],
  ['secretaccesskey', 2],
  ['sessiontoken', 2],
  ['privatekey', 2],
]

/** Whether a word reads like the name of a secret: `password`, `NEXUS_PASSWORD`, `bearerToken`, `pasword`. Rather once too often. */
export function looksSecret(word: string): boolean {
  const whole = word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  if (whole.length > 100 || parts.test(whole)) return parts.test(whole)
  const segments = word
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return [whole, ...segments].some(
    (segment) =>
      exact.has(segment) ||
      misspellable.some(([meant, bound]) => editDistance(segment, meant, bound) <= bound),
  )
}

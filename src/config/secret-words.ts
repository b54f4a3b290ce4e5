import { editDistance } from '../core/similar.ts'

const parts =
  /password|passwd|passphrase|passcode|secret|token|credential|apikey|privatekey|keypair|authorization/
const segments = new Set(['pass', 'pwd', 'psw', 'pw'])
/** A secret where it is the whole name, as in Docker's config.json; `forceBasicAuth` is a switch. */
const whole = 'auth'

// A frame shows lines of files that are wrong, so a key that is misspelt must count as the secret it was meant to be.
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

/** Whether a key says that its value is a secret: `password`, `httpAuthPassword`, `NEXUS_PASSWORD`, `bearerToken`. */
export function namesSecret(key: string): boolean {
  const letters = lettersOf(key)
  return letters === whole || parts.test(letters) || segmentsOf(key).some((segment) => segments.has(segment))
}

/** Whether a word of a file reads like the name of a secret, misspelt ones among them: `pasword`. Rather once too often. */
export function looksSecret(word: string): boolean {
  if (namesSecret(word)) return true
  const letters = lettersOf(word)
  if (letters.length > 100) return false
  return [letters, ...segmentsOf(word)].some((segment) =>
    misspellable.some(([meant, bound]) => editDistance(segment, meant, bound) <= bound),
  )
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function segmentsOf(word: string): string[] {
  return word
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
}

import { editDistance } from '../similar.ts'

const parts =
  /password|passwd|passphrase|passcode|secret|token|credential|apikey|privatekey|keypair|authorization/
const segments = new Set(['pass', 'pwd', 'psw', 'pw'])
/** A secret where it is the whole name, as in Docker's config.json; `forceBasicAuth` is a switch. */
const whole = 'auth'

// A frame shows lines of files that are wrong, so a key that is misspelt must count as the secret it was meant to be.
const misspellable = Object.entries({
  password: 2,
  passwd: 1,
  passphrase: 2,
  secret: 1,
  token: 1,
  credential: 2,
  credentials: 2,
  bearertoken: 2,
  secretaccesskey: 2,
  sessiontoken: 2,
  privatekey: 2,
}).map(([meant, bound]) => ({ meant, bound, letters: setOfLetters(meant) }))

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
  return [letters, ...segmentsOf(word)].some((segment) => {
    const written = setOfLetters(segment)
    return misspellable.some(
      ({ meant, bound, letters: wanted }) =>
        bits(wanted & ~written) <= bound &&
        bits(written & ~wanted) <= bound &&
        editDistance(segment, meant, bound) <= bound,
    )
  })
}

/** The same few words are in every line of a file, and each is compared with every spelling of a secret. */
export function remembering(decide: (word: string) => boolean): (word: string) => boolean {
  const decided = new Map<string, boolean>()
  return (word) => {
    const known = decided.get(word) ?? decide(word)
    decided.set(word, known)
    return known
  }
}

/** As bits. Words that differ in more letters than they may are told apart at once: a large file has hundreds of thousands. */
function setOfLetters(word: string): number {
  let letters = 0
  for (let unit = 0; unit < word.length; unit++) letters |= 1 << word.charCodeAt(unit)
  return letters
}

function bits(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1
  return count
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

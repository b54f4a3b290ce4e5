// The form of problems of a file, as docs/contributing/message-style.md has it.
import { expect, test } from 'vitest'
import { loadText, placed } from '../load-text.ts'
import { unmark } from './wrong-file.ts'
import { wrongFiles } from './wrong-files.ts'

interface Said {
  code: string
  message: string
  hint?: string
}

/** Words that have a capital wherever they stand: proper names, and names of realms. */
const named =
  /^(Nexus|Docker|Sonatype|YAML|Java|Amazon|Microsoft|Google|PowerShell|UTF-8|URL|HTTPS?|TLS|NTLM|[A-Z]\w+[A-Z]\w*)\b/

function faultsOf({ code, message, hint }: Said): string[] {
  return [message, ...(hint === undefined ? [] : [hint])].flatMap((text) => [
    ...(/[^.]\.$/.test(text) ? [`${code}: ends with a full stop: ${text}`] : []),
    ...(/^[A-Z]/.test(text) && !named.test(text) ? [`${code}: begins with a capital: ${text}`] : []),
    ...(/!$|\bplease\b/i.test(text) ? [`${code}: is loud: ${text}`] : []),
  ])
}

test('a message and its hint begin in lower case and have no full stop', async () => {
  const said: Said[] = []
  for (const wrong of wrongFiles) said.push(...placed(await loadText(unmark(wrong).text)))
  expect(said.length).toBeGreaterThan(100)
  expect(said.flatMap(faultsOf)).toEqual([])
})

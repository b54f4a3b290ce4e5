import { isName } from '../../core/names.ts'
import { parseSize, smallestQuota } from '../../core/size.ts'
import type { Question } from './question.ts'

const usual = { name: 'docker', quota: '10 GiB' }

/** Where the images lie. */
export const storage: Question = {
  label: 'Blob store',
  keys: ['blobStore', 'quota'],
  applies: ({ facts }) => !facts.template,
  propose({ given, facts: { present } }) {
    const before = present.blobStore === undefined ? usual : present.blobStore
    const name = given.blobStore === undefined ? (before?.name ?? null) : given.blobStore
    const quota = given.quota === undefined ? (before ?? usual).quota : given.quota
    return { blobStore: name === null ? null : { name, quota } }
  },
  async ask(asker, { answers }) {
    const present = answers.blobStore ?? usual
    const chosen = await asker.select({
      message: 'Where are the images stored on the server?',
      choices: [
        {
          value: 'own',
          name: `In a blob store of their own, "${present.name}"`,
          description:
            present.quota === null
              ? 'Without a limit.'
              : `Nexus warns when less than ${present.quota} are free.`,
        },
        { value: 'custom', name: 'The same with another name or limit' },
        {
          value: 'default',
          name: 'In Nexus\'s blob store "default"',
          description: 'Images then share space and quota with everything else.',
        },
      ],
      default: answers.blobStore ? 'own' : 'default',
    })
    if (chosen === 'default') return { blobStore: null }
    if (chosen === 'own') return { blobStore: present }
    const name = await asker.input({
      message: 'Name of the blob store',
      default: present.name,
      problem: blobStoreProblem,
    })
    const quota = await asker.input({
      message: 'Warn when less than this is free, or none',
      default: present.quota ?? 'none',
      problem: quotaProblem,
    })
    return { blobStore: { name: name.trim(), quota: parseQuota(quota) } }
  },
  problem: ({ given, answers }) =>
    given.quota !== undefined && given.quota !== null && answers.blobStore === null
      ? 'a quota needs a blob store of its own'
      : undefined,
  show: ({ answers }) =>
    answers.blobStore
      ? `${answers.blobStore.name}${answers.blobStore.quota === null ? '' : `, warns below ${answers.blobStore.quota}`}`
      : 'default',
}

/** Nexus's pattern for names (nexus-api section 6). `default` exists already and may hold anything. */
export function blobStoreProblem(text: string): string | undefined {
  if (!isName(text.trim()) || text.trim().length > 200)
    return 'use letters, digits, - _ and ., not beginning with _ or .'
  return text.trim().toLowerCase() === 'default'
    ? 'that one already exists; choose it in the list'
    : undefined
}

/** A sentence for a text that is neither a size nor `none`, or so small that its unit was forgotten. */
export function quotaProblem(text: string): string | undefined {
  if (text.trim() === 'none') return undefined
  const bytes = parseSize(text)
  return bytes === undefined || bytes < smallestQuota || bytes > Number.MAX_SAFE_INTEGER
    ? 'write a size such as 10 GiB or 500 MB, with its unit, or none'
    : undefined
}

/** The size as written, null for `none`. */
export function parseQuota(text: string): string | null {
  return text.trim() === 'none' ? null : text.trim()
}

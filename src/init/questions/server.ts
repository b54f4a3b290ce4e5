import { UserError } from '../../core/errors.ts'
import { parseAddress } from '../../http/address.ts'
import type { Question } from './question.ts'

/** Where the server is. What is learned by looking there decides what the other questions offer. */
export const server: Question = {
  label: 'Server address',
  keys: ['url'],
  applies: () => true,
  propose: ({ given, facts }) => ({ url: given.url ?? facts.present.url ?? facts.defaultUrl }),
  async ask(asker, { answers }) {
    const text = await asker.input({
      message: 'What is the address of Nexus?',
      default: answers.url,
      problem: addressProblem,
    })
    return { url: parseAddress(text).base }
  },
  show: ({ answers }) => answers.url,
}

/** A sentence for a text that is no server's address. */
export function addressProblem(text: string): string | undefined {
  try {
    const { username } = parseAddress(text)
    return username === undefined
      ? undefined
      : 'leave user and password out: they come from the environment, never from the file'
  } catch (error) {
    if (error instanceof UserError) return 'write it with http:// or https://, like http://localhost:8081'
    throw error
  }
}

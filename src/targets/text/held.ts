import { UserError } from '../../core/errors.ts'

/** The text, where a format can hold it: no target takes a line break or NUL inside a value. Throws UserError `not-renderable`. */
export function held(text: string, target: string, refused = /\p{Cc}/u): string {
  const found = refused.exec(text)?.[0]
  if (found === undefined) return text
  throw new UserError(
    'not-renderable',
    `${target} cannot hold ${JSON.stringify(text)}: it has ${JSON.stringify(found)} in it`,
    {
      exitCode: 3,
      hint: 'Use another name or path.',
    },
  )
}

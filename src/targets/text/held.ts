import { UserError } from '../../core/errors.ts'

/** The text, where a format can hold it. Throws UserError `not-renderable`: no format takes a line break or NUL inside a value. */
export function held(text: string, format: string, refused = /\p{Cc}/u): string {
  const found = refused.exec(text)?.[0]
  if (found === undefined) return text
  const message = `${format} cannot hold ${JSON.stringify(text)} because of ${JSON.stringify(found)}`
  throw new UserError('not-renderable', message, { hint: 'Use another name or path.', exitCode: 3 })
}

import { UserError } from '../core/errors.ts'

/** For an edge that a target cannot express: exit code 3. */
export function notExpressible(message: string, hint: string): UserError {
  return new UserError('not-expressible', message, { hint, exitCode: 3 })
}

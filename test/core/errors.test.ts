import { expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'

it('a UserError carries a code, a hint and an exit code, 1 unless said', () => {
  const cause = new Error('deep')
  const error = new UserError('server-too-old', 'the server is too old', {
    hint: 'Upgrade.',
    exitCode: 4,
    cause,
  })
  expect(error).toMatchObject({
    code: 'server-too-old',
    message: 'the server is too old',
    hint: 'Upgrade.',
    exitCode: 4,
    cause,
  })
  expect(error).toBeInstanceOf(Error)
  const plain = new UserError('x', 'y')
  expect(plain.exitCode).toBe(1)
  expect(plain.hint ?? plain.cause).toBeUndefined()
})

/** The value, for tests that have made sure of it in another way. */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value')
  return value
}

/** Every code that a warning of a file can have: what `x-accept` takes. docs/problems.md has them all, marked as warnings. */
export const warningCodes: readonly string[] = [
  'ecr-token',
  'eula-not-accepted',
  'exclusions-without-proxy',
  'foreign-layers-off',
  'ignored-key',
  'index-url',
  'invalid-pattern',
  'many-ports',
  'member-order',
  'not-a-registry',
  'path-and-port',
  'secret-missing',
  'secret-too-long',
  'unknown-code',
  'unset-variable',
  'yaml-directive',
]

/** Every code that a warning of a file can have: what `x-accept` takes. docs/problems.md has them all, marked as warnings. */
export const warningCodes: readonly string[] = [
  'eula-not-accepted',
  'exclusions-without-proxy',
  'foreign-layers-off',
  'ignored-key',
  'many-ports',
  'member-order',
  'path-and-port',
  'secret-missing',
  'secret-too-long',
  'unknown-code',
  'unset-variable',
  'yaml-directive',
]

import { describe, expect, it } from 'vitest'
import { looksSecret, namesSecret } from '../../src/core/secrets/secret-words.ts'
import { kinds } from '../../src/resources/index.ts'

describe('the name of a secret', () => {
  it.each(
    kinds.all.flatMap(({ kind, fields }) =>
      Object.entries(fields)
        .filter(([, { options }]) => options.secret)
        .map(([path, { wire }]) => ({
          kind,
          path,
          names: [path, wire].map((place) => place.split('.').at(-1) ?? place),
        })),
    ),
  )('is that of $kind $path, in the file and on the wire', ({ names }) => {
    for (const name of names) expect([name, namesSecret(name), looksSecret(name)]).toEqual([name, true, true])
  })

  it.each(['forceBasicAuth', 'username', 'remoteUrl', 'keep', 'host'])('is not %s', (name) => {
    expect(namesSecret(name)).toBe(false)
  })
})

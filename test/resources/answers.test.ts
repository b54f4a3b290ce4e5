// Answers are held to the field tables: what a field holds in the file says what its place on the wire holds.
import { describe, expect, test } from 'vitest'
import { type JsonObject, setPath } from '../../src/core/json.ts'
import { answerOf } from '../../src/resources/contract/answer.ts'
import { kinds } from '../../src/resources/index.ts'

const values = { text: 'x', number: 1, flag: true, list: ['x'], object: {}, objects: [{}], nulls: [null] }

describe.each(kinds.all)('$kind', ({ fields }) => {
  const schema = answerOf(fields, {})
  const shown = Object.entries(fields).filter(([, { options }]) => !options.intent)
  const fits = (path: string, value: unknown) => {
    const answer: JsonObject = { more: { than: 'is known' } }
    setPath(answer, path, value as string)
    return schema.safeParse(answer).success
  }

  test.each(shown)('%s: one type, or null', (_, { wire, section }) => {
    const types = Object.entries(values).flatMap(([name, value]) => (fits(wire, value) ? [name] : []))
    expect(types).toHaveLength(1)
    expect(types[0] === 'object').toBe(section)
    expect(fits(wire, null)).toBe(true)
  })

  test('keys may be missing and more; it is an object', () => {
    expect(schema.safeParse({}).success).toBe(true)
    for (const value of [undefined, null, [], 'x', 17, true])
      expect(schema.safeParse(value).success).toBe(false)
  })
})

test('what makes it that object has to be there, and not empty', () => {
  const schema = answerOf({}, { name: 'string', on: 'boolean' }, ['docker'])
  const right = { name: 'x', on: false, docker: {} }
  expect(schema.safeParse(right).success).toBe(true)
  for (const wrong of [
    { ...right, name: '' },
    { ...right, name: null },
    { ...right, on: 'true' },
    { ...right, docker: null },
    { ...right, docker: [] },
    { name: 'x', on: true },
  ])
    expect({ wrong, fits: schema.safeParse(wrong).success }).toEqual({ wrong, fits: false })
})

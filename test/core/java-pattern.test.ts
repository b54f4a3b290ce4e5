import { describe, expect, test } from 'vitest'
import { javaPatternProblem } from '../../src/core/java/pattern.ts'
import { loadText, placed } from '../config/load-text.ts'
// What OpenJDK 17.0.15's Pattern.compile said of each: of patterns as people write them, and of parts of patterns put together at random.
import verdicts from './java-patterns.json' with { type: 'json' }

test('what Java takes is taken', () => {
  expect(verdicts.taken.length).toBeGreaterThan(250)
  expect(verdicts.taken.filter((text) => javaPatternProblem(text) !== undefined)).toEqual([])
})

test('what Java refuses is refused', () => {
  expect(verdicts.refused.length).toBeGreaterThan(250)
  expect(verdicts.refused.filter((text) => javaPatternProblem(text) === undefined)).toEqual([])
})

test('what is not followed to its end is taken: comments, names of characters, nesting that nobody writes', () => {
  for (const text of ['(?x)# (', '\\N{WHITE SMILING FACE}(', '(?<=a*)b', '('.repeat(5000), '['.repeat(5000)])
    expect(javaPatternProblem(text)).toBeUndefined()
})

test('a long pattern takes no longer than its length', () => {
  const begin = performance.now()
  for (const part of ['a', '\\Q*\\E', '[a-z]', '(a)', 'a|', 'a{2}'])
    expect(javaPatternProblem(part.repeat(100_000))).toBeUndefined()
  expect(performance.now() - begin).toBeLessThan(20_000)
})

describe('where a file has patterns', () => {
  const severities = async (yaml: string) =>
    placed(await loadText(yaml)).map(({ severity, code, path }) => `${severity} ${code} ${path}`)

  // Recorded of every server (nexus-api 2.17): 400 "Invalid regex: …" for the matcher.
  test.each([
    ['^/v2/(team/.*', /"\(" is never closed/],
    ['*.example/.*', /nothing before the "\*"/],
    ['[', /"\[" is never closed/],
    ['^/v2/{name}/.*', /"\{" does not start a number/],
  ])('matcher %s', async (matcher, says) => {
    const yaml = `routingRules: {own: {mode: block, matchers: ["^/v2/ok/.*", '${matcher}']}}\n`
    const [problem, ...others] = placed(await loadText(yaml))
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      severity: 'error',
      code: 'invalid-pattern',
      path: 'routingRules.own.matchers[1]',
    })
    expect(problem?.message).toMatch(says)
  })

  test("a shell's wildcard is answered with Java's", async () => {
    const yaml = 'routingRules: {own: {mode: block, matchers: ["*.example/.*"]}}\n'
    expect(placed(await loadText(yaml))[0]?.hint).toContain('".*"')
  })

  test('patterns that no server is known to check are warned of', async () => {
    const yaml = `repositories:
  up:
    type: proxy
    remoteUrl: https://r.example
    cacheForeignLayers: true
    foreignLayerUrlWhitelist: ["(", ".*"]
    replication: {assetPathRegex: "*.jar"}
`
    expect(await severities(yaml)).toEqual([
      'warning invalid-pattern repositories.up.foreignLayerUrlWhitelist[0]',
      'warning invalid-pattern repositories.up.replication.assetPathRegex',
    ])
  })
})

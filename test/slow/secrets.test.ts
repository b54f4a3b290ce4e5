// Every way to write a secret with every kind of secret, and every output of what a server quotes: test/cli/secrets.test.ts has a few of each.
import { describe, test } from 'vitest'
import { dressings } from '../cli/secrets/canaries.ts'
import {
  outputs,
  type Style,
  styles,
  toNewServer,
  toServerThatQuotes,
  toServerThatWorks,
} from '../cli/secrets/secret-runs.ts'

const combinations = Object.keys(dressings)
  .filter((dressing) => dressing !== 'tiny')
  .flatMap((dressing) => (Object.keys(styles) as Style[]).map((style) => [dressing, style] as const))

describe('a server that works', () => {
  test.each(combinations)('%s secrets, %s', toServerThatWorks)
})

describe('a new server', () => {
  test.each(combinations)('%s secrets, %s', toNewServer)
})

describe('a server whose errors quote what it was sent', () => {
  const shapes = ['json', 'text', 'html', 'java', 'encoded', 'entities', 'markdown'] as const
  test.each(
    shapes.flatMap((shape) =>
      ['symbols', 'long', 'eight'].flatMap((dressing) =>
        outputs.map((output) => [shape, dressing, output] as const),
      ),
    ),
  )('as %s, %s secrets, %s', toServerThatQuotes)
})

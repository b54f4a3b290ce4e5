import { type Document, isScalar, visit } from 'yaml'
import { upstreamNames, upstreams } from '../../intents/upstreams.ts'
import { hostOf } from '../../resources/contract/urls.ts'
import type { Place } from './place.ts'

const hosts = [
  'docker.io',
  'index.docker.io',
  ...upstreamNames.flatMap((name) => hostOf(upstreams[name].remoteUrl) ?? []),
]

const patterns = [
  // Of a well-known registry: an argument, a variable of the environment, a line of a script.
  new RegExp(`(?<![\\w./@-])(?:${hosts.join('|').replaceAll('.', '\\.')})/[\\w./:@-]*\\w`, 'g'),
  // In a manifest that is the text of another one. What is no space comes first: looking back from each space would take long.
  /(?=[^\s"'#&*|>{}[\],])(?<=(?:^[ \t-]*|[{,]\s*|\\n[ -]*)["']?image(?:["']:[ \t]*|:[ \t]+)["']?)[^\s"',}\\]+/gm,
]

/** What looks like an image in any text of a document but those of some keys; the names of keys are none. */
export function mentionsIn(document: Document.Parsed, text: string, passed: readonly unknown[]): Place[] {
  const found: Place[] = []
  visit(document, {
    Pair: (_, { key }) => (isScalar(key) && passed.includes(key.value) ? visit.SKIP : undefined),
    Scalar: (key, { value, range }) => {
      if (key === 'key' || typeof value !== 'string' || !range) return
      const [begin, end] = range
      for (const pattern of patterns)
        for (const { 0: one, index } of text.slice(begin, end).matchAll(pattern))
          found.push({ start: begin + index, end: begin + index + one.length, value: one, doubt: 'left' })
    },
  })
  return found
}

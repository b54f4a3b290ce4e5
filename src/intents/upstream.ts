import * as z from 'zod'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { Intent } from './contract.ts'
import { type UpstreamName, upstreamNames, upstreams } from './upstreams.ts'

function withPreset(object: DesiredObject): DesiredObject {
  if (!('upstream' in object.spec)) return object
  const { upstream: name, ...written } = object.spec
  const preset: Record<string, unknown> = typeof name === 'string' ? upstreams[name as UpstreamName] : {}
  const added = Object.keys(preset).filter((key) => !(key in written))
  const reasons = Object.fromEntries(added.map((key) => [key, `upstream: ${String(name)}`]))
  return { ...object, spec: { ...preset, ...written }, because: { ...object.because, ...reasons } }
}

/** Where a proxy fetches from: a preset or a URL, one of them (nexus-api 6). */
const proxyHasUpstream: Rule = ({ ofKind, isWritten, report, reportAt }) => {
  for (const repository of ofKind('dockerProxy')) {
    if (repository.values['remoteUrl'] === undefined) {
      report(repository, '', {
        code: 'missing-field',
        message: `${repository.id}: remoteUrl is missing`,
        hint: 'add "upstream: docker-hub" (or another well-known registry), or "remoteUrl: https://…"',
        absent: ['remoteUrl', 'upstream'],
      })
    }
    const { path } = repository.object
    if (!isWritten([...path, 'upstream']) || !isWritten([...path, 'remoteUrl'])) continue
    const message = 'upstream and remoteUrl both say where to fetch from'
    const hint = 'keep one; with your own remoteUrl write index: hub or index: registry beside it'
    reportAt([...path, 'remoteUrl'], { code: 'upstream-and-url', message, hint }, 'key')
  }
}

/** `upstream: docker-hub` in a proxy: the fields that the well-known registry needs. */
export const upstream: Intent = {
  name: 'upstream',
  fields: {
    of: ['dockerProxy'],
    shape: {
      upstream: z
        .enum(upstreamNames)
        .nullable()
        .describe(
          'A well-known registry: sets remoteUrl, index and its quirks; null takes an overlaid one back.',
        )
        .optional(),
    },
  },
  expand: (_, objects) => objects.map(withPreset),
  rules: [proxyHasUpstream],
}

import * as z from 'zod'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Intent } from './contract.ts'
import { upstreamHint } from './upstream-hint.ts'
import { upstreamRules } from './upstream-rules.ts'
import { ecrHosts, type Preset, presetOf, upstreamNames } from './upstreams.ts'

/** Fields that belong together: where the file writes another value of the first, the preset has nothing to say of the second. */
const together: readonly (readonly [keyof Preset, keyof Preset])[] = [
  ['index', 'indexUrl'],
  ['cacheForeignLayers', 'foreignLayerUrlWhitelist'],
]

/** All five fields of a preset at every run, so that nothing of an earlier one is left behind. What the file writes beside it wins. */
function withPreset(object: DesiredObject): DesiredObject {
  if (!('upstream' in object.spec)) return object
  const { upstream: name, ...written } = object.spec
  const preset = typeof name === 'string' ? presetOf(name) : undefined
  if (!preset) return { ...object, spec: written }
  const differs = (field: keyof Preset) => field in written && written[field] !== preset[field]
  const left = together.flatMap(([first, second]) => (differs(first) ? [second] : []))
  const added = Object.entries(preset).filter(
    ([field]) => !(field in written || left.includes(field as keyof Preset)),
  )
  const reasons = Object.fromEntries(added.map(([field]) => [field, `upstream: ${String(name)}`]))
  return {
    ...object,
    spec: { ...Object.fromEntries(added), ...written },
    because: { ...object.because, ...reasons },
  }
}

const names = [...upstreamNames, ecrHosts]

const word = z
  .string()
  .superRefine((written, context) => {
    if (presetOf(written)) return
    const message = `expected one of ${names.join(', ')}`
    context.addIssue({ code: 'custom', message, params: { hint: upstreamHint(written) } })
  })
  .meta({ enum: names })

/** `upstream: docker-hub` in a proxy: the fields that the well-known registry needs. */
export const upstream: Intent = {
  name: 'upstream',
  fields: {
    of: ['dockerProxy'],
    shape: {
      upstream: word
        .nullable()
        .describe(
          'A well-known registry: sets remoteUrl, index, indexUrl, cacheForeignLayers and foreignLayerUrlWhitelist; null undoes the one from an earlier file.',
        )
        .optional(),
    },
  },
  expand: (_, objects) => objects.map(withPreset),
  rules: upstreamRules,
}

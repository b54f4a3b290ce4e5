// An intent that exists in this file alone: handed to whoever loads, it is as good as those of the tool.

import { expect, test } from 'vitest'
import * as z from 'zod'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { type Intent, type PartsOf, schemaWith } from '../../src/intents/contract.ts'
import { intents } from '../../src/intents/index.ts'
import { secretText } from '../../src/resources/contract/fields.ts'
import { kinds } from '../../src/resources/index.ts'
import { defined } from '../config/defined.ts'
import { loadText, placed } from '../config/load-text.ts'

interface Mirror {
  of: string[]
  key?: unknown
}

/** `mirror: {of: [https://…]}`: a blob store, a proxy for each address, and a group of them. */
const mirror: Intent<Mirror> = {
  name: 'mirror',
  section: z.strictObject({
    of: z.array(z.string()).describe('Addresses.'),
    key: secretText.optional(),
  }),
  secrets: ['key'],
  fields: { of: ['dockerHosted'], shape: { mirrored: z.boolean().describe('Joins the group.').optional() } },
  expand(spec, objects) {
    const joined = objects.filter((object) => object.spec['mirrored'] === true)
    const written = objects.map((object) => {
      const { mirrored, ...spec } = object.spec
      return { ...object, spec }
    })
    if (!spec) return written
    const made = { path: ['mirror'], because: { blobStore: 'mirror' } }
    const authentication = { username: 'u', password: { env: 'KEY' } }
    const proxies = (spec.of ?? []).map((remoteUrl, index) => ({
      ...made,
      kind: 'dockerProxy',
      id: `mirror-${index}`,
      spec: { remoteUrl, blobStore: 'mirrors', authentication },
    }))
    const members = [...joined, ...proxies].map(({ id }) => id)
    return [
      ...written,
      { ...made, kind: 'blobStore', id: 'mirrors', spec: {} },
      ...proxies,
      { ...made, kind: 'dockerGroup', id: 'mirror', spec: { members, blobStore: 'mirrors' } },
    ]
  },
  rules: [
    ({ sections, reportAt }) => {
      const spec = sections['mirror'] as PartsOf<Mirror> | undefined
      if (spec?.of?.length === 0)
        reportAt(['mirror', 'of'], { code: 'nothing-to-mirror', message: 'of is empty', hint: 'add one' })
    },
  ],
}

// First, so that the others see what it makes.
const tables = { kinds, intents: [mirror, ...intents] }

test('expands into three kinds, which are read, checked and given their secrets like written ones', async () => {
  const yaml =
    'anonymousPull: true\nmirror: {of: ["https://a.example"]}\nrepositories: {own: {type: hosted, mirrored: true}}\n'
  const options = { ...tables, lenientSecrets: false, environment: { KEY: 'key-of-mirror' } }
  const loaded = await loadText(yaml, options)
  expect(placed(loaded)).toEqual([])
  const { objects, secrets } = defined(loaded.config)
  expect(objects.map(({ kind, id, spec }) => ({ kind, id, spec }))).toEqual([
    { kind: 'dockerHosted', id: 'own', spec: { forceBasicAuth: false } },
    { kind: 'blobStore', id: 'mirrors', spec: {} },
    {
      kind: 'dockerProxy',
      id: 'mirror-0',
      spec: {
        remoteUrl: 'https://a.example',
        blobStore: 'mirrors',
        authentication: { type: 'username', username: 'u', password: 'sensitive' },
        forceBasicAuth: false,
      },
    },
    {
      kind: 'dockerGroup',
      id: 'mirror',
      spec: { members: ['own', 'mirror-0'], blobStore: 'mirrors', forceBasicAuth: false },
    },
    { kind: 'realms', id: 'realms', spec: { ensure: ['DockerToken'] } },
    { kind: 'anonymous', id: 'anonymous', spec: { enabled: true } },
  ])
  expect([...secrets]).toEqual([['dockerProxy mirror-0', { 'authentication.password': 'key-of-mirror' }]])
})

test('its objects may be referred to, and rules of kinds look at them', async () => {
  const yaml =
    'mirror: {of: ["ftp://a.example"]}\nrepositories: {all: {type: group, members: [mirror, mirror-1]}}\n'
  expect(placed(await loadText(yaml, tables))).toMatchObject([
    { code: 'secret-missing', severity: 'warning', line: 1, column: 1 },
    { code: 'invalid-url', line: 1, column: 1 },
    { code: 'member-missing', message: 'repository "mirror-1" is not in the file' },
  ])
})

test('its section, its fields and its rules are those of the file', async () => {
  const wrong = async (yaml: string) =>
    placed(await loadText(yaml, tables)).map(({ code, hint }) => ({ code, hint }))
  expect(await wrong('mirror: {of: []}\n')).toEqual([{ code: 'nothing-to-mirror', hint: 'add one' }])
  const misspelt = { code: 'unknown-key', hint: 'did you mean "of"?' }
  expect(await wrong('mirror: {off: []}\n')).toEqual([
    misspelt,
    { code: 'nothing-to-mirror', hint: 'add one' },
  ])
  expect(await wrong('mirro: {of: []}\n')).toEqual([
    { code: 'unknown-key', hint: 'did you mean "mirror"?' },
    { code: 'nothing-to-mirror', hint: 'add one' },
  ])
  expect(await wrong('repositories: {p: {type: proxy, upstream: quay.io, mirrored: true}}\n')).toEqual([
    { code: 'unknown-key', hint: '"mirrored" belongs to type: hosted' },
  ])
  expect(placed(await loadText('mirror: {of: []}\n'))).toMatchObject([{ code: 'unknown-key' }])
})

test('a secret of its section is known to the redactor, and looked up by nobody', async () => {
  const redactor = createRedactor()
  await loadText('mirror: {of: ["https://a"], key: written-key}\n', { ...tables, redactor })
  expect(redactor.redact('written-key')).toBe('***')
  const reference = 'mirror: {of: [], key: {file: /none}}\n'
  expect(placed(await loadText(reference, tables)).map(({ code }) => code)).toEqual(['nothing-to-mirror'])
})

test('schemas are what kinds and intents say together', () => {
  const schema = schemaWith(tables.intents, kinds.named('dockerHosted'))
  expect(schema.safeParse({ mirrored: true }).success).toBe(true)
  expect(kinds.named('dockerHosted').schema.safeParse({ mirrored: true }).success).toBe(false)
  expect(schemaWith(tables.intents, kinds.named('dockerGroup'))).toBe(kinds.named('dockerGroup').schema)
})

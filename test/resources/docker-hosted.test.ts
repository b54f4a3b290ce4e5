import { expect, test } from 'vitest'
import { defaultsFor } from '../../src/resources/contract/fields.ts'
import { dockerHosted } from '../../src/resources/docker/hosted.ts'
import { cleanupRows, dockerRows } from './docker-rows.ts'
import { recordingNexus, testKind, writing } from './table.ts'

testKind({
  kind: dockerHosted,
  rows: [
    ...dockerRows,
    ...cleanupRows,
    {
      field: 'writePolicy',
      file: 'allow-once',
      request: ['storage.writePolicy', 'allow_once'],
      // The case is the one that was sent up to 3.77, upper by 3.89.
      answers: [
        ['ALLOW_ONCE', 'allow-once'],
        ['allow_once', 'allow-once'],
        ['Allow', 'allow'],
        ['DENY', 'deny'],
      ],
    },
    {
      field: 'writePolicy',
      file: 'ALLOW_ONCE',
      shown: 'allow-once',
      request: ['storage.writePolicy', 'allow_once'],
    },
    {
      field: 'latestPolicy',
      file: true,
      request: ['storage.latestPolicy', true],
      answers: [
        [true, true],
        [null, null],
        [undefined, undefined],
      ],
    },
    {
      field: 'proprietaryComponents',
      file: true,
      request: ['component.proprietaryComponents', true],
      answers: [
        [false, false],
        [undefined, undefined],
      ],
    },
  ],
})

test('creation sends what Nexus requires, and no more than that and what is written', () => {
  expect(defaultsFor(dockerHosted.fields, {})).toEqual({
    online: true,
    blobStore: 'default',
    strictContentTypeValidation: true,
    forceBasicAuth: true,
    v1Enabled: false,
    writePolicy: 'allow',
  })
})

test("an update keeps the server's spelling of the name and sends nothing that only answers have", async () => {
  const { nexus, sent } = recordingNexus()
  const wire = { name: 'Apps', format: 'docker', type: 'hosted', url: 'http://x', online: true, odd: 1 }
  await dockerHosted.update(nexus, { ...writing('apps', wire), current: { id: 'Apps', wire } })
  expect(sent).toMatchObject([
    {
      method: 'PUT',
      path: '/service/rest/v1/repositories/docker/hosted/Apps',
      json: { name: 'Apps', odd: 1 },
    },
  ])
  expect(Object.keys(sent[0]?.json as object).toSorted()).toEqual(['name', 'odd', 'online'])
})

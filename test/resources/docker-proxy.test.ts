import { expect, test } from 'vitest'
import { upstreams } from '../../src/intents/upstreams.ts'
import { defaultsFor } from '../../src/resources/contract/fields.ts'
import { dockerProxy } from '../../src/resources/docker/proxy.ts'
import { cleanupRows, dockerRows } from './docker-rows.ts'
import { type Row, recordingNexus, testKind, writing } from './table.ts'

const same = (
  field: string,
  path: string,
  value: unknown,
  ...others: (string | number | boolean | null)[]
): Row => ({
  field,
  file: value,
  request: [path, value],
  answers: [value as string, ...others].map((other) => [other, other]),
})

const connection = 'httpClient.connection'
const login = 'httpClient.authentication'
/** Nexus never answers a secret; where the whole section is missing there is nothing. */
const secret: Row['answers'] = [[undefined, undefined]]

testKind({
  kind: dockerProxy,
  base: { remoteUrl: 'https://r.example' },
  rows: [
    ...dockerRows,
    ...cleanupRows,
    same('remoteUrl', 'proxy.remoteUrl', 'https://quay.io/'),
    same('contentMaxAge', 'proxy.contentMaxAge', -1, 1440),
    same('metadataMaxAge', 'proxy.metadataMaxAge', 60, -1),
    same('preserveEncodedCharacters', 'proxy.preserveEncodedCharacters', true, false),
    {
      field: 'index',
      file: 'hub',
      request: ['dockerProxy.indexType', 'HUB'],
      answers: [
        ['REGISTRY', 'registry'],
        ['CUSTOM', 'custom'],
      ],
    },
    same('indexUrl', 'dockerProxy.indexUrl', 'https://i.example', null),
    same('cacheForeignLayers', 'dockerProxy.cacheForeignLayers', true, false),
    {
      field: 'foreignLayerUrlWhitelist',
      file: ['b', 'a'],
      request: ['dockerProxy.foreignLayerUrlWhitelist', ['b', 'a']],
      answers: [
        [['b'], ['b']],
        [undefined, []],
      ],
    },
    same('negativeCache.enabled', 'negativeCache.enabled', false, true),
    same('negativeCache.timeToLive', 'negativeCache.timeToLive', 0, 1440),
    // `routingRule` up to 3.93, `routingRuleName` from 3.94: both are sent, only the latter is answered.
    {
      field: 'routingRule',
      file: 'r',
      request: ['routingRule', 'r'],
      answers: [
        ['r', 'r'],
        [null, null],
        [undefined, null],
      ],
    },
    { field: 'routingRule', file: 'r', request: ['routingRuleName', 'r'] },
    { field: 'routingRule', file: null, request: ['routingRule', null] },
    same('httpClient.blocked', 'httpClient.blocked', true, false),
    same('httpClient.autoBlock', 'httpClient.autoBlock', false, true),
    same('httpClient.retries', `${connection}.retries`, 3, null),
    same('httpClient.timeout', `${connection}.timeout`, 20, null),
    same('httpClient.userAgentSuffix', `${connection}.userAgentSuffix`, 'x', null),
    same('httpClient.enableCircularRedirects', `${connection}.enableCircularRedirects`, true, false),
    same('httpClient.enableCookies', `${connection}.enableCookies`, true, false),
    same('httpClient.useTrustStore', `${connection}.useTrustStore`, true, false),
    { field: 'authentication', file: null, request: [login, null] },
    same('authentication.type', `${login}.type`, 'bearerToken', 'username', 'ntlm'),
    same('authentication.username', `${login}.username`, 'u'),
    { field: 'authentication.password', file: 'p', request: [`${login}.password`, 'p'], answers: secret },
    same('authentication.ntlmHost', `${login}.ntlmHost`, 'h', null),
    same('authentication.ntlmDomain', `${login}.ntlmDomain`, 'd', null),
    {
      field: 'authentication.bearerToken',
      file: 't',
      request: [`${login}.bearerToken`, 't'],
      answers: secret,
    },
    { field: 'replication', file: null, request: ['replication', null] },
    same('replication.preemptivePullEnabled', 'replication.preemptivePullEnabled', true, false),
    same('replication.assetPathRegex', 'replication.assetPathRegex', '.*'),
    {
      field: 'firewall.mode',
      file: 'quarantine',
      request: ['firewall.mode', 'QUARANTINE'],
      answers: [
        ['DISABLED', 'disabled'],
        ['PCCS', 'pccs'],
        ['AUDIT', 'audit'],
      ],
    },
    { field: 'ecrAuth', file: null, request: ['dockerProxy.ecrAuth', null] },
    same('ecrAuth.enabled', 'dockerProxy.ecrAuth.enabled', true, false),
    same('ecrAuth.awsRegion', 'dockerProxy.ecrAuth.awsRegion', 'eu-west-1'),
    same('ecrAuth.registryId', 'dockerProxy.ecrAuth.registryId', '123456789012'),
    same('ecrAuth.accessKeyId', 'dockerProxy.ecrAuth.accessKeyId', 'AKIA'),
    {
      field: 'ecrAuth.secretAccessKey',
      file: 's',
      request: ['dockerProxy.ecrAuth.secretAccessKey', 's'],
      answers: secret,
    },
    {
      field: 'ecrAuth.sessionToken',
      file: 's',
      request: ['dockerProxy.ecrAuth.sessionToken', 's'],
      answers: secret,
    },
  ],
})

test('creation sends what Nexus requires; Docker Hub has an index of its own', () => {
  const hub = defaultsFor(dockerProxy.fields, { remoteUrl: upstreams['docker-hub'].remoteUrl, index: 'hub' })
  expect(hub).toMatchObject({
    contentMaxAge: 1440,
    metadataMaxAge: 1440,
    indexUrl: 'https://index.docker.io/',
  })
  expect(hub).not.toHaveProperty('pathEnabled')
  const other = defaultsFor(dockerProxy.fields, { remoteUrl: 'https://quay.io' })
  expect(other).toMatchObject({
    index: 'registry',
    'httpClient.blocked': false,
    'httpClient.autoBlock': true,
  })
  expect(other).not.toHaveProperty('indexUrl')
})

test.each(Object.entries(upstreams))('upstream %s is a proxy that Nexus takes', (_, preset) => {
  expect(dockerProxy.schema.safeParse(preset).success).toBe(true)
  expect(preset.remoteUrl).toMatch(/^https:\/\/[a-z0-9.-]+$/)
})

test('an update that does not mention the rule keeps it, under both names', async () => {
  const { nexus, sent } = recordingNexus()
  const wire = { name: 'hub', routingRuleName: 'r' }
  await dockerProxy.update(nexus, { ...writing('hub', wire), current: { id: 'hub', wire } })
  expect(sent[0]?.json).toEqual({ name: 'hub', routingRuleName: 'r', routingRule: 'r' })
})

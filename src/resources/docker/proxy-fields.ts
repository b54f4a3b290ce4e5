import type { DockerProxyRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { textOf } from '../../core/json.ts'
import { fieldsOf, type Presence, secretText } from '../contract/fields.ts'
import { ageInMinutes, nonEmptyText, words } from '../contract/schemas.ts'
import { hostOf, withoutLastSlash } from '../contract/urls.ts'
import { cleanupFields } from './cleanup-field.ts'
import { dockerFields } from './fields.ts'

const { field, removableSection } = fieldsOf<DockerProxyRepositoryApiRequest>()
const indexes = words('hub', 'registry', 'custom')
const logins = words('username', 'ntlm', 'bearerToken')
const firewallModes = words('disabled', 'audit', 'quarantine', 'pccs')

/** Docker Hub's registry by its hosts, and the URL that Nexus's own interface has for its index. */
const hubHosts = ['registry-1.docker.io', 'index.docker.io']
export const hubIndexUrl = 'https://index.docker.io/'

/** Nothing tells for sure that there is none. */
const thereWhen = (told: boolean): Presence => (told ? 'there' : 'unknown')

const remote = {
  remoteUrl: field('proxy.remoteUrl', nonEmptyText, {
    describe:
      'The registry that is cached, e.g. https://registry-1.docker.io; `upstream` names the well-known ones.',
    canonical: withoutLastSlash,
  }),
  contentMaxAge: field('proxy.contentMaxAge', ageInMinutes, {
    describe: 'Minutes until cached content is checked again; -1 for never.',
    default: 1440,
  }),
  metadataMaxAge: field('proxy.metadataMaxAge', ageInMinutes, {
    describe: 'Minutes until cached metadata (tags) is checked again; -1 for never.',
    default: 1440,
  }),
  preserveEncodedCharacters: field('proxy.preserveEncodedCharacters', z.boolean(), {
    describe: 'Whether percent-encoded characters are passed on as they are (Nexus 3.90 and later).',
    needs: 'preserveEncodedCharacters',
    needsWhen: (value) => value === true,
  }),
  index: field('dockerProxy.indexType', indexes.schema, {
    describe:
      'Where `docker search` and tokens come from: hub for Docker Hub, registry for all others, custom with indexUrl.',
    default: (values) => (hubHosts.includes(hostOf(values['remoteUrl']) ?? '') ? 'hub' : 'registry'),
    toWire: (value) => textOf(value).toUpperCase() as 'HUB',
    fromWire: indexes.fromWire,
  }),
  indexUrl: field('dockerProxy.indexUrl', nonEmptyText.nullable(), {
    describe: 'URL of the index; only with index: custom.',
    default: (values) => (values['index'] === 'hub' ? hubIndexUrl : undefined),
    // Nexus's own interface sends the one or the other for Docker Hub; without index: custom both mean nothing (nexus-api 2.5).
    whenNull: hubIndexUrl,
    canonical: withoutLastSlash,
  }),
  cacheForeignLayers: field('dockerProxy.cacheForeignLayers', z.boolean(), {
    describe: 'Whether layers that are stored elsewhere (Windows base images) are cached too.',
    whenNull: false,
  }),
  foreignLayerUrlWhitelist: field('dockerProxy.foreignLayerUrlWhitelist', z.array(nonEmptyText), {
    describe: 'Regular expressions of the URLs that foreign layers may come from.',
    absent: [],
    whenNull: [],
  }),
  'negativeCache.enabled': field('negativeCache.enabled', z.boolean(), {
    describe: 'Whether "not found" is remembered.',
    default: true,
  }),
  'negativeCache.timeToLive': field('negativeCache.timeToLive', z.int().min(0), {
    describe: 'Minutes for which "not found" is remembered.',
    default: 1440,
  }),
  routingRule: field('routingRuleName', nonEmptyText.nullable(), {
    describe: 'Name of a routing rule in this file or on the server.',
    absent: null,
  }),
}

const httpClient = {
  'httpClient.blocked': field('httpClient.blocked', z.boolean(), {
    describe: 'Whether requests to the upstream are blocked.',
    default: false,
  }),
  'httpClient.autoBlock': field('httpClient.autoBlock', z.boolean(), {
    describe: 'Whether the upstream is left alone for a while when it does not answer.',
    default: true,
  }),
  'httpClient.retries': field('httpClient.connection.retries', z.int().min(0).max(10).nullable(), {
    describe: 'How many times a failed request is tried again.',
  }),
  'httpClient.timeout': field('httpClient.connection.timeout', z.int().min(1).max(3600).nullable(), {
    describe: 'Seconds to wait for the upstream.',
  }),
  'httpClient.userAgentSuffix': field('httpClient.connection.userAgentSuffix', z.string().nullable(), {
    describe: 'Text that is added to the User-Agent.',
  }),
  'httpClient.enableCircularRedirects': field('httpClient.connection.enableCircularRedirects', z.boolean(), {
    describe: 'Whether redirects may return to a URL that was requested before.',
    whenNull: false,
  }),
  'httpClient.enableCookies': field('httpClient.connection.enableCookies', z.boolean(), {
    describe: 'Whether cookies from the upstream are kept.',
    whenNull: false,
  }),
  'httpClient.useTrustStore': field('httpClient.connection.useTrustStore', z.boolean(), {
    describe: "Whether the upstream's certificate is checked against Nexus's own trust store.",
    whenNull: false,
  }),
}

const authentication = {
  authentication: removableSection(
    'httpClient.authentication',
    'How Nexus logs in to the upstream; null removes the login.',
  ),
  'authentication.type': field('httpClient.authentication.type', logins.schema, {
    describe: 'username, ntlm or bearerToken; left out, it follows from what is given.',
    fromWire: logins.fromWire,
  }),
  'authentication.username': field('httpClient.authentication.username', nonEmptyText, {
    describe: 'User name.',
  }),
  'authentication.password': field('httpClient.authentication.password', secretText, {
    describe: 'Password or access token.',
    secret: { presentWhen: ({ type }) => thereWhen(logins.fromWire(type) !== 'bearerToken') },
  }),
  'authentication.ntlmHost': field('httpClient.authentication.ntlmHost', nonEmptyText, {
    describe: 'NTLM host.',
  }),
  'authentication.ntlmDomain': field('httpClient.authentication.ntlmDomain', nonEmptyText, {
    describe: 'NTLM domain.',
  }),
  'authentication.bearerToken': field('httpClient.authentication.bearerToken', secretText, {
    describe: 'Bearer token (Nexus 3.76 and later).',
    secret: { presentWhen: ({ type }) => thereWhen(logins.fromWire(type) === 'bearerToken') },
    needs: 'bearerToken',
  }),
}

const proOrNew = {
  replication: removableSection('replication', 'Replication from another Nexus (Pro).'),
  'replication.preemptivePullEnabled': field('replication.preemptivePullEnabled', z.boolean(), {
    describe: 'Whether content of the upstream Nexus is fetched before it is asked for (Pro).',
    needs: 'replication',
    needsWhen: (value) => value === true,
  }),
  'replication.assetPathRegex': field('replication.assetPathRegex', nonEmptyText, {
    describe: 'Which paths are fetched (Pro).',
    needs: 'replication',
  }),
  'firewall.mode': field('firewall.mode', firewallModes.schema, {
    describe: 'Mode of the Repository Firewall (Nexus 3.94 and later).',
    needs: 'firewall',
    toWire: (value) => textOf(value).toUpperCase() as 'DISABLED',
    fromWire: firewallModes.fromWire,
  }),
  ecrAuth: removableSection(
    'dockerProxy.ecrAuth',
    'Login to Amazon ECR (Nexus 3.94 and later); null removes it.',
  ),
  'ecrAuth.enabled': field('dockerProxy.ecrAuth.enabled', z.boolean(), {
    describe: 'Whether the ECR login is used.',
    needs: 'ecrAuth',
  }),
  'ecrAuth.awsRegion': field('dockerProxy.ecrAuth.awsRegion', nonEmptyText, {
    describe: 'AWS region of the registry.',
    needs: 'ecrAuth',
  }),
  'ecrAuth.registryId': field('dockerProxy.ecrAuth.registryId', nonEmptyText, {
    describe: 'AWS account that owns the registry.',
    needs: 'ecrAuth',
  }),
  'ecrAuth.accessKeyId': field('dockerProxy.ecrAuth.accessKeyId', nonEmptyText, {
    describe: 'AWS access key.',
    needs: 'ecrAuth',
  }),
  'ecrAuth.secretAccessKey': field('dockerProxy.ecrAuth.secretAccessKey', secretText, {
    describe: 'AWS secret key.',
    secret: {
      presentWhen: ({ enabled, accessKeyId }) => thereWhen(enabled === true || Boolean(accessKeyId)),
    },
    needs: 'ecrAuth',
  }),
  'ecrAuth.sessionToken': field('dockerProxy.ecrAuth.sessionToken', secretText, {
    describe: 'AWS session token.',
    // Nothing tells. It comes with the secret key, which the file has to have then.
    secret: { presentWhen: 'unknown' },
    needs: 'ecrAuth',
  }),
}

export const proxyFields = {
  ...dockerFields,
  ...remote,
  ...httpClient,
  ...authentication,
  ...proOrNew,
  ...cleanupFields,
}

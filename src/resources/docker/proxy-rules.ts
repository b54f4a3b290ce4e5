import { compareVersions } from '../../core/versions.ts'
import { patternProblem } from '../contract/patterns.ts'
import { eachOf, eachText, type Rule } from '../contract/rule.ts'
import { urlProblem, withoutLastSlash } from '../contract/urls.ts'
import { hubIndexUrl, type proxyFields } from './proxy-fields.ts'

type Fields = typeof proxyFields

const login =
  'write "authentication: {username: …, password: {env: NAME}}" beside it, where they are kept secret'

/** A URL that Nexus takes; credentials in it would be stored and shown in clear (nexus-api 6). */
const validRemoteUrls = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  for (const field of ['remoteUrl', 'indexUrl'] as const) {
    const finding = urlProblem(field, repository.values[field], { login, query: field === 'indexUrl' })
    if (finding) report(repository, field, finding)
  }
})

/** `index: custom` needs an indexUrl; Nexus keeps another index's and does not use it (nexus-api 2.5). */
const indexMatchesUrl = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  const { index, indexUrl } = repository.values
  if (index === 'custom' && (indexUrl ?? null) === null) {
    report(repository, 'index', {
      code: 'index-url',
      message: 'index: custom needs indexUrl',
      hint: 'add "indexUrl: https://…"',
      absent: ['indexUrl'],
    })
  }
  const isHubs = withoutLastSlash(indexUrl) === withoutLastSlash(hubIndexUrl)
  if (typeof indexUrl === 'string' && index !== 'custom' && !isHubs) {
    report(repository, 'indexUrl', {
      severity: 'warning',
      code: 'index-url',
      message: 'indexUrl is only used with index: custom',
      hint: 'write "index: custom", or remove indexUrl',
      absent: ['index'],
    })
  }
})

type LoginField = 'username' | 'password' | 'ntlmHost' | 'ntlmDomain' | 'bearerToken'

const logins: Readonly<Record<string, { needs: readonly LoginField[]; not: readonly LoginField[] }>> = {
  username: { needs: ['username', 'password'], not: ['ntlmHost', 'ntlmDomain', 'bearerToken'] },
  ntlm: { needs: ['username', 'password'], not: ['bearerToken'] },
  bearerToken: { needs: ['bearerToken'], not: ['username', 'password', 'ntlmHost', 'ntlmDomain'] },
}

/** Nexus refuses half a login, and an empty password would be sent upstream as it is (nexus-api 6, 7.1). */
const completeLogins = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  const { values } = repository
  const type = String(values['authentication.type'])
  const isWritten = (field: LoginField) => values[`authentication.${field}`] !== undefined
  const { needs = [], not = [] } = logins[type] ?? {}
  for (const field of needs.filter((name) => !isWritten(name))) {
    report(repository, 'authentication', {
      code: 'incomplete-login',
      message: `a login of type ${type} needs ${field}`,
      hint: field === 'username' ? 'add "username: …"' : `add "${field}: {env: NAME}"`,
      absent: [`authentication.${field}`],
    })
  }
  for (const field of not.filter(isWritten)) {
    report(repository, `authentication.${field}`, {
      code: 'incomplete-login',
      message: `a login of type ${type} does not use ${field}`,
      hint: `remove ${field}, or change the type`,
    })
  }
})

/** Nexus refuses the trust store for plain http from 3.30 (nexus-api 2.5). */
const trustStoreNeedsHttps = eachOf<Fields>('dockerProxy', (repository, { server, report }) => {
  const { remoteUrl, 'httpClient.useTrustStore': useTrustStore } = repository.values
  if (useTrustStore !== true || !String(remoteUrl).startsWith('http://')) return
  report(repository, 'httpClient.useTrustStore', {
    refused: server.version === undefined || compareVersions(server.version, '3.30.0') >= 0,
    code: 'trust-store-http',
    message: 'useTrustStore needs an https remoteUrl',
    hint: 'use an https remoteUrl, or remove useTrustStore',
  })
})

/** Foreign layers need both: the switch and the list of places. */
const foreignLayersMakeSense = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  const { cacheForeignLayers, foreignLayerUrlWhitelist: list = [] } = repository.values
  const written = repository.object.because['foreignLayerUrlWhitelist'] === undefined
  if (!written || list.length === 0 || cacheForeignLayers === true) return
  report(repository, 'foreignLayerUrlWhitelist', {
    severity: 'warning',
    code: 'foreign-layers-off',
    message: 'the list is only used with cacheForeignLayers: true',
    hint: 'add "cacheForeignLayers: true"',
    absent: ['cacheForeignLayers'],
  })
})

/** Patterns that no server is known to check; where Java does not take one, nothing matches. */
const validPatterns = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  const check = (text: unknown, field: string, example: string) => {
    const finding = patternProblem(text, example)
    if (finding) report(repository, field, { ...finding, severity: 'warning' })
  }
  eachText(repository, 'foreignLayerUrlWhitelist', (text, field) => {
    check(text, field, 'https?://layers\\.example\\.com/.*')
  })
  check(repository.values['replication.assetPathRegex'], 'replication.assetPathRegex', '/v2/team/.*')
})

export const proxyRules: readonly Rule[] = [
  validRemoteUrls,
  indexMatchesUrl,
  completeLogins,
  trustStoreNeedsHttps,
  foreignLayersMakeSense,
  validPatterns,
]

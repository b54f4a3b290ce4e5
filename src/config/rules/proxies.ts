import { nodeAt } from '../../yaml/located.ts'
import type { Finding, Rule, RuleContext, RuleObject } from './context.ts'

/** Where a proxy fetches from: a preset or a URL, one of them (nexus-api 6). */
export const proxyHasUpstream: Rule = ({ repositories, config, report, reportAt }) => {
  for (const repository of repositories.filter(({ type }) => type === 'proxy')) {
    if (repository.values['remoteUrl'] === undefined) {
      const hint = 'add "upstream: docker-hub" (or another well-known registry), or "remoteUrl: https://…"'
      report(repository, '', {
        code: 'missing-field',
        message: `${repository.id}: remoteUrl is missing`,
        hint,
        absent: ['remoteUrl', 'upstream'],
      })
    }
    if (isWritten('upstream', repository, config) && isWritten('remoteUrl', repository, config)) {
      const hint = 'keep one; with your own remoteUrl write index: hub or index: registry beside it'
      const message = 'upstream and remoteUrl both say where to fetch from'
      reportAt([...repository.object.path, 'remoteUrl'], { code: 'upstream-and-url', message, hint }, 'key')
    }
  }
}

/** By the file itself, not by what an intent added to the object; null is a key taken back. */
function isWritten(key: string, { object }: RuleObject, { root }: RuleContext['config']): boolean {
  const node = nodeAt(root, [...object.path, key])
  return node !== undefined && !(node.kind === 'scalar' && node.value === null)
}

/** A URL that Nexus takes; credentials in it would be stored and shown in clear (nexus-api 6). */
export const validRemoteUrls: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    for (const field of ['remoteUrl', 'indexUrl']) {
      const finding = urlProblem(field, repository.values[field])
      if (finding) report(repository, field, finding)
    }
    const url = String(repository.values['remoteUrl'] ?? '')
    if (/^https?:\/\/hub\.docker\.com(\/|$)/.test(url)) {
      const hint = 'the registry is https://registry-1.docker.io; write "upstream: docker-hub"'
      report(repository, 'remoteUrl', {
        code: 'not-a-registry',
        message: 'hub.docker.com is the web site of Docker Hub',
        hint,
      })
    }
  }
}

/** What is wrong with a URL to another server; undefined for a good one or none. */
export function urlProblem(field: string, value: unknown): Finding | undefined {
  if (typeof value !== 'string') return undefined
  if (!URL.canParse(value) || !/^https?:\/\/[^/\s]\S*$/i.test(value)) {
    return {
      code: 'invalid-url',
      message: `${field}: this is not an http or https URL`,
      hint: 'write it like https://registry.example.com',
    }
  }
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'credentials-in-url',
      message: `${field}: the URL holds credentials`,
      hint: 'put them into fields of their own, where they are kept secret',
    }
  }
  if (url.search !== '' || url.hash !== '') {
    return {
      code: 'invalid-url',
      message: `${field}: the URL has a query or fragment`,
      hint: 'write only scheme, host, port and path',
    }
  }
  return undefined
}

/** `index: custom` and indexUrl belong together (nexus-api 2.5). */
export const indexMatchesUrl: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    const { index, indexUrl } = repository.values
    if (index === 'custom' && (indexUrl ?? null) === null) {
      report(repository, 'index', {
        code: 'index-url',
        message: 'index: custom needs indexUrl',
        hint: 'add "indexUrl: https://…"',
        absent: ['indexUrl'],
      })
    }
    if (typeof indexUrl === 'string' && index !== 'custom' && indexUrl !== 'https://index.docker.io/') {
      const hint = 'write "index: custom", or remove indexUrl'
      report(repository, 'indexUrl', {
        code: 'index-url',
        message: 'indexUrl is only used with index: custom',
        hint,
        absent: ['index'],
      })
    }
  }
}

const loginFields: Record<string, { needs: string[]; not: string[] }> = {
  username: { needs: ['username', 'password'], not: ['ntlmHost', 'ntlmDomain', 'bearerToken'] },
  ntlm: { needs: ['username', 'password'], not: ['bearerToken'] },
  bearerToken: { needs: ['bearerToken'], not: ['username', 'password', 'ntlmHost', 'ntlmDomain'] },
}

/** Nexus refuses half a login, and an empty password would be sent upstream as it is (nexus-api 6, 7.1). */
export const completeLogins: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    const type = repository.values['authentication.type']
    const rule = loginFields[String(type)]
    if (!rule) continue
    for (const field of rule.needs.filter(
      (name) => repository.values[`authentication.${name}`] === undefined,
    )) {
      const hint = field === 'username' ? 'add "username: …"' : `add "${field}: {env: NAME}"`
      report(repository, 'authentication', {
        code: 'incomplete-login',
        message: `a login of type ${String(type)} needs ${field}`,
        hint,
        absent: [`authentication.${field}`],
      })
    }
    for (const field of rule.not.filter(
      (name) => repository.values[`authentication.${name}`] !== undefined,
    )) {
      const hint = `remove ${field}, or change the type`
      report(repository, `authentication.${field}`, {
        code: 'incomplete-login',
        message: `a login of type ${String(type)} has no ${field}`,
        hint,
      })
    }
  }
}

/** Nexus refuses the trust store for plain http from 3.30 (nexus-api 2.5). */
export const trustStoreNeedsHttps: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    if (repository.values['httpClient.useTrustStore'] !== true) continue
    if (!String(repository.values['remoteUrl']).startsWith('http://')) continue
    const hint = 'use an https remoteUrl, or remove useTrustStore'
    report(repository, 'httpClient.useTrustStore', {
      code: 'trust-store-http',
      message: 'useTrustStore needs an https remoteUrl',
      hint,
    })
  }
}

/** Foreign layers need both: the switch and the list of places. */
export const foreignLayersMakeSense: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    const list = repository.values['foreignLayerUrlWhitelist']
    if (!Array.isArray(list)) continue
    list.forEach((pattern, index) => {
      if (isPattern(pattern)) return
      const hint = 'it is a Java regular expression, e.g. https?://mcr\\.microsoft\\.com/.*'
      report(repository, `foreignLayerUrlWhitelist[${index}]`, {
        code: 'invalid-pattern',
        message: `"${pattern}" is not a regular expression`,
        hint,
      })
    })
    const written = repository.object.because['foreignLayerUrlWhitelist'] === undefined
    if (written && list.length > 0 && repository.values['cacheForeignLayers'] !== true) {
      const hint = 'add "cacheForeignLayers: true"'
      report(repository, 'foreignLayerUrlWhitelist', {
        severity: 'warning',
        code: 'foreign-layers-off',
        message: 'the list is only used with cacheForeignLayers: true',
        hint,
        absent: ['cacheForeignLayers'],
      })
    }
  }
}

/** Java's dialect, as far as JavaScript lacks it: `(?i)`, `(?i:…)`, `(?>…)`, possessive `*+`. */
function isPattern(text: string): boolean {
  const common = text
    .replaceAll(/\(\?[a-zA-Z-]+\)/g, '')
    .replaceAll(/\(\?([a-zA-Z-]+:|>)/g, '(?:')
    .replaceAll(/(?<!\\)([*+?}])\+/g, '$1')
  try {
    new RegExp(common)
    return true
  } catch {
    return false
  }
}

/** latestPolicy is the exception to allow-once and means nothing without it (nexus-api 2.4). */
export const latestPolicyNeedsAllowOnce: Rule = ({ repositories, report }) => {
  for (const repository of repositories) {
    if (repository.values['latestPolicy'] !== true) continue
    const policy = repository.values['writePolicy']
    if (policy === 'allow-once') continue
    const hint = 'add "writePolicy: allow-once", or remove latestPolicy'
    report(repository, 'latestPolicy', {
      code: 'latest-policy',
      message: 'latestPolicy: true needs writePolicy: allow-once',
      hint,
      absent: ['writePolicy'],
    })
  }
}

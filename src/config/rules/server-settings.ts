import { isExclusion } from '../../core/names.ts'
import { authenticatingRealm } from '../../resources/realms.ts'
import { nodeAt } from '../../yaml/located.ts'
import type { Rule } from './context.ts'
import { forEachText } from './names.ts'
import { urlProblem } from './proxies.ts'

/** The base URL of the server itself. */
export const validServerUrl: Rule = ({ config, reportAt }) => {
  const finding = urlProblem('url', config.nexus.url)
  if (!finding) return
  const hint = finding.code === 'credentials-in-url' ? 'use nexus.username and nexus.password' : finding.hint
  reportAt(['nexus', 'url'], { ...finding, hint })
}

/** A host name or address, not a URL (nexus-api 6). */
export const proxyHostIsNoUrl: Rule = ({ block, report }) => {
  const proxy = block('httpProxy')
  for (const field of ['http.host', 'https.host']) {
    const host = proxy?.values[field]
    if (
      !proxy ||
      typeof host !== 'string' ||
      /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?)$/i.test(host)
    )
      continue
    const hint = host.includes('://')
      ? 'write the host alone; the port has a field of its own'
      : 'write a host name or an IP address'
    report(proxy, field, { code: 'invalid-host', message: `${field}: this is not a host name`, hint })
  }
}

export const validExclusions: Rule = ({ block, report }) => {
  const proxy = block('httpProxy')
  if (!proxy) return
  forEachText(proxy, 'exclude', (host, field) => {
    if (isExclusion(host)) return
    const hint = host.includes('/')
      ? 'networks are not understood; write 10.* for 10.0.0.0/8'
      : 'write a host name with at most one * at its start or end: *.corp, 10.*'
    report(proxy, field, {
      code: 'invalid-exclusion',
      message: `"${host}" is not an exclusion that Nexus accepts`,
      hint,
    })
  })
  const active = (proxy.values['http.host'] ?? proxy.values['https.host']) !== undefined
  const exclude = proxy.values['exclude']
  if (!active && Array.isArray(exclude) && exclude.length > 0 && proxy.values['http'] === null) {
    const hint = 'exclusions are only used while a proxy is set'
    report(proxy, 'exclude', {
      severity: 'warning',
      code: 'exclusions-without-proxy',
      message: 'there is no proxy to exclude hosts from',
      hint,
    })
  }
}

/** A realm list without the authenticating realm locks everybody out, for good (nexus-api 2.11). */
export const realmsKeepLogin: Rule = ({ block, config, reportAt }) => {
  const realms = block('realms')
  if (!realms) return
  const { exact } = realms.object.spec as { exact?: string[] }
  if (exact && !exact.includes(authenticatingRealm)) {
    const hint = `add ${authenticatingRealm} to the list`
    reportAt(
      ['realms', 'exact'],
      {
        code: 'realm-lockout',
        message: 'without the authenticating realm nobody could log in any more',
        hint,
      },
      'key',
    )
  }
  // With anonymousPull there is an ensure that nobody wrote.
  if (exact && nodeAt(config.root, ['realms', 'ensure'])) {
    reportAt(
      ['realms', 'ensure'],
      { code: 'realms-twice', message: 'ensure and exact exclude each other', hint: 'keep one of them' },
      'key',
    )
  }
  if (exact && config.anonymousPull && !exact.includes('DockerToken')) {
    const hint = 'add DockerToken to realms.exact, or remove anonymousPull'
    reportAt(
      ['anonymousPull'],
      { code: 'anonymous-pull', message: 'anonymousPull needs the DockerToken realm', hint },
      'key',
    )
  }
}

/** anonymousPull asks for anonymous access; a file that switches it off contradicts itself. */
export const anonymousPullIsConsistent: Rule = ({ block, config, reportAt }) => {
  if (!config.anonymousPull || block('anonymous')?.values['enabled'] !== false) return
  const hint = 'remove one of the two'
  reportAt(['anonymous', 'enabled'], {
    code: 'anonymous-pull',
    message: 'anonymousPull: true needs anonymous access',
    hint,
  })
}

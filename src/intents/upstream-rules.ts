import { eachOf, type Finding, type Rule } from '../resources/contract/rule.ts'
import { hostOf, urlProblem } from '../resources/contract/urls.ts'
import type { proxyFields } from '../resources/docker/proxy-fields.ts'
import { isEcrHost, presetOf, registryOfSite, upstreamAt } from './upstreams.ts'

type Fields = typeof proxyFields

/** Where a proxy fetches from: a preset or a URL, one of them (nexus-api 6). */
const proxyHasUpstream = eachOf<Fields>('dockerProxy', (repository, { isWritten, report, reportAt }) => {
  if (repository.values.remoteUrl === undefined) {
    report(repository, '', {
      code: 'missing-field',
      message: `${repository.id}: remoteUrl is missing`,
      hint: 'add "upstream: docker-hub" (or another well-known registry), or "remoteUrl: https://…"',
      absent: ['remoteUrl', 'upstream'],
    })
  }
  const { path } = repository.object
  if (!isWritten([...path, 'upstream']) || !isWritten([...path, 'remoteUrl'])) return
  const message = 'upstream and remoteUrl both say where to fetch from'
  const hint = 'keep one; if the other is in a file below, undo it with "upstream: null"'
  reportAt([...path, 'remoteUrl'], { code: 'upstream-and-url', message, hint }, 'key')
})

/** Addresses where no registry answers. Nexus takes them all, and finds nothing (it asks for `<remoteUrl>/v2/…`). */
const remoteIsRegistry = eachOf<Fields>('dockerProxy', (repository, { report }) => {
  const { remoteUrl } = repository.values
  if (remoteUrl === undefined || urlProblem('remoteUrl', remoteUrl)) return
  const found = notARegistry(new URL(remoteUrl))
  if (found) report(repository, 'remoteUrl', { severity: 'warning', code: 'not-a-registry', ...found })
})

function notARegistry(url: URL): Pick<Finding, 'message' | 'hint'> | undefined {
  const { hostname, pathname, origin } = url
  const site = registryOfSite(hostname)
  if (site !== undefined) {
    const hint = `the registry is ${presetOf(site)?.remoteUrl}; write "upstream: ${site}" in its place`
    return { message: `${hostname} is a web site, not a registry`, hint }
  }
  const path = pathname.replace(/\/+$/, '')
  if (/\/v2$/.test(path)) {
    const hint = `write "remoteUrl: ${origin}${path.slice(0, -'/v2'.length)}"`
    return { message: 'Nexus adds /v2 to the address itself', hint }
  }
  const known = upstreamAt(hostname)
  if (path === '' || known === undefined) return undefined
  const hint = `write "upstream: ${known}" in its place; the rest is part of the image names`
  return { message: `the registry ${hostname} answers only at ${origin}`, hint }
}

/** A password of Amazon's private registries lapses after 12 hours; Nexus renews it by itself from 3.94 on (`ecrAuth`, nexus-api 2.5). */
const ecrLoginLasts = eachOf<Fields>('dockerProxy', (repository, { isWritten, report, reportAt }) => {
  const { values, object } = repository
  if (!isEcrHost(hostOf(values.remoteUrl) ?? '')) return
  const written = Object.keys(values).some((field) => field.startsWith('ecrAuth.'))
  if (written && values['ecrAuth.enabled'] !== false) return
  const finding: Finding = {
    severity: 'warning',
    code: 'ecr-token',
    message: 'an Amazon ECR password expires after 12 hours',
    hint: 'use ecrAuth (Nexus 3.94 and later), or renew the password on a schedule: apply --rotate-secrets',
    absent: ['ecrAuth'],
  }
  const place = ['authentication', 'upstream'].find((key) => isWritten([...object.path, key]))
  if (place === 'upstream') reportAt([...object.path, place], finding)
  else report(repository, place ?? 'remoteUrl', finding)
})

export const upstreamRules: readonly Rule[] = [proxyHasUpstream, remoteIsRegistry, ecrLoginLasts]

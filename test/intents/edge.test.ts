import { describe, expect, test } from 'vitest'
import { chooseRouting } from '../../src/edge/choose.ts'
import { repositoriesIn } from '../../src/edge/repository.ts'
import type { EdgeSection } from '../../src/edge/section.ts'
import { defined } from '../config/defined.ts'
import { loadText, placed } from '../config/load-text.ts'
import { applyTo } from '../helpers/landscape.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, getJson, sandboxFor, writesOf } from '../helpers/sandbox.ts'

const head = 'edge: {hosts: {pull: registry.example.com}, tls: {endsFurtherOut: true}}\n'
const repositories = `repositories:
  apps: {type: hosted}
  hub: {type: proxy, upstream: docker-hub}
  docker: {type: group, members: [apps, hub]}
`
const ports = repositories
  .replace('hosted', 'hosted, httpPort: 8083')
  .replace('group', 'group, httpPort: 8082')

async function load(yaml: string) {
  const loaded = await loadText(yaml)
  return { problems: placed(loaded), config: loaded.config, accepted: loaded.accepted }
}

async function pathsOf(yaml: string): Promise<Record<string, unknown>> {
  const { config } = await load(yaml)
  const all = repositoriesIn(defined(config).objects)
  return Object.fromEntries(all.map(({ name, values }) => [name, values['pathEnabled']]))
}

describe('what it adds', () => {
  test('path: every repository answers at its name, with the reason', async () => {
    const { problems, config } = await load(head + repositories)
    expect(problems).toEqual([])
    expect(
      defined(config).objects.map(({ id, spec, because }) => [
        id,
        spec['pathEnabled'],
        because['pathEnabled'],
      ]),
    ).toEqual(['apps', 'hub', 'docker'].map((id) => [id, true, 'edge.routing: path']))
  })

  test.each([
    ['no edge', repositories],
    ['a port', head + repositories.replace('hosted', 'hosted, httpPort: 8083')],
    ['a subdomain', head + repositories.replace('group', 'group, subdomain: docker')],
    ['an old server', `${head}nexus: {version: 3.82.1}\n${repositories}`],
    ['another routing', head.replace('hosts:', 'routing: two-hosts, hosts:') + repositories],
    ['anonymous pulls from several', `${head}anonymousPull: true\n${repositories}`],
  ])('%s: nothing', async (_, yaml) => {
    expect(await pathsOf(yaml)).toEqual({ apps: undefined, hub: undefined, docker: undefined })
  })

  test('anonymous pulls before 3.87, and from one repository of any version', async () => {
    const all = { apps: true, hub: true, docker: true }
    expect(await pathsOf(`${head}anonymousPull: true\nnexus: {version: 3.86.2}\n${repositories}`)).toEqual(
      all,
    )
    expect(await pathsOf(head + repositories.replace('group', 'group, forceBasicAuth: false'))).toEqual(all)
  })

  test('what the file writes itself wins', async () => {
    const yaml = head + repositories.replace('proxy', 'proxy, pathEnabled: false')
    expect(await pathsOf(yaml)).toEqual({ apps: true, hub: false, docker: true })
  })

  test('the routing chosen for what it made is the one that it was made for', async () => {
    for (const yaml of [
      head + repositories,
      head + ports,
      `${head}nexus: {version: 3.80.0}\n${repositories}`,
    ]) {
      const { objects, sections, nexus } = defined((await load(yaml)).config)
      const section = sections['edge'] as EdgeSection
      const { routing } = chooseRouting({ section, repositories: repositoriesIn(objects), server: nexus })
      expect(Object.values(await pathsOf(yaml)).includes(true)).toBe(routing === 'path')
    }
  })
})

describe('what is told, and what is not', () => {
  test('what everybody may pull need not show what asks for a login', async () => {
    const two = head.replace('example.com}', 'example.com, push: push.example.com}')
    const apart = ports.replace('8083', '8083, forceBasicAuth: true').replace('apps, hub', 'hub')
    expect((await load(`${two}anonymousPull: true\n${apart}`)).problems).toEqual([])
    const open = apart.replace(', forceBasicAuth: true', '')
    expect((await load(`${two}anonymousPull: true\n${open}`)).problems).toMatchObject([
      { code: 'edge-group' },
    ])
  })

  test('what the server is too old for: once, at the section', async () => {
    const path = head.replace('hosts:', 'routing: path, hosts:')
    expect((await load(`${path}nexus: {version: 3.82.1}\n${repositories}`)).problems).toMatchObject([
      { code: 'not-offered', path: 'edge.routing' },
    ])
  })

  test.each([
    [
      'a routing that does not exist',
      head.replace('hosts:', 'routing: pth, hosts:') + ports,
      ['invalid-value'],
    ],
    [
      'a misspelt name for pushes',
      head.replace('{pull', '{psuh: push.example.com, pull') + ports,
      ['unknown-key'],
    ],
    ['tls that is none', head.replace('{endsFurtherOut: true}', 'none') + repositories, ['invalid-value']],
    [
      'an unknown key in tls',
      head.replace('endsFurtherOut: true', 'verify: no') + repositories,
      ['unknown-key'],
    ],
    [
      'a wrong namespace',
      head.replace('hosts:', 'routing: namespace, namespaces: [A], hosts:') + repositories,
      ['invalid-value'],
    ],
    [
      'a repository without a type',
      head.replace('hosts:', 'pull: docker, hosts:') + repositories.replace('type: group', 'online: true'),
      ['missing-type'],
    ],
    ['no name for pulls', 'edge: {hosts: {push: a.b}}\n', ['missing-field']],
  ])('%s is one problem', async (_, yaml, codes) => {
    expect((await load(yaml)).problems.map(({ code }) => code)).toEqual(codes)
  })

  test.each([
    [
      'hosts.push beside one name is the name for those that need it',
      'routing: method, hosts: {push: push.example.com,',
    ],
    ['a login for pushes alone', 'routing: namespace, namespaces: [acme], hosts: {'],
    [
      'namespaces say which images are your own, whatever the routing',
      'namespaces: [acme], hosts: {push: push.example.com,',
    ],
    ['the web interface at the name for pulls', 'hosts: {web: registry.example.com, push: push.example.com,'],
    [
      'a name of its own for what has no port',
      'hosts: {push: push.example.com, repositories: {hub: hub.example.com},',
    ],
  ])('%s is right', async (_, more) => {
    const group = ports.replace('group', 'group, forceBasicAuth: false')
    const yaml = `anonymous: {enabled: true}\nrealms: {ensure: [DockerToken]}\n${head.replace('hosts: {', `${more} `)}${group}`
    expect((await load(yaml)).problems).toEqual([])
  })

  test('everything at once, and nothing that only follows', async () => {
    const two = head
      .replace('pull: registry.example.com', 'pull: a.b, push: a.b')
      .replace('true}}', 'true, key: /k}}')
    const told = (await load(two + ports.replace('[apps, hub]', '[hub]'))).problems
    expect(told.map(({ code, line }) => `${line} ${code}`)).toEqual([
      '1 edge-host',
      '1 edge-tls',
      '5 edge-group',
    ])
  })

  test('the repository that keeps its port beside a path has to say so', async () => {
    const path = head.replace('hosts:', 'routing: path, hosts:')
    const kept = repositories.replace('hosted', 'hosted, httpPort: 8083')
    expect((await load(path + kept)).problems).toMatchObject([
      { code: 'edge-path', path: 'repositories.apps.httpPort', severity: 'error' },
    ])
    const said = kept.replace('hosted', 'hosted, pathEnabled: false')
    expect((await load(path + said)).problems).toMatchObject([{ code: 'edge-no-push', severity: 'warning' }])
  })

  test('a name in capitals cannot stand in that of an image', async () => {
    const yaml = `nexus: {version: 3.85.0}\n${head}repositories: {Apps: {type: hosted}}\n`
    expect((await load(yaml)).problems).toMatchObject([{ code: 'edge-path', path: 'repositories.Apps' }])
  })

  test('a warning is accepted in the section, and at the repository that it is about', async () => {
    const plain = head.replace('endsFurtherOut: true}', 'endsFurtherOut: true}, x-accept: [edge-no-push]')
    const told = await load(plain + ports)
    expect(told.problems).toEqual([])
    expect(told.accepted.map(({ code }) => code)).toEqual(['edge-no-push'])
    const two = head.replace('hosts: {', 'hosts: {push: push.example.com, ')
    const group = ports.replace('members: [apps, hub]', 'members: [hub], x-accept: [edge-group]')
    expect(await load(two + group)).toMatchObject({ problems: [], accepted: [{ code: 'edge-group' }] })
  })

  test('where Nexus is need not be known', async () => {
    for (const url of ['https://registry.example.com', 'http://localhost:8081'])
      expect((await load(`nexus: {url: "${url}"}\n${head}${repositories}`)).problems).toEqual([])
  })
})

interface PlanDocument {
  changes: { id: string; fields: { path: string }[] }[]
  summary: Record<string, number>
}

describe('plan and apply', () => {
  test('pathEnabled is shown with its reason, applied, and there the second time', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0' })
    const file = fileWith(head + repositories)
    const env = environmentOf(sandbox)
    const { stdout } = await runCli(['plan', '-f', file], { env })
    expect(stdout.match(/pathEnabled.*edge\.routing: path/g)).toHaveLength(3)
    expect((await applyTo(sandbox, file)).code).toBe(0)
    expect(await getJson(sandbox, '/v1/repositories/docker/group/docker')).toMatchObject({
      docker: { pathEnabled: true },
    })
    const writes = writesOf(sandbox).length
    const again = await runCli(['plan', '-f', file, '-o', 'json', '--detailed-exitcode'], { env })
    expect((JSON.parse(again.stdout) as PlanDocument).changes).toEqual([])
    expect(again.code).toBe(0)
    expect((await applyTo(sandbox, file)).code).toBe(0)
    expect(writesOf(sandbox)).toHaveLength(writes)
  })

  test('added to a file with ports it changes nothing', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0' })
    expect((await applyTo(sandbox, fileWith(ports))).code).toBe(0)
    const writes = writesOf(sandbox).length
    const { code, stdout } = await applyTo(sandbox, fileWith(head + ports))
    expect(code).toBe(0)
    expect(stdout).toContain('No changes')
    expect(writesOf(sandbox)).toHaveLength(writes)
  })

  test('a server that is too old for the path: the error names what asks for it, and what the file can say', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    const env = environmentOf(sandbox)
    const { code, stderr, stdout } = await runCli(['plan', '-f', fileWith(head + repositories)], { env })
    expect(code).toBe(3)
    expect(stdout + stderr).toMatch(
      /pathEnabled, which "edge\.routing: path" asks for: .*3\.83 or later; this server is 3\.77\.1/,
    )
    const said = fileWith(`nexus: {version: 3.77.1}\n${head}${repositories}`)
    expect((await runCli(['plan', '-f', said], { env })).code).toBe(0)
    const validated = await runCli([
      'validate',
      '-f',
      fileWith(`nexus: {version: 3.77.1}\n${head.replace('hosts:', 'routing: path, hosts:')}${repositories}`),
    ])
    expect(validated.code).toBe(3)
    expect(validated.stdout + validated.stderr).toContain('"edge.routing: path" asks for')
  })
})

// The names that clients use: what is asked, and what the file says then.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Given } from '../../src/init/answers.ts'
import { type AnswerFlags, readFlags } from '../../src/init/flags.ts'
import { changeAnswer, changeable, runInit } from '../../src/init/flow.ts'
import { answersOf, lostIn, readYaml } from '../../src/init/from-file.ts'
import { edgeOfConfig } from '../../src/run/edge-of-config.ts'
import { loadText } from '../../src/run/init/load-text.ts'
import { factsOf, templateFacts, textOf } from '../helpers/init.ts'
import { answering, scriptedAsker } from '../helpers/scripted-asker.ts'

const name = 'registry.example.com'
const certificate = { certificate: '/etc/ssl/registry.crt', key: '/etc/ssl/registry.key' }
const both = { pull: name, push: `push.${name}` }

/** `edge:` of the file for some flags, and what `validate` says of it. */
async function edgeFor(flags: AnswerFlags) {
  const { given, problems } = readFlags(flags, undefined)
  expect(problems).toEqual([])
  const server = { version: '3.90.0', edition: 'pro' } as const
  const { situation, problems: wrong } = await runInit(undefined, factsOf({ server }), given)
  expect(wrong).toEqual([])
  const text = textOf(situation)
  const loaded = await loadText(text)
  const codes = loaded.problems.map(({ code }) => code)
  const edge = loaded.config && edgeOfConfig(loaded.config)
  return { text, edge, codes, section: (parse(text) as { edge?: object }).edge }
}

describe('the file', () => {
  it.each<[string, AnswerFlags, object | undefined, string[]]>([
    ['no name', {}, undefined, []],
    ['none', { host: 'none' }, undefined, []],
    ['a name', { host: name }, { hosts: both, tls: certificate }, []],
    [
      'a name for pushes',
      { host: name, pushHost: 'p.corp' },
      { hosts: { pull: name, push: 'p.corp' }, tls: certificate },
      [],
    ],
    ['only caches', { host: name, privateImages: 'no' }, { hosts: { pull: name }, tls: certificate }, []],
    ['only own images', { host: name, upstreams: 'none' }, { hosts: { pull: name }, tls: certificate }, []],
    ['one port', { host: name, routing: 'single-port' }, { hosts: { pull: name }, tls: certificate }, []],
    ['paths', { host: name, routing: 'path' }, { hosts: { pull: name }, tls: certificate }, []],
    // Docker cannot pull from several paths without a login: two hosts, whatever Nexus itself would do.
    [
      'paths for everybody',
      { host: name, routing: 'path', anonymousPull: 'yes' },
      { hosts: both, tls: certificate },
      [],
    ],
    ['ACME', { host: name, tls: 'acme' }, { hosts: both, tls: { acme: {} } }, []],
    [
      'a load balancer',
      { host: name, tls: 'further-out' },
      { hosts: both, tls: { endsFurtherOut: true } },
      [],
    ],
    ['no TLS', { host: name, tls: 'none' }, { hosts: both }, ['edge-without-tls']],
    [
      'a certificate',
      { host: name, tls: '/a b.crt, /k' },
      { hosts: both, tls: { certificate: '/a b.crt', key: '/k' } },
      [],
    ],
    [
      'an address',
      { host: '10.0.0.5' },
      { hosts: { pull: '10.0.0.5', push: '10.0.0.5:5000' }, tls: certificate },
      [],
    ],
    [
      'its port',
      { host: '[::1]:5000' },
      { hosts: { pull: '[::1]:5000', push: '[::1]:5001' }, tls: certificate },
      [],
    ],
  ])('%s', async (_, flags, section, warnings) => {
    const made = await edgeFor(flags)
    expect(made.section).toEqual(section)
    expect(made.codes).toEqual(warnings)
  })

  it.each([
    ['http://localhost:8081', name, undefined],
    [`http://${name}:8081`, name, undefined],
    [`https://${name}`, name, 'http://localhost:8081'],
    [`https://${name}/nexus`, name, 'http://localhost:8081/nexus'],
    [`http://push.${name}`, name, 'http://localhost:8081'],
    ['http://localhost:8081', 'localhost:8081', 'http://nexus:8081'],
    ['http://nexus.corp:8081', 'nexus.corp:8082', 'http://localhost:8081'],
    ['http://h/a$b', name, 'http://localhost:8081'],
  ])('Nexus at %s and the name %s: upstream %s', async (url, host, upstream) => {
    const { section, edge } = await edgeFor({ url, host })
    expect(section).toMatchObject({ tls: certificate })
    expect((section as { upstream?: string }).upstream).toBe(upstream)
    // `render` needs no more.
    expect(edge).toBeDefined()
    expect(edge?.upstreamUnknown).toBeUndefined()
  })

  it('leaves a repository out of the path whose name cannot stand there', async () => {
    const { text, edge } = await edgeFor({
      host: name,
      routing: 'path',
      registry: ['odd-=r.corp', 'even=s.corp'],
    })
    expect(text).toContain(
      'odd-: { type: proxy, blobStore: docker, remoteUrl: "https://r.corp", pathEnabled: false }',
    )
    expect(text).toContain(`docker push ${name}/docker-hosted/IMAGE`)
    const named = edge?.registries.filter((one) => one.named).map(({ repository }) => repository)
    expect(named).toContain('even')
    expect(named).not.toContain('odd-')
  })

  it.each<AnswerFlags>([
    {},
    { routing: 'path' },
    { routing: 'path', anonymousPull: 'yes' },
    { routing: 'single-port' },
    { tls: 'acme' },
    { upstreams: 'none' },
  ])('says which images are your own, once its line is no comment: %j', async (flags) => {
    const { text, edge, codes } = await edgeFor({ host: name, ...flags })
    const loaded = await loadText(text.replace('  # namespaces: [acme] #', '  namespaces: [acme] #'))
    expect(loaded.problems.map(({ code }) => code)).toEqual(codes)
    const own = loaded.config && edgeOfConfig(loaded.config)
    expect(own).toEqual({ ...edge, namespaces: ['acme'] })
  })

  it('has no such line without images of your own', async () => {
    expect((await edgeFor({ host: name, privateImages: 'no' })).text).not.toContain('namespaces')
  })

  it.each<[string, AnswerFlags]>([
    ['a certificate', {}],
    ['a load balancer', { tls: 'further-out' }],
  ])('takes the ca of its comment: %s', async (_, flags) => {
    const { text, codes } = await edgeFor({ host: name, ...flags })
    expect(text).toContain('add ca: ca.crt')
    const loaded = await loadText(text.replace(/^( {2}tls: .*) }$/m, '$1, ca: ca.crt }'))
    expect(loaded.problems.map(({ code }) => code)).toEqual(codes)
    expect(loaded.config && edgeOfConfig(loaded.config)?.tls).toMatchObject({ ca: 'ca.crt' })
  })

  it('has the names in its comments', async () => {
    const { text } = await edgeFor({ host: name })
    expect(text).toContain(`docker push push.${name}/IMAGE`)
    expect(text).toContain(`docker pull ${name}/library/alpine`)
  })
})

it.each<[AnswerFlags, string]>([
  [{ pushHost: 'p.corp' }, 'Public name: there is no name for pulls; write it with --host'],
  [{ host: 'none', tls: 'acme' }, 'Public name: there is no name for pulls; write it with --host'],
  [
    { host: name, pushHost: 'p.corp', privateImages: 'no' },
    'Public name: pulls and pushes have one name here; leave --push-host out',
  ],
  [
    { host: name, pushHost: `${name}:80` },
    'Public name: that is the name for pulls: pushes need another one',
  ],
  [
    { host: name, pushHost: `${name.toUpperCase()}:443` },
    'Public name: that is the name for pulls: pushes need another one',
  ],
])('%j is refused', async (flags, problem) => {
  const { given } = readFlags(flags, undefined)
  expect((await runInit(undefined, factsOf(), given)).problems).toEqual([problem])
})

it.each([
  [
    { host: 'https://jane:canary@registry.corp/v2/' },
    '--host: this is not a host name; write a host, with its port if that is not the usual one: registry.corp',
  ],
  [
    { pushHost: 'none' },
    '--push-host: this is not a host name; write a host, with its port if that is not the usual one: registry.example.com',
  ],
  [{ tls: '/only.crt' }, '--tls: write CERTIFICATE,KEY (two paths), acme, further-out or none'],
])('%j is no answer', (flags, problem) => {
  expect(readFlags(flags, undefined).problems).toEqual([problem])
})

describe('the conversation', () => {
  const start = async (script: Record<string, unknown>, given: Given = {}) => {
    const asker = answering(script)
    const { situation } = await runInit(asker, factsOf(), given)
    const [first = '', ...more] = asker.asked.map(({ message }) => message).slice(5, -3)
    return { situation, asked: [first.replace(/,.*/, ''), ...more] }
  }

  it('says why pushes have a name of their own, where they have', async () => {
    const shown = async (script: Record<string, unknown>) => {
      const asker = answering({ 'Public host name': name, ...script })
      await runInit(asker, factsOf(), {})
      return asker.shown.filter((text) => text.startsWith('docker push goes to the hosted repository'))
    }
    expect(await shown({})).toHaveLength(1)
    expect(await shown({ 'Will you': false })).toEqual([])
  })

  it.each([
    [{}, "No ports: localhost:8081/docker/…The repository is part of the image's name."],
    [
      { anonymousPull: true },
      "No ports: localhost:8081/docker/…The repository is part of the image's name, but not behind a public name.",
    ],
  ])('offers paths as they will be: %j', async (given, offered) => {
    const names: string[] = []
    const asker = scriptedAsker(({ choices }) => {
      for (const { value, name: label, description = '' } of choices)
        if (value === 'path') names.push(label + description)
      return undefined
    })
    await runInit(asker, factsOf({ server: { version: '3.90.0', edition: 'community' } }), given)
    expect(names).toEqual([offered])
  })

  it('goes on after a name, and not without one', async () => {
    expect((await start({})).asked).toEqual(['Public host name'])
    const { asked, situation } = await start({ 'Public host name': name, 'Path of its key': '/own.key' })
    expect(asked).toEqual([
      'Public host name',
      'Host name for pushes',
      'Where does TLS end?',
      'Path of the certificate, on the machine of the reverse proxy',
      'Path of its key, on the machine of the reverse proxy',
    ])
    expect(situation.answers.edge).toEqual({ hosts: both, tls: { ...certificate, key: '/own.key' } })
    const trial = await start({ 'Public host name': name, 'Will you': false, 'Where does': 'none' })
    expect(trial.asked).toEqual(['Public host name', 'Where does TLS end?'])
    expect(trial.situation.answers.edge).toEqual({ hosts: { pull: name } })
  })

  const change = async (label: string, script: Record<string, unknown>) => {
    const { situation } = await start({ 'Public host name': name })
    const found = changeable(situation).find(({ question }) => question.label === label)
    if (!found) throw new Error('no question')
    const asker = answering(script)
    const { answers } = await changeAnswer(found.question, situation, asker)
    return { shown: found.shown, edge: answers.edge, asked: asker.asked.map(({ message }) => message) }
  }

  it('takes the name for pushes along to another name, and drops both with none', async () => {
    const moved = await change('Public name', { 'Public host name': 'r.corp:5000' })
    expect(moved.shown).toBe(`${name}, push.${name}; TLS: certificate`)
    expect(moved.edge?.hosts).toEqual({ pull: 'r.corp:5000', push: 'push.r.corp:5000' })
    expect((await change('Public name', { 'Public host name': 'none' })).edge).toBeNull()
  })

  it('asks again where the name for pushes is no longer needed', async () => {
    const { edge, asked } = await change('Ports', { 'How do': 'path' })
    expect(edge).toEqual({ hosts: { pull: name }, tls: certificate })
    expect(asked).toHaveLength(5)
  })
})

describe('continuing from a file', () => {
  it('takes the names over, and says what it does not ask for', async () => {
    const file = readYaml(`edge:
  hosts: { pull: r.corp, push: p.corp, web: nexus.corp, repositories: { quay: q.corp } }
  routing: namespace
  namespaces: [acme]
  upstream: http://nexus:8081
  tls: { certificate: /c, key: /k, ca: ca.crt }
  limits: { upload: 1 GiB }
`)
    const present = answersOf(file ?? {})
    expect(present.edge).toEqual({
      hosts: { pull: 'r.corp', push: 'p.corp' },
      tls: { certificate: '/c', key: '/k' },
    })
    const { situation } = await runInit(undefined, factsOf({ present }))
    expect(lostIn(file ?? {}, readYaml(textOf(situation)) ?? {})).toEqual([
      'edge.hosts.web',
      'edge.hosts.repositories',
      'edge.routing',
      'edge.namespaces',
      'edge.upstream',
      'edge.tls.ca',
      'edge.limits',
    ])
  })

  it('derives the name for pushes anew where it is to be the one for pulls', async () => {
    const present = { edge: { hosts: { pull: 'r.corp', push: 'p.corp' } } }
    const { situation } = await runInit(undefined, factsOf({ present }), { host: 'p.corp' })
    expect(situation.answers.edge).toEqual({ hosts: { pull: 'p.corp', push: 'push.p.corp' } })
  })

  it.each<[object, object | null]>([
    [{ hosts: { pull: '${HOST}' } }, null],
    [{ hosts: { pull: 'r.corp', push: 'r.corp:443' } }, { hosts: { pull: 'r.corp' } }],
    [
      { hosts: { pull: 'r.corp' }, tls: { acme: { email: 'a@b.c' } } },
      { hosts: { pull: 'r.corp' }, tls: { acme: {} } },
    ],
    [
      { hosts: { pull: 'r.corp' }, tls: { endsFurtherOut: true } },
      { hosts: { pull: 'r.corp' }, tls: { endsFurtherOut: true } },
    ],
    [
      { hosts: { pull: 'r.corp' }, tls: { certificate: '${C}', key: '/k' } },
      { hosts: { pull: 'r.corp' }, tls: certificate },
    ],
  ])('%j', (edge, answer) => {
    expect(answersOf({ edge } as never).edge).toEqual(answer)
  })
})

describe('templates', () => {
  const fill = async (template: string, given: Given) => {
    const { situation, problems } = await runInit(undefined, factsOf(templateFacts(template)), given)
    return { problems, text: problems.length === 0 ? textOf(situation) : '' }
  }

  it('have the name in every place, also below it', async () => {
    const { text } = await fill('team-registry', { host: 'r.corp:5000' })
    expect((parse(text) as { edge: object }).edge).toMatchObject({
      hosts: {
        pull: 'r.corp:5000',
        web: 'nexus.example.com',
        repositories: { acme: 'acme.r.corp:5000', globex: 'globex.r.corp:5000' },
      },
    })
    const mirror = await fill('corporate-proxy-mirror', { host: '1e3' })
    expect(mirror.text).toContain('# 1e3: one port for all.')
    expect(mirror.text).toContain('hosts: { pull: "1e3" }')
    expect((await loadText(mirror.text)).problems).toEqual([])
  })

  it('can have two names that change places', async () => {
    const { text } = await fill('backup-and-cache', {
      host: 'registry-backup.bressure.net:5000',
      pushHost: 'registry-proxy.bressure.net:5000',
    })
    expect((parse(text) as { edge: object }).edge).toMatchObject({
      hosts: { pull: 'registry-backup.bressure.net:5000', push: 'registry-proxy.bressure.net:5000' },
    })
    expect(text).toContain('dockerd --registry-mirror https://registry-backup.bressure.net:5000.')
  })

  it.each<[string, Given, string]>([
    ['quickstart', { host: name }, 'the template quickstart has none; add edge to its file afterwards'],
    ['team-registry', { host: null }, 'the template team-registry is about names; write yours with --host'],
    [
      'team-registry',
      { host: '10.0.0.5' },
      'names stand below it: write a host name, like registry.example.com',
    ],
    ['team-registry', { host: 'nexus:8081' }, 'Nexus itself listens there'],
    [
      'team-registry',
      { host: name, pushHost: 'p.corp' },
      'pulls and pushes have one name here; leave --push-host out',
    ],
  ])('%s: %j is refused', async (template, given, problem) => {
    expect((await fill(template, given)).problems).toEqual([`Public name: ${problem}`])
  })
})

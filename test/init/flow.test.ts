import { describe, expect, it } from 'vitest'
import type { Facts, Given } from '../../src/init/answers.ts'
import { readFlags } from '../../src/init/flags.ts'
import { changeAnswer, changeable, runInit } from '../../src/init/flow.ts'
import { newRegistryProblem, proposedName, repositoryProblem } from '../../src/init/other-registries.ts'
import { offeredProxy } from '../../src/init/proxy-offer.ts'
import { guessedPorts } from '../../src/init/questions/access.ts'
import { questions } from '../../src/init/questions/index.ts'
import { review } from '../../src/init/review.ts'
import type { ServerInfo } from '../../src/nexus/connection.ts'
import { factsOf, lookOf, templateFacts, templateNames, textOf } from '../helpers/init.ts'
import { answering, scriptedAsker } from '../helpers/scripted-asker.ts'

const server = (version: string, edition: ServerInfo['edition']): ServerInfo => ({ version, edition })

async function ask(script: Record<string, unknown>, facts: Facts = factsOf(), given: Given = {}) {
  const asker = answering(script)
  const { situation } = await runInit(asker, facts, given)
  return { asker, situation, answers: situation.answers, messages: asker.asked.map(({ message }) => message) }
}

describe('with Enter alone', () => {
  it('asks nine questions and takes the default answers', async () => {
    const { answers, messages } = await ask({})
    expect(messages).toHaveLength(9)
    expect(answers).toEqual({
      url: 'http://localhost:8081',
      privateImages: true,
      upstreams: ['docker-hub', 'ghcr.io', 'quay.io', 'registry.k8s.io'],
      others: [],
      anonymousPull: false,
      routing: 'ports',
      ports: { docker: 8082, 'docker-hosted': 8083 },
      edge: null,
      proxy: null,
      blobStore: { name: 'docker', quota: '10 GiB' },
      initialPassword: null,
      acceptEula: false,
    })
  })

  it('takes the same as --yes, which asks nothing', async () => {
    const { answers } = await ask({})
    expect((await runInit(undefined, factsOf())).situation.answers).toEqual(answers)
  })

  it('asks no flag again', async () => {
    const given: Given = {
      url: 'http://n:1',
      upstreams: ['quay.io'],
      ports: { docker: 9000 },
      host: null,
      quota: null,
      initialPassword: null,
    }
    const { answers, messages } = await ask({}, factsOf(), given)
    expect(messages).toEqual([
      'Will you push images of your own?',
      'Who may pull without signing in?',
      'Does Nexus reach the internet through an HTTP proxy?',
    ])
    expect(answers).toMatchObject({
      url: 'http://n:1',
      upstreams: ['quay.io'],
      ports: { docker: 9000, 'docker-hosted': 8083 },
      blobStore: { name: 'docker', quota: null },
    })
  })
})

describe('what is asked follows from the answers', () => {
  it('opens a registry of caches to everybody, one with own images to nobody', async () => {
    expect((await ask({ 'Will you push': false })).answers.anonymousPull).toBe(true)
    expect((await ask({ 'Will you push': true })).answers.anonymousPull).toBe(false)
  })

  it('needs a port for each of what there is', async () => {
    expect((await ask({ 'Will you push': false })).answers.ports).toEqual({ docker: 8082 })
    expect((await ask({ 'Which registries': [] })).answers.ports).toEqual({ 'docker-hosted': 8082 })
    expect((await ask({ 'How do': 'path' })).answers.ports).toEqual({})
  })

  it('asks for no proxy where nothing is fetched', async () => {
    const proxy = offeredProxy({ HTTPS_PROXY: 'http://proxy.corp:3128' })
    const own = await ask({ 'Which registries': [] }, factsOf({ proxy }))
    expect(own.messages.filter((text) => text.includes('HTTP proxy'))).toEqual([])
    expect(own.answers.proxy).toBeNull()
    const other = factsOf({ proxy, ...templateFacts('team-registry') })
    expect((await ask({}, other)).answers.proxy).toBeNull()
    const { problems } = await runInit(undefined, other, { proxy: { host: 'p', port: 1 } })
    expect(problems).toEqual([
      'HTTP proxy: the template team-registry has none; add httpProxy to its file afterwards',
    ])
  })

  it('takes a template of a first start for what it is, but no consent from it', async () => {
    const { answers, messages } = await ask({}, factsOf(templateFacts('first-start')))
    expect(answers).toMatchObject({
      initialPassword: { file: '/nexus-data/admin.password' },
      acceptEula: false,
    })
    expect(messages).toContain('Do you accept it for this server?')
  })

  it('asks for consent to the licence only where a licence may be asked for, and never assumes it', async () => {
    const consent = async (found: ServerInfo | undefined) => {
      const facts = factsOf(found ? { server: found } : {})
      const { messages, answers } = await ask({ 'Has the': 'file' }, facts)
      expect(answers.acceptEula).toBe(false)
      return messages.includes('Do you accept it for this server?')
    }
    expect(await consent(undefined)).toBe(true)
    expect(await consent(server('3.77.0', 'community'))).toBe(true)
    expect(await consent(server('3.96.0', 'unknown'))).toBe(true)
    expect(await consent(server('3.76.0', 'oss'))).toBe(false)
    expect(await consent(server('3.76.0', 'unknown'))).toBe(false)
    expect(await consent(server('3.90.0', 'pro'))).toBe(false)
    expect((await ask({})).messages).not.toContain('Do you accept it for this server?')
    expect((await ask({ 'Has the': 'file', 'Do you accept': true })).answers.acceptEula).toBe(true)
  })
})

describe('what is offered follows from the server', () => {
  it.each([
    [undefined, ['ports', 'other', 'path']],
    [server('3.82.0', 'community'), ['ports', 'other']],
    [server('3.83.0', 'community'), ['ports', 'other', 'path']],
    [server('3.83.0', 'pro'), ['ports', 'other', 'single-port', 'path']],
    [server('3.70.0', 'pro'), ['ports', 'other', 'single-port']],
  ])('%o: %j', async (found, offered) => {
    for (const choice of ['ports', 'other', 'single-port', 'path']) {
      const facts = factsOf(found ? { server: found } : {})
      const asked = ask({ 'How do': choice }, facts)
      if (offered.includes(choice)) await asked
      else await expect(asked).rejects.toThrow('not offered')
    }
  })

  it('refuses a routing of the command line that the server lacks', async () => {
    const refused = async (found: ServerInfo, routing: 'path' | 'single-port') =>
      (await runInit(undefined, factsOf({ server: found }), { routing })).problems
    expect(await refused(server('3.77.1', 'community'), 'path')).toEqual([
      'Ports: docker.pathEnabled needs Nexus 3.83 or later; this server is 3.77.1 Community',
    ])
    expect(await refused(server('3.90.0', 'community'), 'single-port')).toEqual([
      'Ports: the writable member of a group needs Nexus Repository Pro; this server is 3.90.0 Community',
    ])
    expect(await refused(server('3.90.0', 'pro'), 'single-port')).toEqual([])
  })

  it('says what it found, and goes on when it found nothing', async () => {
    expect((await ask({}, factsOf({ server: server('3.90.0', 'pro') }))).asker.shown).toContain(
      'Nexus 3.90.0',
    )
    expect((await ask({})).asker.shown).toContain('nothing answers')
  })
})

describe('another registry', () => {
  const other = 'another registry'

  it('is asked for by address and name, as often as there are more', async () => {
    const asker = scriptedAsker(({ message }) => {
      if (message.startsWith('Which registries')) return ['quay.io', other]
      if (message.startsWith('Address of the'))
        return asker.asked.some(({ answer }) => answer === true) ? 'http://b.corp:5000/x/' : 'registry.a.corp'
      // Once: `true` is an answer of "push images of your own" as well.
      if (message.startsWith('Another one'))
        return !asker.asked.some(({ message: asked }) => asked.startsWith('Another one'))
      if (message.startsWith('Will you push')) return false
      return undefined
    })
    const { situation } = await runInit(asker, factsOf())
    expect(situation.answers).toMatchObject({
      upstreams: ['quay.io'],
      others: [
        { repository: 'a', url: 'https://registry.a.corp' },
        { repository: 'b', url: 'http://b.corp:5000/x' },
      ],
    })
    expect(textOf(situation)).toContain(
      '  a: { type: proxy, blobStore: docker, remoteUrl: "https://registry.a.corp" }',
    )
    expect(textOf(situation)).toContain('members: [quay, a, b]')
  })

  it('is left out again by an empty address', async () => {
    const { answers } = await ask({ 'Which registries': [other], 'Address of the registry': '' })
    expect(answers).toMatchObject({ upstreams: [], others: [] })
  })

  it('stays when the answer is changed, and goes when it is unticked', async () => {
    const given: Given = { others: [{ repository: 'a', url: 'https://a.corp' }] }
    const { situation } = await runInit(undefined, factsOf(), given)
    const question = changeable(situation).find(
      ({ question: { label } }) => label === 'Registries to cache',
    )?.question
    if (!question) throw new Error('no question')
    const kept = await changeAnswer(question, situation, answering({}))
    expect(kept.answers.others).toEqual(given.others)
    const unticked = await changeAnswer(question, situation, answering({ 'Which registries': ['quay.io'] }))
    expect(unticked.answers).toMatchObject({ upstreams: ['quay.io'], others: [] })
  })

  it.each<[text: string, problem: string | undefined]>([
    ['ftp://a.corp', 'write it like https://registry.example.com'],
    ['a b', 'write it like https://registry.example.com'],
    ['https://a.corp?x=1', 'write it like https://registry.example.com'],
    [
      'https://jane:canary-secret@a.corp',
      'leave user and password out: the file takes them from the environment, in authentication',
    ],
    ['https://a.corp/v2/', 'leave /v2 out: Nexus adds it'],
    ['GHCR.io', 'that is ghcr.io (GitHub): choose it in the list (--upstreams ghcr.io)'],
    ...[
      'https://registry-1.docker.io/',
      'docker.io',
      'hub.docker.com',
      'https://hub.docker.com/r/library/alpine',
      'index.docker.io',
      'docker-hub',
    ].map(
      (text) =>
        [text, 'that is Docker Hub: choose it in the list (--upstreams docker-hub)'] as [string, string],
    ),
    [
      'https://mcr.microsoft.com/dotnet',
      'that is mcr.microsoft.com (Microsoft): choose it in the list (--upstreams mcr.microsoft.com)',
    ],
    ['http://docker', undefined],
    ['docker:5000', undefined],
    ['known.corp/', 'https://known.corp is already in the list'],
    ['registry.corp', undefined],
    ['http://registry.corp:5000/mirror', undefined],
  ])('%s: %s', (text, problem) => {
    expect(newRegistryProblem(text, [{ repository: 'known', url: 'https://known.corp' }])).toBe(problem)
  })

  it('gets a name that is free, in lower case', () => {
    expect(proposedName('https://registry.Partner.example', [])).toBe('partner')
    expect(proposedName('https://10.1.2.3:5000', [])).toBe('registry')
    expect(proposedName('https://quay.corp', [])).toBe('quay-2')
    expect(proposedName('https://a.corp', [{ repository: 'a', url: 'https://a.org' }])).toBe('a-2')
    for (const name of ['A', '_a', 'docker', 'ghcr', 'x'.repeat(201), ''])
      expect(repositoryProblem(name, []), name).toBeDefined()
  })
})

describe('ports', () => {
  it('says why a port is not the usual one, unless somebody has chosen it', async () => {
    const busy = { busyPorts: [8082] }
    const said = 'Port 8082 is taken by nginx; proposed: 8083.'
    expect((await ask({}, factsOf(busy))).asker.shown).toContain(said)
    expect((await ask({}, factsOf())).asker.shown.join()).not.toContain('offered')
    const { situation } = await runInit(undefined, factsOf(busy))
    expect(guessedPorts(situation)).toEqual([said, 'Port 8083 goes to docker; proposed: 8084.'])
    const chosen = await runInit(undefined, factsOf(busy), { ports: { docker: 9000 } })
    expect(guessedPorts(chosen.situation)).toEqual([])
    const own = await runInit(undefined, factsOf(), { url: 'http://n:8082' })
    expect(guessedPorts(own.situation)).toContain("Port 8082 is Nexus's own; proposed: 8083.")
  })

  it("proposes ports that are neither taken nor Nexus's own", async () => {
    expect((await ask({}, factsOf({ busyPorts: [8082, 8084] }))).answers.ports).toEqual({
      docker: 8083,
      'docker-hosted': 8085,
    })
    const { answers } = await ask({ 'What is the address': 'http://n:8082' })
    expect(answers.ports).toEqual({ docker: 8083, 'docker-hosted': 8084 })
  })

  it('refuses a clash, and proposes something else for the next', async () => {
    const asker = answering({ 'How do': 'other', 'Port to pull': '8083' })
    const { situation } = await runInit(asker, factsOf())
    expect(situation.answers.ports).toEqual({ docker: 8083, 'docker-hosted': 8084 })
    const clash = answering({ 'How do': 'other', 'Port to pull': '9000', 'Port to push': '9000' })
    expect((await runInit(clash, factsOf())).situation.answers.ports).toEqual({
      docker: 9000,
      'docker-hosted': 8083,
    })
  })

  it('names what is wrong with the ports of the command line', async () => {
    const problems = async (ports: Record<string, number>) =>
      (await runInit(undefined, factsOf(), { ports })).problems
    expect(await problems({ docker: 8081 })).toEqual(['Ports: 8081 is the port of Nexus itself'])
    expect(await problems({ docker: 9000, 'docker-hosted': 9000 })).toEqual([
      'Ports: 9000 is already the port of docker',
    ])
    expect(await problems({ dokcer: 9000 })).toEqual([
      'Ports: "dokcer" does not use a port here; these do: docker, docker-hosted',
    ])
  })

  it.each(templateNames)('asks for each port of the template %s', async (name) => {
    const facts = factsOf(templateFacts(name))
    const connectors = facts.template?.connectors ?? []
    expect(connectors.length).toBeGreaterThan(0)
    const script: Record<string, unknown> = { 'How do': 'other' }
    for (const [index, { repository }] of connectors.entries())
      script[`Port for ${repository}`] = `${9000 + index}`
    const { answers } = await ask(script, facts)
    expect(Object.values(answers.ports).toSorted()).toEqual(connectors.map((_, index) => 9000 + index))
  })
})

describe('the HTTP proxy', () => {
  const proxy = offeredProxy({ HTTPS_PROXY: 'http://jane:pw@proxy.corp:3128', NO_PROXY: '.corp,10.0.0.0/9' })

  it("proposes the environment's, and says what cannot be excluded", async () => {
    const { answers, asker } = await ask({}, factsOf({ proxy }))
    expect(answers.proxy).toEqual({
      host: 'proxy.corp',
      port: 3128,
      username: 'jane',
      exclude: ['*.corp', 'localhost'],
    })
    expect(asker.shown).toContain('NO_PROXY contains 10.0.0.0/9, which Nexus cannot exclude: left out.')
    expect(JSON.stringify(asker.shown)).not.toContain('pw')
  })

  it("does not propose this machine's own for a server elsewhere", async () => {
    const local = offeredProxy({ HTTPS_PROXY: 'http://127.0.0.1:3128' })
    expect((await ask({}, factsOf({ proxy: local }))).answers.proxy).toMatchObject({ host: '127.0.0.1' })
    expect(
      (await ask({ 'What is the address': 'http://nexus.corp' }, factsOf({ proxy: local }))).answers.proxy,
    ).toBeNull()
  })

  it("keeps the template's where the template is about one, and nowhere else", async () => {
    const proposed = async (name: string) => (await ask({}, factsOf(templateFacts(name)))).answers.proxy
    expect(await proposed('corporate-proxy-mirror')).toMatchObject({ host: '127.0.0.1', port: 30888 })
    expect(await proposed('quickstart')).toBeNull()
  })
})

describe('changing an answer', () => {
  it('asks again what no longer fits, and nothing else', async () => {
    const first = await ask({})
    const [, , upstreams] = changeable(first.situation)
    const asker = answering({ 'Which registries': [] })
    if (!upstreams) throw new Error('no question')
    const changed = await changeAnswer(upstreams.question, first.situation, asker)
    expect(asker.asked.map(({ message }) => message)).toEqual([
      'Which registries should it cache?',
      'How do clients reach the registry?',
    ])
    expect(changed.answers).toMatchObject({ upstreams: [], ports: { 'docker-hosted': 8083 }, proxy: null })
  })

  it('looks at another server, and asks for the ports that clash with its own', async () => {
    const { situation } = await ask({})
    const urls: string[] = []
    const look = (url: string) => {
      urls.push(url)
      return Promise.resolve(lookOf(server('3.70.0', 'oss')))
    }
    const [address] = changeable(situation)
    if (!address) throw new Error('no question')
    const asker = answering({ 'What is the address': 'http://other:8082' })
    const changed = await changeAnswer(
      address.question,
      { ...situation, facts: { ...situation.facts, look } },
      asker,
    )
    expect(urls).toEqual(['http://other:8082'])
    expect(asker.asked.map(({ message }) => message)).toEqual([
      'What is the address of Nexus?',
      'How do clients reach the registry?',
    ])
    expect(Object.values(changed.answers.ports)).not.toContain(8082)
  })

  it('is offered at the end, as often as wanted', async () => {
    const { situation } = await ask({})
    const decisions = ['change', 'change', 'write']
    const asker = answering({})
    const select: typeof asker.select = ({ message, choices }) => {
      if (message.startsWith('Write')) return Promise.resolve(decisions.shift() ?? '')
      if (message === 'Which one?') return Promise.resolve(choices[3]?.value ?? '')
      return Promise.resolve('everybody')
    }
    const previews: boolean[] = []
    const preview = ({ answers }: typeof situation) => {
      previews.push(answers.anonymousPull)
      return ''
    }
    const result = await review({ ...asker, select }, situation, { preview, out: 'repos.yml', exists: false })
    expect(previews).toEqual([false, true, true])
    expect(result?.answers.anonymousPull).toBe(true)
  })

  it('leaves a file that exists alone, unless somebody says so', async () => {
    const { situation } = await ask({})
    const options = { preview: () => '', out: 'repos.yml', exists: true }
    expect(await review(answering({}), situation, options)).toBeUndefined()
    expect(await review(answering({ 'repos.yml exists': 'write' }), situation, options)).toBe(situation)
  })
})

it('every question can be answered by an option', () => {
  const { given, problems } = readFlags(
    {
      url: 'http://n:1',
      upstreams: 'none',
      registry: ['a=r.corp'],
      privateImages: 'yes',
      anonymousPull: 'no',
      routing: 'ports',
      port: ['docker=9000'],
      host: 'registry.example.com',
      pushHost: 'push.example.com',
      tls: 'acme',
      proxy: 'p:1',
      proxyUsername: 'jane',
      proxyExclude: 'none',
      blobStore: 'images',
      quota: 'none',
      initialPassword: 'none',
      acceptEula: true,
    },
    undefined,
  )
  expect(problems).toEqual([])
  const asked = questions.flatMap(({ keys }) => keys)
  expect(Object.keys(given).toSorted()).toEqual([...new Set(asked)].toSorted())
})

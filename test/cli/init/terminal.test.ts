// The wizard in a real pseudo-terminal: keys are typed, the screen is read, and what was written is used.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { controlC, controlD, converseAtTerminal, down, enter, type Press } from '../../helpers/at-terminal.ts'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { environmentOf, sandboxFor, writesOf } from '../../helpers/sandbox.ts'
import { hasPython } from '../../helpers/terminal.ts'

it('has a Python to make a terminal with', ({ skip }) => {
  skip(!hasPython && !process.env['CI'], 'there is no python3: the wizard is not tried in a terminal')
  expect(hasPython).toBe(true)
})

const questions = {
  server: 'What is the address of Nexus?',
  own: 'Will you push images of your own?',
  upstreams: 'Which registries should it cache?',
  pull: 'Who may pull without signing in?',
  access: 'How do clients reach the registry?',
  name: 'Public host name',
  proxy: 'Does Nexus reach the internet through an HTTP proxy?',
  store: 'Where are the images stored on the server?',
  first: "Has the administrator's password been set already?",
  write: 'Write repos.yml?',
}
const all = Object.values(questions)
const press = (...texts: string[]): Press[] => texts.map((text) => [text, enter])

/** The file validates without a word, applies to a sandbox, and a second apply has nothing to do. */
async function checkFile(folder: string): Promise<void> {
  const file = join(folder, 'repos.yml')
  expect(readdirSync(folder)).toEqual(['repos.yml'])
  const sandbox = await sandboxFor()
  const env = { ...environmentOf(sandbox), DOCKERHUB_TOKEN: 'x' }
  expect(await runCli(['validate', '-f', file], { env })).toMatchObject({ code: 0, stderr: '' })
  const first = await runCli(['apply', '--yes', '-f', file], { env })
  expect(first.code, first.stderr).toBe(0)
  const writes = writesOf(sandbox).length
  expect(writes).toBeGreaterThan(3)
  const second = await runCli(['apply', '--yes', '-f', file], { env })
  expect(second.stdout).toContain('No changes.')
  expect(writesOf(sandbox)).toHaveLength(writes)
}

describe.skipIf(!hasPython)('at a terminal', () => {
  it('the defaults: ten times Enter', async () => {
    const cwd = folderWith({})
    const { code, screen, keys } = await converseAtTerminal(['init'], press(...all), { cwd })
    expect(code, screen).toBe(0)
    expect(keys).toBe(10)
    for (const question of all) expect(screen.split(`✔ ${question}`), question).toHaveLength(2)
    expect(screen).toContain('✓ wrote repos.yml')
    expect(screen).toContain('nexus-docker apply --sandbox')
    expect(screen).toContain('  docker-hub: { type: proxy, blobStore: docker, upstream: docker-hub }')
    await checkFile(cwd)
    // As the wizard says.
    const tried = await runCli(['apply', '--sandbox'], { cwd })
    expect(tried.code, tried.stderr).toBe(0)
  })

  const { server, access, name: host, proxy, first, write } = questions
  it.each<[string, Press[]]>([
    ['quickstart', press(server, access, proxy, first, write)],
    [
      'first-start',
      press(server, access, first, 'Path of the file on this machine', 'Do you accept it', write),
    ],
    ['swarm-traefik-read-write', press(server, access, host, first, write)],
    [
      'one-name-for-push-and-pull',
      [
        ...press(server),
        [access, down + enter],
        ['Port for docker-hosted', `9001${enter}`],
        ['Port for docker', `9001${enter}`],
        ['9001 is already the port of docker-hosted', `\u00159002${enter}`],
        ...press(host, first, write),
      ],
    ],
    ['backup-and-cache', press(server, access, host, 'Host name for pushes', first, write)],
    [
      'corporate-proxy-mirror',
      [...press(server, access, host, proxy, 'Hosts reached without the proxy'), ...press(first, write)],
    ],
    [
      'team-registry',
      [
        ...press(server, access),
        [host, `\u0015none${enter}`],
        ['this is not a host name', `\u0015registry.corp${enter}`],
        [first, down + enter],
        ['Path of the file on this machine', enter],
        ['Do you accept it', `y${enter}`],
        ...press(write),
      ],
    ],
  ])('the template %s', async (name, presses) => {
    const cwd = folderWith({})
    const { code, screen } = await converseAtTerminal(['init', '--template', name], presses, { cwd })
    expect(code, screen).toBe(0)
    const text = readFileSync(join(cwd, 'repos.yml'), 'utf8')
    if (name === 'one-name-for-push-and-pull') {
      expect(text).toContain('httpPort: 9001, writePolicy')
      expect(text).toContain('httpPort: 9002')
    }
    if (name === 'team-registry') {
      expect(text).toContain('acceptEula: true')
      expect(text).toContain('acme: acme.registry.corp,')
    }
    await checkFile(cwd)
  })

  it('changes an answer before it writes', async () => {
    const cwd = folderWith({})
    const presses: Press[] = [
      ...press(...all.slice(0, -1)),
      [questions.write, down + enter],
      ['Which one?', down.repeat(3) + enter],
      [questions.pull, down + enter],
      ...press(questions.write),
    ]
    const { code, screen } = await converseAtTerminal(['init', '--offline'], presses, { cwd })
    expect(code, screen).toBe(0)
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toContain('\nanonymousPull: true\n')
  })

  it('shows what would change in a file that is there, and leaves it alone on Enter', async () => {
    const before = 'version: 1\nnexus: { password: hunter2 }\n'
    const cwd = folderWith({ 'repos.yml': before })
    const start = press('repos.yml exists. Continue from its answers?', ...all.slice(0, -1))
    const presses = [...start, ...press('repos.yml exists. What now?')]
    const left = await converseAtTerminal(['init', '--offline'], presses, { cwd })
    expect(left.code).toBe(1)
    expect(left.screen).toContain('- nexus: { password: *** }')
    expect(left.screen).toContain('+   password: ${NEXUS_PASSWORD}')
    expect(left.raw).not.toContain('hunter2')
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toBe(before)
    const replacing: Press[] = [...start, ['repos.yml exists. What now?', down + enter]]
    const replaced = await converseAtTerminal(['init', '--offline'], replacing, { cwd })
    expect(replaced.code).toBe(0)
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toContain('docker-hosted:')
    expect(readdirSync(cwd)).toEqual(['repos.yml'])
  })

  it('goes on from a file that is there, after it has said what that would lose', async () => {
    const made = folderWith({})
    await runCli(['init', '--yes', '--offline', '--upstreams', 'quay.io', '--port', 'docker=9000'], {
      cwd: made,
    })
    const own = readFileSync(join(made, 'repos.yml'), 'utf8')
    const cwd = folderWith({
      'repos.yml': `${own}\nroutingRules:\n  r: { mode: block, matchers: ["^/x"] }\n`,
    })
    const presses: Press[] = [
      ['Continue from its answers?', `\u001B[A${enter}`],
      ...press(...all.slice(0, -1)),
      ['repos.yml exists. What now?', down + enter],
    ]
    const { code, screen } = await converseAtTerminal(['init', '--offline'], presses, { cwd })
    expect(code, screen).toBe(0)
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('which would be lost: routingRules.')
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toBe(own)
  })

  it('caches another registry, behind a name', async () => {
    const cwd = folderWith({})
    const presses: Press[] = [
      ...press(questions.server, questions.own),
      [questions.upstreams, `\u001B[A ${enter}`],
      ['Address of the registry', `https://jane:pw@registry.partner.example${enter}`],
      ['leave user and password out', `\u0015registry.partner.example${enter}`],
      ...press('The name of its repository', 'Another one?', questions.pull, questions.access),
      [questions.name, `https://registry.corp/${enter}`],
      ['this is not a host name', `\u0015registry.corp${enter}`],
      ...press('Host name for pushes'),
      ['Where does TLS end?', down + enter],
      ...press(...all.slice(6)),
    ]
    const { code, screen } = await converseAtTerminal(['init', '--offline'], presses, { cwd })
    expect(code, screen).toBe(0)
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toContain(
      '  partner: { type: proxy, blobStore: docker, remoteUrl: "https://registry.partner.example" }',
    )
    expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toContain(
      '  hosts: { pull: registry.corp, push: push.registry.corp }\n',
    )
    expect(screen).toContain('docker login push.registry.corp')
    await checkFile(cwd)
  })

  it.each([
    ['Ctrl-C at the first question', [[questions.server, controlC]]],
    ['Ctrl-D at a list', [...press(questions.server, questions.own), [questions.upstreams, controlD]]],
    ['Ctrl-C before it is written', [...press(...all.slice(0, -1)), [questions.write, controlC]]],
  ] as [string, Press[]][])('%s: nothing is left behind', async (_, presses) => {
    const cwd = folderWith({})
    const { code, screen, raw } = await converseAtTerminal(['init', '--offline'], presses, { cwd })
    expect(code, screen).toBe(130)
    expect(screen).toMatch(/Nothing was written\.$/)
    expect(readdirSync(cwd)).toEqual([])
    expect(raw.lastIndexOf('\u001B[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001B[?25l'))
  })

  it('fits into 40 columns', async () => {
    const cwd = folderWith({})
    const { code, screen } = await converseAtTerminal(['init', '--offline'], press(...all), {
      cwd,
      columns: 40,
    })
    expect(code, screen).toBe(0)
    const flat = screen.replaceAll('\n', '').replaceAll(' ', '')
    for (const question of all)
      expect(flat.split(`✔${question.replaceAll(' ', '')}`), question).toHaveLength(2)
    // A list that was drawn again leaves nothing of its former lines.
    expect(screen).not.toContain('navigate')
    expect(screen).not.toContain('❯')
  })

  it('NO_COLOR takes all colours away', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
    const colour = /\u001B\[[\d;]*m/
    const options = { cwd: folderWith({}), env: { NO_COLOR: '1' } }
    const without = await converseAtTerminal(['init', '--offline'], press(...all), options)
    expect(without.code).toBe(0)
    expect(without.raw).not.toMatch(colour)
    const presses: Press[] = [[questions.server, controlC]]
    expect((await converseAtTerminal(['init'], presses, { cwd: folderWith({}) })).raw).toMatch(colour)
  })
})

describe.skipIf(!hasPython)('a server that takes the connection and says nothing', () => {
  let close: () => void = () => undefined
  afterEach(() => close())

  it('is given up after three seconds, and Ctrl-C ends the wait', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    close = () => silent.close()
    const address = silent.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const options = { cwd: folderWith({}), env: { NEXUS_URL: url } }
    const stopped = await converseAtTerminal(
      ['init'],
      [...press(questions.server), ['looking at', controlC]],
      options,
    )
    expect(stopped.code, stopped.screen).toBe(130)
    expect(stopped.screen).toMatch(/\nNothing was written\.$/)
    const presses: Press[] = [...press(questions.server), [questions.own, controlC]]
    const start = performance.now()
    const waited = await converseAtTerminal(['init'], presses, options)
    expect(waited.screen.replaceAll('\n', ' ')).toContain('The file can still be written.')
    // Much less than --timeout, which a request may take elsewhere.
    expect(performance.now() - start).toBeLessThan(30_000)
  })
})

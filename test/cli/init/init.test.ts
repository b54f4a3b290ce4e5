// The wizard without a terminal: flags, files, exit codes. The conversation itself is in test/init and init-terminal.test.ts.
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor, writesOf } from '../../helpers/sandbox.ts'

const quick = ['init', '--yes', '--offline']

describe('whatever the flags', () => {
  it.each([
    ['a port that only root can have', ['--port', 'docker=443'], 'warning[privileged-port]'],
    [
      'a registry whose password lapses',
      ['--registry', 'ecr=123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
      'warning[ecr-token]',
    ],
    [
      'a template with such a port',
      ['--template', 'quickstart', '--port', 'docker=80'],
      'warning[privileged-port]',
    ],
  ])('%s: the file is written, and the warning told', async (_, args, warning) => {
    const cwd = folderWith({})
    const { code, stdout, stderr } = await runCli([...quick, ...args], { cwd })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain(warning)
    expect(stderr).not.toContain('bug')
    expect(stdout).toContain('✓ wrote repos.yml')
    const validated = await runCli(['validate', '-f', 'repos.yml'], { cwd })
    expect(validated.code).toBe(0)
    expect(validated.stderr).toContain(warning)
  })

  it.each([
    [
      'a web site for a registry',
      ['--registry', 'mine=hub.docker.com'],
      '--registry: mine: that is Docker Hub',
    ],
    ['no port for the proxy', ['--proxy', 'http://p.corp:0'], '--proxy: write it like'],
  ])('%s: said of the flag', async (_, args, sentence) => {
    const { code, stderr } = await runCli([...quick, ...args], { cwd: folderWith({}) })
    expect(code).toBe(3)
    expect(stderr).toContain(sentence)
  })
})

describe('without a terminal', () => {
  it('does not hang: it ends with 3 and names every flag that answers a question', async () => {
    const cwd = folderWith({})
    const [ended, help] = await Promise.all([runCli(['init'], { cwd }), runCli(['init', '--help'])])
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    const options = [...help.stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option)
    const about = ['--yes', '--force', '--offline', '--output', '--help']
    expect(ended.stderr).toContain('--yes')
    for (const option of options.filter((name) => !about.includes(name)))
      expect(ended.stderr, option).toContain(` ${option}`)
    expect(readdirSync(cwd)).toEqual([])
  })

  it('says so as JSON, too', async () => {
    const { code, stdout } = await runCli(['init', '-o', 'json'])
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, error: { code: 'no-terminal' } })
  })
})

describe('wrong flags', () => {
  it('are named all at once', async () => {
    const args = [
      '--url',
      'http://u:hunter2@h',
      '--upstreams',
      'dockerhub',
      '--private-images',
      'maybe',
      '--port',
      'x',
    ]
    const more = [
      '--routing',
      'dns',
      '--proxy',
      'https://p',
      '--proxy-exclude',
      '10.0.0.0/8',
      '--blob-store',
      'a b',
    ]
    const last = [
      '--host',
      'a b',
      '--push-host',
      'none',
      '--tls',
      '/only.crt',
      '--quota',
      'much',
      '--initial-password',
      'hunter2',
      '--template',
      'foo',
      '--out',
      'no/where.yml',
    ]
    const { code, stderr } = await runCli([...quick, ...args, ...more, ...last])
    expect(code).toBe(3)
    const named = [...stderr.matchAll(/^ {2}(--[\w-]+):/gm)].map(([, flag]) => flag)
    const wrong = [...args, ...more, ...last].filter((text) => text.startsWith('--'))
    expect([...new Set(named)].toSorted()).toEqual(wrong.toSorted())
    expect(stderr).not.toContain('hunter2')
  })

  it('are held against each other and against the template', async () => {
    const cwd = folderWith({})
    const clash = [
      '--port',
      'docker=9000',
      '--port',
      'docker-hosted=9000',
      '--proxy',
      'none',
      '--proxy-username',
      'x',
    ]
    const together = await runCli([...quick, ...clash], { cwd })
    expect(together.code).toBe(3)
    expect(together.stderr).toContain('9000 is already the port of docker')
    expect(together.stderr).toContain('name it with --proxy')
    const own = await runCli(
      [...quick, '--template', 'team-registry', '--quota', '1 GiB', '--port', 'docker=1'],
      { cwd },
    )
    expect(own.stderr).toContain('--quota: the template team-registry sets that itself')
    const port = await runCli([...quick, '--template', 'team-registry', '--port', 'docker=1'], { cwd })
    expect(port.stderr).toContain('"docker" does not use a port here; these do: acme, globex, docker-public')
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('--yes', () => {
  it('writes what the flags say, and a summary as JSON', async () => {
    const cwd = folderWith({})
    const flags = [
      '--url',
      'https://nexus.corp/',
      '--upstreams',
      'quay.io,docker-hub',
      '--port',
      'docker=9000',
    ]
    const names = ['--host', 'registry.corp', '--push-host', 'push.corp', '--tls', '/r.crt,/r.key']
    const more = ['--proxy', 'http://jane@proxy:3128', '--proxy-exclude', '*.corp', '--anonymous-pull', 'yes']
    const args = [
      ...quick,
      ...flags,
      ...more,
      ...names,
      '--initial-password',
      'file:/x',
      '--accept-eula',
      '--out',
      'a b.yml',
      '-o',
      'json',
    ]
    const { code, stdout, stderr } = await runCli(args, { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: 1,
      file: 'a b.yml',
      written: true,
      template: null,
      server: { url: 'https://nexus.corp', version: null, edition: null },
      answers: {
        url: 'https://nexus.corp',
        privateImages: true,
        upstreams: ['docker-hub', 'quay.io'],
        others: [],
        anonymousPull: true,
        routing: 'ports',
        ports: { docker: 9000, 'docker-hosted': 8083 },
        edge: {
          hosts: { pull: 'registry.corp', push: 'push.corp' },
          tls: { certificate: '/r.crt', key: '/r.key' },
        },
        proxy: { host: 'proxy', port: 3128, username: 'jane', exclude: ['*.corp'] },
        blobStore: { name: 'docker', quota: '10 GiB' },
        initialPassword: { file: '/x' },
        acceptEula: true,
      },
      next: [
        "nexus-docker apply -f 'a b.yml' --sandbox",
        'export NEXUS_PASSWORD=…',
        'export NEXUS_PROXY_PASSWORD=…',
        "nexus-docker plan -f 'a b.yml'",
        "nexus-docker apply -f 'a b.yml' --wait 5m",
        "nexus-docker render nginx --out /etc/nginx/conf.d -f 'a b.yml'",
        "nexus-docker verify --through -f 'a b.yml'",
        'docker pull registry.corp/library/alpine',
        'docker login push.corp',
        'docker tag IMAGE push.corp/IMAGE',
        'docker push push.corp/IMAGE',
      ],
    })
    expect(readdirSync(cwd)).toEqual(['a b.yml'])
  })

  it('goes on from a file with --from, and says what is left out', async () => {
    const cwd = folderWith({
      'old.yml':
        'version: 1 # ours\nrepositories:\n  docker-hosted: {type: hosted, httpPort: 9001}\n  own: {type: hosted}\nedge: {hosts: {pull: r.corp, web: n.corp}, tls: {acme: {}}}\n',
    })
    const { code, stderr } = await runCli(
      [...quick, '--from', 'old.yml', '--registry', 'partner=r.partner.example'],
      { cwd },
    )
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'old.yml contains parts that no question covers, which would be lost: its comments, repositories.own, edge.hosts.web.\n',
    })
    const text = readFileSync(join(cwd, 'repos.yml'), 'utf8')
    expect(text).toContain('docker-hosted: { type: hosted, httpPort: 9001,')
    expect(text).toContain('partner: { type: proxy, remoteUrl: "https://r.partner.example" }')
    expect(text).toContain('hosts: { pull: r.corp, push: push.r.corp }\n')
    const same = await runCli([...quick, '--from', 'repos.yml'], { cwd })
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(same.stdout).toContain('repos.yml already says all of that')
  })

  it.each([
    [['--from', 'missing.yml'], '--from: cannot read missing.yml: there is no such file'],
    [['--from', '.'], '--from: cannot read .: it is a directory'],
    [['--from', 'broken.yml'], '--from: broken.yml is not readable YAML'],
    [['--from', 'broken.yml', '--template', 'quickstart'], '--from: a template has its own answers'],
    [['--registry', 'partner'], 'write the repository and the address'],
    [['--registry', 'a=r.corp', '--registry', 'a=s.corp'], 'a is the name of another repository here'],
    [['--registry', 'a=r.corp', '--registry', 'b=https://r.corp/'], 'https://r.corp is already in the list'],
  ])('refuses %j', async (args, sentence) => {
    const cwd = folderWith({ 'broken.yml': 'a: [' })
    const { code, stderr } = await runCli([...quick, ...args], { cwd })
    expect(code).toBe(3)
    expect(stderr).toContain(sentence)
    expect(readdirSync(cwd)).toEqual(['broken.yml'])
  })

  it('prints the file alone with --out -, and no secret of the environment', async () => {
    const cwd = folderWith({})
    const env = {
      HTTPS_PROXY: 'http://jane:canary@proxy.corp:3128',
      NO_PROXY: '.corp',
      NEXUS_PASSWORD: 'canary',
    }
    const { code, stdout, stderr } = await runCli([...quick, '--out', '-'], { cwd, env })
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('canary')
    expect(stdout).toContain('password: { env: NEXUS_PROXY_PASSWORD }')
    const secrets = { NEXUS_PASSWORD: 'x', NEXUS_PROXY_PASSWORD: 'y' }
    const validated = await runCli(['validate', '-f', '-'], { cwd, input: stdout, env: secrets })
    expect(validated).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(cwd)).toEqual([])
    const both = await runCli([...quick, '--out', '-', '-o', 'json'], { cwd })
    expect(both).toMatchObject({ code: 3 })
  })

  it('takes the address from NEXUS_URL, but no credentials that stand in it', async () => {
    const run = (url: string) => runCli([...quick, '--out', '-'], { env: { NEXUS_URL: url } })
    const { code, stdout, stderr } = await run('http://admin:hunter2@nexus.corp:8081/')
    expect(code).toBe(0)
    expect(stdout).toContain('url: ${NEXUS_URL:-http://nexus.corp:8081}\n')
    expect(stdout + stderr).not.toContain('hunter2')
    const wrong = await run('nexus.corp:8081')
    expect(wrong.code).toBe(3)
    expect(wrong.stderr).toContain('is not the URL of a server')
  })

  it.each([
    ['/a.crt,/a.key', 'The reverse proxy needs /a.crt and /a.key on its machine before it starts.\n'],
    ['acme', ''],
  ])('says what the reverse proxy needs: --tls %s', async (tls, note) => {
    const { stdout } = await runCli([...quick, '--host', 'r.corp', '--tls', tls], { cwd: folderWith({}) })
    expect(stdout.replace(/^[\s\S]*docker push .*\n/, '')).toBe(note)
  })

  it('names the file in the next commands where they would take another one', async () => {
    const cwd = folderWith({ 'nexus-docker.yml': 'version: 1\n' })
    const { stdout } = await runCli([...quick, '--initial-password', 'env:FIRST'], { cwd })
    expect(stdout).toContain('nexus-docker plan -f repos.yml ')
    expect(stdout).toMatch(/docker push localhost:8083\/IMAGE .*\nPlain HTTP works only with Docker on this/)
    expect(stdout).toMatch(/export FIRST=… +# the initial admin password/)
    const usual = await runCli(quick, { cwd: folderWith({}) })
    expect(usual.stdout).toContain('nexus-docker plan  ')
  })

  it('lists the templates', async () => {
    const { code, stdout } = await runCli(['init', '--template', 'list'])
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'quickstart',
      'first-start',
      'swarm-traefik-read-write',
      'one-name-for-push-and-pull',
      'backup-and-cache',
      'corporate-proxy-mirror',
      'team-registry',
      '',
    ])
  })
})

describe('a file that is there', () => {
  it('is replaced with --force alone; the difference is shown, its secrets are not', async () => {
    const before = 'version: 1\nnexus:\n  password: hunter2\n'
    const cwd = folderWith({ 'repos.yml': before })
    const file = join(cwd, 'repos.yml')
    const refused = await runCli(quick, { cwd })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('-   password: ***')
    expect(refused.stderr).toContain('--force')
    expect(refused.stderr).not.toContain('hunter2')
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect((await runCli([...quick, '--force'], { cwd })).code).toBe(0)
    const written = readFileSync(file, 'utf8')
    expect(written).toContain('docker-hosted:')
    const again = await runCli(quick, { cwd })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('repos.yml already says all of that')
    expect(readdirSync(cwd)).toEqual(['repos.yml'])
  })

  it('keeps its mode, and the link that leads to it', async () => {
    const cwd = folderWith({ 'real.yml': 'version: 1\n' })
    chmodSync(join(cwd, 'real.yml'), 0o600)
    symlinkSync('real.yml', join(cwd, 'repos.yml'))
    expect((await runCli([...quick, '--force'], { cwd })).code).toBe(0)
    expect(lstatSync(join(cwd, 'repos.yml')).isSymbolicLink()).toBe(true)
    expect(statSync(join(cwd, 'real.yml')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(cwd, 'real.yml'), 'utf8')).toContain('docker-hosted:')
    expect(readdirSync(cwd).toSorted()).toEqual(['real.yml', 'repos.yml'])
  })

  it('cannot be a folder', async () => {
    const cwd = folderWith({})
    mkdirSync(join(cwd, 'repos.yml'))
    const { code, stderr } = await runCli([...quick, '--force'], { cwd })
    expect(code).toBe(3)
    expect(stderr).toContain('--out: cannot write repos.yml: it is a directory')
  })

  it('has a name', async () => {
    const { code, stderr } = await runCli(['init', '--yes', '--offline', '--out', ''], {
      cwd: folderWith({}),
    })
    expect(code).toBe(3)
    expect(stderr).toContain('--out: the file name is empty')
  })
})

it('takes a server from its first start to a registry: init, apply, and a second apply without a write', async () => {
  const sandbox = await sandboxFor({ state: 'fresh' })
  const cwd = folderWith({})
  const env = { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: 'wanted-password-1' }
  const where = `file:${sandbox.initialPasswordFile ?? ''}`
  const flags = ['--initial-password', where, '--accept-eula', '--private-images', 'no']
  const written = await runCli(['init', '--yes', ...flags], { cwd, env })
  expect(written).toMatchObject({ code: 0, stderr: '✓ Nexus 3.90.0 Community\n' })
  expect(written.stdout).not.toContain('export')
  const first = await runCli(['apply', '--wait', '10s', '--yes'], { cwd, env })
  expect(first.code, first.stderr).toBe(0)
  const writes = writesOf(sandbox).length
  const second = await runCli(['apply', '--yes'], { cwd, env })
  expect(second.stdout).toContain('No changes.')
  expect(writesOf(sandbox)).toHaveLength(writes)
})

describe('the look at the server', () => {
  it('says version and edition, and adapts', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    const env = { NEXUS_URL: sandbox.url, NEXUS_USERNAME: 'admin', NEXUS_PASSWORD: 'wrong' }
    const found = await runCli(['init', '--yes', '--out', '-'], { env })
    expect(found.stderr).toContain('✓ Nexus 3.77.1 Community')
    expect(found.stdout).toContain(`url: \${NEXUS_URL:-${sandbox.url}}`)
    const refused = await runCli(['init', '--yes', '--out', '-', '--routing', 'path'], { env })
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain(
      'docker.pathEnabled needs Nexus 3.83 or later; this server is 3.77.1 Community',
    )
  })

  it('sends no credentials, and goes on where something else answers', async () => {
    const seen: IncomingHttpHeaders[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers)
      response.end('<html>hello</html>')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const address = other.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const env = { NEXUS_USERNAME: 'admin', NEXUS_PASSWORD: 'secret' }
    const { code, stderr } = await runCli(['init', '--yes', '--out', '-', '--url', url], { env })
    expect(code).toBe(0)
    expect(stderr).toContain('does not look like a Nexus')
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.flatMap((headers) => headers.authorization ?? [])).toEqual([])
  })

  it('does not happen with --offline', async () => {
    const sandbox = await sandboxFor()
    const { code } = await runCli([...quick, '--out', '-', '--url', sandbox.url])
    expect(code).toBe(0)
    expect(sandbox.requests).toEqual([])
  })
})

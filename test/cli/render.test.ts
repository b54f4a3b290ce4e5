// What `render` does with what a target gives, whichever it is: to standard output, to a folder, held against a folder.
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { type RenderFlags, renderTarget } from '../../src/run/render/render-target.ts'
import type { Rendered, RenderInput, Target } from '../../src/targets/contract.ts'
import { targets } from '../../src/targets/index.ts'
import { collectingTerminal } from '../helpers/collecting-terminal.ts'
import { folderWith, runCli } from '../helpers/run-cli.ts'

const config = `nexus: {url: http://nexus:8081, password: {env: NOT_SET}}
repositories:
  docker-hosted: {type: hosted}
  docker-hub: {type: proxy, upstream: docker-hub}
edge:
  hosts: {pull: registry.example.com}
  routing: path
  tls: {certificate: /etc/a.crt, key: /etc/a.key}
`
const withCa = config.replace('a.key}', 'a.key, ca: pki/ca.crt}')
const withKubernetes = withCa.replace('edge:', '  k8s: {type: proxy, upstream: registry.k8s.io}\nedge:')
const certificate = readFileSync(
  new URL('../../scripts/recorder/test-ca-1.pem', import.meta.url),
  'utf8',
).replace(/^.*?(?=-----BEGIN)/s, '')

function target(render: (input: RenderInput) => Partial<Rendered>, more: Partial<Target> = {}): Target {
  return {
    name: 'fake',
    group: 'front',
    about: 'a target of the tests',
    render: (input) => ({ files: [], notes: [], ...render(input) }),
    ...more,
  }
}

const head = '# Made by nexus-docker from repos.yml: nexus-docker render fake\n'
const setUp = { name: 'bin/set-up.sh', text: `#!/bin/sh\n${head}true\n`, executable: true } as const
const main = { name: 'fake.conf', text: `${head}a 1;\nb 2;\n` }
const merged = {
  name: 'daemon.json',
  text: '{"ours":true}\n',
  merge: (there: string) => `${JSON.stringify({ ...(JSON.parse(there) as object), ours: true })}\n`,
}
const twoFiles = target(() => ({ files: [main, setUp], notes: ['Restart it.'] }))

interface Ran {
  code: number | undefined
  error?: UserError
  out: string
  err: string
}

async function run(one: Target, cwd: string, flags: Partial<RenderFlags> = {}): Promise<Ran> {
  const { terminal, said } = collectingTerminal(cwd)
  try {
    const code = await renderTarget(one, { out: '-', output: 'text', ...flags }, terminal)
    return { code, ...said }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { code: error.exitCode, error, ...said }
  }
}

function documentIn({ out }: Ran): {
  files: Record<string, unknown>[]
  notes: string[]
  problems: unknown[]
} {
  return JSON.parse(out) as ReturnType<typeof documentIn>
}

describe('to standard output', () => {
  test('one file is its text and nothing else; notes go to standard error', async () => {
    const folder = folderWith({ 'repos.yml': config })
    const one = target(() => ({ files: [{ name: 'x', text: 'tab\there\n::end' }], notes: ['Reload it.'] }))
    expect(await run(one, folder)).toEqual({ code: 0, out: 'tab\there\n::end', err: 'note: Reload it.\n' })
    expect(readdirSync(folder)).toEqual(['repos.yml'])
  })

  test('several have a line above each; YAML alone stays a stream of documents', async () => {
    const folder = folderWith({ 'repos.yml': config })
    expect((await run(twoFiles, folder)).out).toBe(
      `# --- fake.conf ---\n${main.text}\n# --- bin/set-up.sh ---\n${setUp.text}`,
    )
    const yaml = ['a.yaml', 'b.yml'].map((name) => ({ name, text: `kind: ${name}\n` }))
    expect(
      (
        await run(
          target(() => ({ files: yaml })),
          folder,
        )
      ).out,
    ).toBe('---\n# Source: a.yaml\nkind: a.yaml\n---\n# Source: b.yml\nkind: b.yml\n')
  })

  test.each(['front', 'stack', 'client'] as const)(
    'says whom health checks have to ask for where TLS ends further out: %s',
    async (group) => {
      const one = target(() => ({}), { group })
      const behind = config.replace(/tls: .*/, 'tls: {endsFurtherOut: true}')
      const said = (await run(one, folderWith({ 'repos.yml': behind }))).err
      expect(said.includes('send Host: registry.example.com; other names get 404')).toBe(group !== 'client')
      expect((await run(one, folderWith({ 'repos.yml': config }))).err).not.toContain('Health checks')
    },
  )

  test('JSON has the files, the notes, and what is to be said of the way in', async () => {
    const method = config
      .replace('routing: path', 'routing: method')
      .replace('hosted}', 'hosted, httpPort: 8083}')
    const folder = folderWith({ 'repos.yml': method })
    const ran = await run(twoFiles, folder, { output: 'json' })
    expect(documentIn(ran)).toMatchObject({
      formatVersion: 1,
      target: 'fake',
      files: [
        { ...main, status: 'rendered' },
        { ...setUp, status: 'rendered' },
      ],
      notes: ['Restart it.'],
    })
    expect(ran.err).toBe('')
  })
})

describe('the input of a target', () => {
  test('names of files without their folders, and its own address of Nexus', async () => {
    const seen: RenderInput[] = []
    const remember = (input: RenderInput) => {
      seen.push(input)
      return {}
    }
    const one = target(remember, { upstream: 'http://its-own:9000' })
    const folder = folderWith({
      'conf/repos.yml': config,
      'top.yml': 'nexus: {version: 3.90.0}\nedge: {limits: {timeout: 60}}\n',
    })
    await run(one, folder, { file: [join(folder, 'conf/repos.yml'), 'top.yml'] })
    expect(seen[0]).toMatchObject({
      from: ['repos.yml', 'top.yml'],
      edge: { limits: { timeoutSeconds: 60 } },
    })
    expect(seen[0]?.edge.backEnds).toEqual([
      { name: 'nexus', host: 'its-own', port: 9000, tls: false, prefix: '' },
    ])
  })

  test('the routing that the file leaves open is told with its reason', async () => {
    const folder = folderWith({ 'repos.yml': config.replace('  routing: path\n', '') })
    expect(
      (
        await run(
          target(() => ({})),
          folder,
        )
      ).err,
    ).toBe('note: routing: path, because one port serves every repository\n')
  })

  test('who is in front of Nexus has to know where it is; clients need not', async () => {
    const unknown = config.replace('url: http://nexus:8081, ', '')
    const folder = folderWith({
      'repos.yml': unknown,
      'own.yml': config.replace('nexus:8081', 'registry.example.com'),
    })
    const why = async (...given: Parameters<typeof run>) => (await run(...given)).error?.message
    expect(await why(twoFiles, folder)).toBe('cannot render fake: the file does not say where Nexus is')
    expect(await why(twoFiles, folder, { file: ['own.yml'] })).toBe(
      'cannot render fake: nexus.url leads to the reverse proxy itself',
    )
    expect((await run({ ...twoFiles, group: 'client' }, folder)).code).toBe(0)
    expect((await run({ ...twoFiles, upstream: 'http://nexus:8081' }, folder)).code).toBe(0)
  })

  const asksForCa = target(({ caCertificates = 'none\n' }) => ({
    files: [{ name: 'ca.crt', text: caCertificates }],
  }))
  const asksForNothing = target(() => ({ files: [main] }))

  test('the CA is looked for beside the file that names it; what stands around it is left out', async () => {
    const files = {
      'conf/repos.yml': withCa,
      'conf/pki/ca.crt': `my CA\r\n${certificate.replaceAll('\n', '\r\n')}`,
    }
    expect((await run(asksForCa, folderWith(files), { file: ['conf/repos.yml'] })).out).toBe(certificate)
    expect((await run(asksForCa, folderWith({ 'repos.yml': config }))).out).toBe('none\n')
  })

  test('a CA that is not there: an error with its place for who needs it, a note for others', async () => {
    const folder = folderWith({ 'repos.yml': withCa })
    const needed = await run(asksForCa, folder, { output: 'json' })
    expect(needed.code).toBe(3)
    expect(documentIn(needed).problems).toEqual([
      {
        file: 'repos.yml',
        line: 8,
        column: (withCa.split('\n')[7]?.indexOf('pki') ?? 0) + 1,
        severity: 'error',
        code: 'edge-ca',
        path: 'edge.tls.ca',
        message: 'pki/ca.crt does not exist',
        hint: 'put the certificate of the CA there, beside this file, or leave ca out',
      },
    ])
    expect(await run(asksForNothing, folder)).toMatchObject({
      code: 0,
      out: main.text,
      err: 'note: pki/ca.crt does not exist; clients will need it\n',
    })
  })

  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'
  test.each([
    ['a private key beside it', `${certificate}${key}`, 'pki/ca.crt holds a private key'],
    ['no PEM', 'hello', 'pki/ca.crt is no certificate in PEM'],
    [
      'what only looks like one',
      certificate.replace(/^MII.*$/m, 'AAAA'),
      'pki/ca.crt is no certificate in PEM',
    ],
    [
      'another thing',
      certificate.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
      'pki/ca.crt is no certificate in PEM',
    ],
  ])('%s is an error whether or not it is needed', async (_, text, message) => {
    const { code, out, err } = await run(
      asksForNothing,
      folderWith({ 'repos.yml': withCa, 'pki/ca.crt': text }),
    )
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain(`error[edge-ca]: repos.yml:8:`)
    expect(err).toContain(message)
    expect(err).not.toContain('AAAA')
  })
})

describe('to a folder', () => {
  test('says what it did to each file, and does nothing twice', async () => {
    const folder = folderWith({ 'repos.yml': config })
    const first = await run(twoFiles, folder, { out: 'made' })
    expect(first).toEqual({
      code: 0,
      out: 'created    fake.conf\ncreated    bin/set-up.sh\n',
      err: 'note: Restart it.\n',
    })
    expect(readFileSync(join(folder, 'made/fake.conf'), 'utf8')).toBe(main.text)
    expect(statSync(join(folder, 'made/bin/set-up.sh')).mode & 0o111).toBe(0o111)
    expect(statSync(join(folder, 'made/fake.conf')).mode & 0o111).toBe(0)
    chmodSync(join(folder, 'made/bin/set-up.sh'), 0o644)
    writeFileSync(join(folder, 'made/fake.conf'), main.text.replace('repos.yml', 'older.yml'))
    expect((await run(twoFiles, folder, { out: 'made' })).out).toBe(
      'changed    fake.conf\nchanged    bin/set-up.sh\n',
    )
    expect(statSync(join(folder, 'made/bin/set-up.sh')).mode & 0o111).toBe(0o111)
    expect((await run(twoFiles, folder, { out: 'made' })).out).toBe(
      'unchanged  fake.conf\nunchanged  bin/set-up.sh\n',
    )
    expect(readdirSync(join(folder, 'made'))).toEqual(['bin', 'fake.conf'])
  })

  test.each([
    ['a file of somebody else', { 'made/bin/set-up.sh': '#!/bin/sh\nrm x\n' }],
    [
      'a file of another target',
      { 'made/bin/set-up.sh': setUp.text.replace('render fake', 'render fake-2') },
    ],
    ['a folder', { 'made/bin/set-up.sh/x': '' }],
  ])('%s is left alone, is named, and nothing else is written', async (_, files) => {
    const folder = folderWith({ 'repos.yml': config, ...files })
    for (const check of [false, true]) {
      const { code, error, out } = await run(twoFiles, folder, { out: 'made', check })
      expect({ code, out }).toEqual({ code: 3, out: '' })
      expect(error?.code).toBe('foreign-file')
      expect(error?.list.join()).toMatch(/^bin\/set-up\.sh/)
      expect(readdirSync(join(folder, 'made'))).toEqual(['bin'])
    }
  })

  test('a link that leads nowhere is not followed', async () => {
    const folder = folderWith({ 'repos.yml': config, 'made/x': '' })
    symlinkSync('/nonexistent/fake.conf', join(folder, 'made/fake.conf'))
    expect((await run(twoFiles, folder, { out: 'made' })).error?.list).toEqual([
      'fake.conf: the link leads nowhere',
    ])
  })

  test('a file that has others in it is merged; its text, with the secrets of others, is not in the document', async () => {
    const folder = folderWith({ 'repos.yml': config, 'etc/daemon.json': '{"theirs":1}' })
    const one = target(() => ({ files: [merged] }))
    const ran = await run(one, folder, { out: 'etc', output: 'json' })
    const text = '{"theirs":1,"ours":true}\n'
    expect(documentIn(ran).files).toEqual([{ name: 'daemon.json', status: 'changed' }])
    expect(readFileSync(join(folder, 'etc/daemon.json'), 'utf8')).toBe(text)
    expect((await run(one, folder, { out: 'etc' })).out).toBe('unchanged  daemon.json\n')
  })
})

describe('--check', () => {
  test('writes nothing, shows what differs and ends with 2; 0 when nothing does', async () => {
    const before = main.text.replace('b 2', 'b 3')
    const folder = folderWith({ 'repos.yml': config, 'made/fake.conf': before })
    const { code, out } = await run(twoFiles, folder, { out: 'made', check: true })
    expect(code).toBe(2)
    expect(out).toBe(`--- fake.conf
+++ fake.conf
@@ -1,3 +1,3 @@
 ${head} a 1;
-b 3;
+b 2;
--- /dev/null
+++ bin/set-up.sh
@@ -0,0 +1,3 @@
+#!/bin/sh
+${head}+true
`)
    expect(readdirSync(join(folder, 'made'))).toEqual(['fake.conf'])
    const ran = await run(twoFiles, folder, { out: 'made', check: true, output: 'json' })
    expect(ran.code).toBe(2)
    expect(documentIn(ran).files.map(({ status }) => status)).toEqual(['changed', 'created'])
    await run(twoFiles, folder, { out: 'made' })
    expect(await run(twoFiles, folder, { out: 'made', check: true })).toMatchObject({
      code: 0,
      out: '✓ nothing would change: 2 files\n',
    })
  })

  test('the secrets of a file that others write to are not shown', async () => {
    const there = '{\n "password": "opensesame",\n "proxies": "http://me:pa55@proxy"\n}'
    const one = target(() => ({ files: [{ ...merged, merge: (text) => `${text}\n// ours\n` }] }))
    const folder = folderWith({ 'repos.yml': config, 'daemon.json': there })
    const { out } = await run(one, folder, { out: '.', check: true })
    expect(out).toContain('+// ours')
    expect(out).not.toMatch(/pa55|opensesame/)
  })
})

describe('--check of a file that is wholly ours', () => {
  const head = 'Made by nexus-docker from repos.yml: nexus-docker render fake'
  const text = `# ${head}\n# the token realm of it\nlocation / {\n    server nexus:8082;\n}\n`
  const one = target(() => ({ files: [{ name: 'fake.conf', text }] }))

  test('nothing of what is rendered is hidden: a difference below the word "token" is shown', async () => {
    const folder = folderWith({ 'repos.yml': config, 'made/fake.conf': text.replace('8082', '8083') })
    const { code, out } = await run(one, folder, { out: 'made', check: true })
    expect(code).toBe(2)
    expect(out).toContain('-    server nexus:8083;\n+    server nexus:8082;')
    expect((await run(one, folder, { out: 'elsewhere', check: true })).out).not.toContain('***')
  })

  test('where somebody lets nginx pass requests on is shown', async () => {
    const theirs = `${text}location /v1/ {\n    proxy_pass http://elsewhere;\n}\n`
    const folder = folderWith({ 'repos.yml': config, 'made/fake.conf': theirs })
    const { out } = await run(one, folder, { out: 'made', check: true })
    expect(out).toContain('-    proxy_pass http://elsewhere;')
  })

  test('the secret that somebody added is not shown', async () => {
    const folder = folderWith({ 'repos.yml': config, 'made/fake.conf': `${text}password: opensesame\n` })
    const { out } = await run(one, folder, { out: 'made', check: true })
    expect(out).toContain('-password: ***')
  })
})

describe('every target there is', () => {
  test.each(targets.map((one) => [one.name, one] as const))(
    '%s knows its own files again',
    async (_, one) => {
      const folder = folderWith({ 'repos.yml': withKubernetes, 'pki/ca.crt': certificate })
      expect(await run(one, folder, { out: 'made' })).toMatchObject({ code: 0 })
      expect(await run(one, folder, { out: 'made', check: true })).toMatchObject({ code: 0 })
      writeFileSync(
        join(folder, 'repos.yml'),
        withKubernetes.replace('registry.example.com', 'registry.example.org'),
      )
      expect(await run(one, folder, { out: 'made', check: true })).toMatchObject({ code: 2 })
      expect(await run(one, folder, { out: 'made' })).toMatchObject({ code: 0 })
      expect(await run(one, folder, { out: 'made', check: true })).toMatchObject({ code: 0 })
    },
  )
})

describe('the command', () => {
  test.each([
    [['render', 'cady'], 3, 'hint: Did you mean caddy?'],
    [['render', 'caddy', '--check'], 3, '--check needs a folder'],
    [['render', 'no-such'], 3, 'there is no target "no-such" to render'],
    [['render', 'k8s'], 3, 'hint: Did you mean kubernetes?'],
    [['render', 'caddy', '--out', ''], 3, '--out is empty'],
    [['render', 'caddy', '--out', 'repos.yml'], 3, 'a part of its path is not a directory'],
    [['render', 'login', '--out', '/proc/no/such'], 1, 'no folder can be made there'],
    [['render', 'a', 'b'], 3, "too many arguments for 'render'"],
  ])('%s', async (args, code, message) => {
    const ran = await runCli(args, { cwd: folderWith({ 'repos.yml': config }) })
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(message)
  })

  test('without a target it lists them, and needs no file', async () => {
    const { code, stdout } = await runCli(['render'], { cwd: folderWith({}) })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^In front of Nexus:\n(?: {2}\S+ +\S.*\n)*? {2}caddy +\S/)
    const json = await runCli(['render', '-o', 'json'], { cwd: folderWith({}) })
    const { formatVersion, targets: listed } = JSON.parse(json.stdout) as {
      formatVersion: number
      targets: unknown[]
    }
    expect(formatVersion).toBe(1)
    expect(listed).toEqual(targets.map(({ name, group, about }) => ({ name, group, about })))
  })

  test('the built program renders, writes and checks', async () => {
    const cwd = folderWith({ 'repos.yml': config })
    const shown = await runCli(['render', 'caddy'], { cwd })
    expect(shown.stdout).toMatch(/^# Made by nexus-docker from repos\.yml: nexus-docker render caddy\n/)
    expect((await runCli(['render', 'caddy', '--out', 'front'], { cwd })).stdout).toBe(
      'created    Caddyfile\n',
    )
    expect(readFileSync(join(cwd, 'front/Caddyfile'), 'utf8')).toBe(shown.stdout)
    expect((await runCli(['render', 'caddy', '--out', 'front', '--check'], { cwd })).code).toBe(0)
    writeFileSync(
      join(cwd, 'front/Caddyfile'),
      shown.stdout.replace('registry.example.com', 'other.example.com'),
    )
    expect((await runCli(['render', 'caddy', '--out', 'front', '--check'], { cwd })).code).toBe(2)
  })

  test('without an edge the file is told which lines are missing; a wrong one is told as validate tells it', async () => {
    const folder = folderWith({
      'repos.yml': config.replace(/edge:.*/s, ''),
      'wrong.yml': config.replace('path', 'pat'),
    })
    const { code, error } = await run(twoFiles, folder)
    expect(code).toBe(3)
    expect(error?.code).toBe('no-edge')
    const lines = error?.list.join('\n') ?? ''
    const mended = folderWith({ 'repos.yml': `${config.replace(/edge:.*/s, '')}${lines}\n` })
    expect((await run(twoFiles, mended)).code).toBe(0)
    const wrong = await run(twoFiles, folder, { file: ['wrong.yml'] })
    const validated = await runCli(['validate', '-f', 'wrong.yml'], { cwd: folder })
    expect(wrong).toEqual({ code: 3, out: '', err: validated.stderr })
  })
})

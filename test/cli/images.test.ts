// `image` and `rewrite` through the built program.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CliOptions, folderWith, runCli } from '../helpers/run-cli.ts'

const config = `nexus: {password: {env: NOT_SET}}
repositories:
  docker-hosted: {type: hosted, httpPort: 8083}
  docker-hub: {type: proxy, upstream: docker-hub}
  quay: {type: proxy, upstream: quay.io}
  docker: {type: group, httpPort: 8082, members: [docker-hosted, docker-hub, quay]}
edge:
  hosts: {pull: registry.example.com, push: push.example.com}
  namespaces: [acme]
`
const compose =
  '# the stack\nservices:\n  web: {image: "nginx:1.29"}  # nginx\n  db: {image: registry.example.com/db}\n'
const rewritten = compose.replace('"nginx', '"registry.example.com/library/nginx')
const dockerfile = 'FROM quay.io/a/b:1\nCOPY . .\n'

function run(args: readonly string[], files: Record<string, string>, options: CliOptions = {}) {
  const cwd = folderWith({ 'repos.yml': config, ...files })
  return { cwd, ended: runCli(args, { cwd, ...options }) }
}

describe('image', () => {
  test('a table of what is pulled and pushed', async () => {
    const { stdout, stderr, code } = await run(['image', 'nginx', 'quay.io/a/b:1'], {}).ended
    expect(code).toBe(0)
    expect(stderr).toBe(
      'note: "docker" looks in Docker Hub first, and what has the same name there is what you get: make its proxy the last member\n',
    )
    expect(stdout).toBe(`IMAGE          PULL                                       PUSH
nginx          registry.example.com/library/nginx:latest  push.example.com/library/nginx:latest
quay.io/a/b:1  registry.example.com/a/b:1                 push.example.com/a/b:1
`)
  })

  test('the same as JSON; without a registry for pushes there is no push', async () => {
    const files = {
      'repos.yml': config
        .replace(/ {2}docker-hosted.*\n/, '')
        .replaceAll(/docker-hosted, |, push: \S*com/g, ''),
    }
    const { stdout } = await run(['image', 'nginx:1', '-o', 'json'], files).ended
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: 1,
      images: [{ reference: 'nginx:1', pull: 'registry.example.com/library/nginx:1' }],
      notes: [],
    })
  })

  test('all that have no name are told at once', async () => {
    const { code, stdout, stderr } = await run(['image', 'ghcr.io/a', 'nginx', 'Nginx'], {}).ended
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toBe(`error: cannot say where these images are:
  ghcr.io/a: no public name leads to images of ghcr.io, only to those of docker.io, quay.io; add a proxy repository, and make it a member of "docker": ghcr.io: {type: proxy, upstream: ghcr.io}
  Nginx: it has capital letters in its path; write it like quay.io/acme/app:1
`)
  })

  test('a file without the section edge is told what to add', async () => {
    const { code, stderr } = await run(['image', 'nginx'], { 'repos.yml': config.replace(/edge:.*/s, '') })
      .ended
    expect(code).toBe(3)
    expect(stderr).toContain(
      'error: repos.yml does not say under which names clients reach Nexus\n  edge:\n    hosts:',
    )
  })
})

describe('rewrite', () => {
  test('one file goes to standard output, and stays as it is', async () => {
    const { cwd, ended } = run(['rewrite', 'compose.yml'], { 'compose.yml': compose })
    expect(await ended).toMatchObject({ code: 0, stdout: rewritten, stderr: '' })
    expect(readFileSync(join(cwd, 'compose.yml'), 'utf8')).toBe(compose)
  })

  test('standard input, and a kind that cannot be seen', async () => {
    const { code, stdout } = await run(['rewrite', '-', '--kind', 'list'], {}, { input: 'a: nginx' }).ended
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    const listed = await run(['rewrite', '-', '--kind', 'list'], {}, { input: 'nginx' }).ended
    expect(listed).toMatchObject({ code: 0, stdout: 'registry.example.com/library/nginx' })
  })

  test('standard input has one use', async () => {
    const twice = await run(['rewrite', '-f', '-', '-'], {}, { input: config }).ended
    expect({ code: twice.code, stdout: twice.stdout }).toEqual({ code: 3, stdout: '' })
    expect(twice.stderr).toContain(
      'error[cannot-read]: -: cannot read standard input: it has been read already',
    )
    const again = await run(['rewrite', '-', '-'], {}, { input: 'nginx\n' }).ended
    expect(again.stderr).toMatch(/^error\[stdin-twice\]: -:1:1: .*\n.*\n.*\n {2}hint: give - only once\n/)
    const password = ['plan', '-f', '-', '--password-stdin', '--url', 'http://localhost:1']
    const other = await run(password, {}, { input: config }).ended
    expect(other.code).toBeGreaterThan(0)
    expect(other.stderr).toContain('has been read already')
  })

  test('what is no text is told in one problem', async () => {
    const cwd = folderWith({ 'repos.yml': config })
    writeFileSync(join(cwd, 'binary'), Buffer.from('a\xff\nNginx\nb c\n', 'latin1'))
    const { code, stdout, stderr } = await runCli(['rewrite', 'binary', '--kind', 'list'], { cwd })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^error\[not-utf8\]: binary:1:/)
    expect(stderr).toContain('\n1 problem (1 error)\n')
  })

  test('a byte order mark hides no kind, and stays', async () => {
    const { stdout } = await run(['rewrite', 'compose.yml'], {
      'compose.yml': `\uFEFF${compose.slice(compose.indexOf('services'))}`,
    }).ended
    expect(stdout).toBe(`\uFEFF${rewritten.slice(rewritten.indexOf('services'))}`)
  })

  test('a folder of manifests is one stream; what else is in it is left out', async () => {
    const pod = (name: string) => `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: ${name}}]}\n`
    const { stdout, stderr } = await run(['rewrite', 'k8s'], {
      'k8s/a.yaml': pod('nginx'),
      'k8s/b.yml': pod('quay.io/a'),
      'k8s/values.yaml': 'image: {name: nginx}\n',
    }).ended
    expect(stderr).toMatch(/^warning\[unknown-file\]: k8s\/values.yaml:1:1: cannot tell .*; it is left out/)
    expect(stdout).toBe(
      `---\n# Source: k8s/a.yaml\n${pod('registry.example.com/library/nginx')}---\n# Source: k8s/b.yml\n${pod('registry.example.com/a')}`,
    )
  })

  test('--write changes the files, their modes stay; again it changes none', async () => {
    const files = { 'repos.yml': config, 'compose.yml': compose, Dockerfile: dockerfile }
    const cwd = folderWith(files)
    chmodSync(join(cwd, 'compose.yml'), 0o640)
    const again = () => runCli(['rewrite', 'compose.yml', 'Dockerfile', '--write'], { cwd })
    expect(await again()).toMatchObject({
      code: 0,
      stdout: 'changed    compose.yml\nchanged    Dockerfile\n',
      stderr: expect.stringMatching(/^note: "docker" looks in Docker Hub first.*\n$/) as string,
    })
    expect(readFileSync(join(cwd, 'compose.yml'), 'utf8')).toBe(rewritten)
    expect(statSync(join(cwd, 'compose.yml')).mode & 0o777).toBe(0o640)
    expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe('FROM registry.example.com/a/b:1\nCOPY . .\n')
    expect((await again()).stdout).toBe('unchanged  compose.yml\nunchanged  Dockerfile\n')
  })

  test('--check writes nothing, shows the difference and ends with 2; JSON has the places', async () => {
    const files = { 'compose.yml': compose, Dockerfile: dockerfile }
    const { cwd, ended } = run(['rewrite', '--check', '--write', 'compose.yml', 'Dockerfile'], files)
    const { code, stdout } = await ended
    expect(code).toBe(2)
    expect(stdout).toContain(
      '--- Dockerfile\n+++ Dockerfile\n@@ -1,2 +1,2 @@\n-FROM quay.io/a/b:1\n+FROM registry.example.com/a/b:1\n',
    )
    expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe(dockerfile)
    const json = await run(['rewrite', '--check', 'compose.yml', '-o', 'json'], files).ended
    expect(json.code).toBe(2)
    const [from, to] = ['nginx:1.29', 'registry.example.com/library/nginx:1.29']
    expect(JSON.parse(json.stdout)).toEqual({
      formatVersion: 1,
      files: [
        {
          name: 'compose.yml',
          kind: 'compose',
          status: 'changed',
          images: [{ line: 3, column: 17, from, to }],
          text: rewritten,
        },
      ],
      problems: [],
      notes: [],
    })
    const same = await run(['rewrite', '--check', 'c.yml'], { 'c.yml': rewritten }).ended
    expect(same).toMatchObject({ code: 0, stdout: '✓ nothing would change: 1 file\n' })
  })

  test('with one wrong image nothing is written; the place of each is told', async () => {
    const wrong = 'services:\n  a: {image: nginx}\n  b: {image: ghcr.io/a}\n  c: {image: Nginx}\n'
    const { cwd, ended } = run(['rewrite', '--write', 'Dockerfile', 'c.yml'], {
      Dockerfile: dockerfile,
      'c.yml': wrong,
    })
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('error[image-unknown]: c.yml:3:14: no public name leads to images of ghcr.io')
    expect(stderr).toContain('  3 |   b: {image: ghcr.io/a}\n    |              ^^^^^^^^^\n')
    expect(stderr).toContain('error[image-name]: c.yml:4:14: "Nginx" has capital letters in its path')
    expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe(dockerfile)
    const json = await run(['rewrite', 'c.yml', '-o', 'json'], { 'c.yml': wrong }).ended
    expect(JSON.parse(json.stdout)).toMatchObject({
      problems: [{ code: 'image-unknown', file: 'c.yml', line: 3, column: 14 }, {}],
    })
  })

  test('a difference that looks like a secret is told, and not shown', async () => {
    const stack = 'services:\n  a: {password: &image nginx, image: *image}\n'
    const { code, stdout } = await run(['rewrite', 'c.yml', '--check'], { 'c.yml': stack }).ended
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: '--- c.yml\n+++ c.yml\n(what differs looks like a secret)\n',
    })
  })

  test('a variable is a warning; the rest is rewritten', async () => {
    const { code, stdout, stderr } = await run(['rewrite', 'Dockerfile'], {
      Dockerfile: 'FROM $BASE\nFROM nginx\n',
    }).ended
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'FROM $BASE\nFROM registry.example.com/library/nginx\n',
    })
    expect(stderr).toContain('warning[image-variable]: Dockerfile:1:6: ')
  })

  test('what may be an image is a warning with its place; --check alone does not fail for it', async () => {
    const { code, stdout, stderr } = await run(['rewrite', 'm.yml', '--check'], {
      'm.yml': 'apiVersion: x/v1\nspec: {image: ubuntu}\n',
    }).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '✓ nothing would change: 1 file\n' })
    expect(stderr).toContain('warning[image-left]: m.yml:2:15: this may be the name of an image; it is left')
    expect(stderr).toContain('  hint: if it is one, write registry.example.com/library/ubuntu\n')
  })

  test.each([
    [
      ['rewrite', 'values.yml'],
      'error[unknown-file]: values.yml:1:1: cannot tell what kind of file this is\n  1 | image: {name: nginx}\n    | ^\n  hint: say it with --kind: compose,',
    ],
    [['rewrite', 'no-such'], 'error[cannot-read]: no-such: cannot read it: there is no such file'],
    [['rewrite', '-', '--write'], 'cannot write -: it is standard input'],
    [['rewrite'], "missing required argument 'path'"],
  ])('%s', async (args, message) => {
    const { code, stdout, stderr } = await run(
      args,
      { 'values.yml': 'image: {name: nginx}\n' },
      { input: 'nginx\n' },
    ).ended
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(code).toBe(message.includes('standard input') ? 1 : 3)
  })

  test('bytes that are no UTF-8 are refused, a byte order mark and CRLF stay', async () => {
    const cwd = folderWith({
      'repos.yml': config,
      'a.list': new Uint8Array([0x6e, 0xff]),
      'b.list': '\uFEFFnginx\r\n',
    })
    expect((await runCli(['rewrite', 'a.list'], { cwd })).stderr).toContain('error[not-utf8]: a.list:1:2')
    const { stdout } = await runCli(['rewrite', 'b.list', '-o', 'json'], { cwd })
    expect((JSON.parse(stdout) as { files: { text: string }[] }).files[0]?.text).toBe(
      '\uFEFFregistry.example.com/library/nginx\r\n',
    )
  })
})

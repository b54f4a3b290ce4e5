// Whom a run trusts: a protection that is off is said, and an own authority displaces no other one.
import { describe, expect, test } from 'vitest'
import { fileWith, folderWith, runCli } from '../helpers/run-cli.ts'
import { certificates, withOpenssl } from '../http/certificates.ts'
import { NEXUS } from '../http/scripted-server.ts'
import { server } from '../nexus/helpers.ts'

const YAML = 'version: 1\nblobStores: {images: {}}\n'

async function secure() {
  const { url } = await server(
    ({ path }) => ({ status: 200, headers: NEXUS, body: path.includes('/status') ? '' : [] }),
    { tls: certificates().localhost },
  )
  return url
}

const env = (url: string) => ({ NEXUS_URL: url, NEXUS_PASSWORD: 'canary-password' })
const warnings = (stderr: string) => stderr.split('\n').filter((line) => /^warning: --insecure: /.test(line))

describe.skipIf(!withOpenssl)('--insecure', () => {
  test.each([
    ['plan', '-o', 'text'],
    ['plan', '-o', 'json'],
    ['plan', '-o', 'ndjson'],
    ['plan', '-o', 'markdown', '--wait', '20s'],
    ['apply', '--dry-run'],
    ['apply', '--yes', '-o', 'json'],
    ['wait', '-o', 'json'],
  ])('%s %s %s %s %s: one warning on standard error, standard output as usual', async (...args) => {
    const url = await secure()
    const { code, stdout, stderr } = await runCli([...args, '-f', fileWith(YAML), '--insecure'], {
      env: env(url),
    })
    expect({ stderr, warned: warnings(stderr).length }).toMatchObject({ warned: 1 })
    expect(stderr).toContain(`the certificate of ${url} is not checked`)
    // Whoever waits sends none.
    expect(stderr.includes('password')).toBe(!args.includes('wait'))
    expect(stdout).not.toContain('insecure')
    expect(stdout + stderr).not.toContain('canary')
    if (args.includes('--yes')) return
    expect(code).toBe(0)
  })

  test('is an annotation in GitHub Actions, and no word without TLS', async () => {
    const args = ['plan', '-f', fileWith(YAML), '--insecure']
    const url = await secure()
    const annotated = await runCli([...args, '--annotations', 'github'], { env: env(url) })
    expect(annotated.stderr).toMatch(/^::warning .*insecure/m)
    const plain = await server(() => ({ status: 200, headers: NEXUS, body: [] }))
    const { stderr } = await runCli(args, { env: env(plain.url) })
    expect(stderr).not.toContain('insecure')
  })
})

test.skipIf(!withOpenssl)('--ca-cert adds to what NODE_EXTRA_CA_CERTS names', async () => {
  const url = await secure()
  const { ca, elsewhere } = certificates()
  const cwd = folderWith({ 'repos.yml': YAML, 'ours.pem': ca, 'other.pem': elsewhere.cert })
  const run = (extra: string | undefined, ...args: string[]) =>
    runCli(['plan', ...args], { cwd, env: { ...env(url), NODE_EXTRA_CA_CERTS: extra } })
  expect((await run(undefined, '--ca-cert', 'other.pem')).code).toBe(4)
  for (const [extra, ...args] of [
    ['ours.pem'],
    ['ours.pem', '--ca-cert', 'other.pem'],
    ['other.pem', '--ca-cert', 'ours.pem'],
    ['none.pem', '--ca-cert', 'ours.pem'],
  ] as const) {
    const { code, stderr } = await run(extra, ...args)
    expect({ extra, args, code, stderr }).toMatchObject({ code: 0 })
  }
})

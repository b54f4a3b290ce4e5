// What is rendered, for reading; the part of client-setup.sh that is always the same is read where it is written.
import { describe, expect, it } from 'vitest'
import { setupScript } from '../../../src/targets/clients/setup-script.ts'
import { edgeFor } from '../edges.ts'
import { clientTargets, render, someCertificate } from './render.ts'

const ways = {
  path: edgeFor({ routing: 'path', anonymous: true }),
  'two-hosts': edgeFor({ routing: 'two-hosts', anonymous: true }),
  'plain-namespace': edgeFor({ routing: 'namespace', hosts: { pull: 'registry.lan:8080' }, tls: undefined }),
}

describe.each(Object.entries(ways))('%s', (way, edge) => {
  it.each(clientTargets.map(({ name }) => name))('%s', async (name) => {
    const { files, notes } = render(name, edge, { caCertificates: someCertificate })
    const parts = files.map(
      (file) => `==> ${file.name}${file.executable ? ' (executable)' : ''}\n${file.text}`,
    )
    const seen = [...parts, '==> notes\n', ...notes.map((note) => `- ${note}\n`)]
      .join('')
      .replace(setupScript, '(the script)\n')
    await expect(seen).toMatchFileSnapshot(`golden/${way}/${name}.txt`)
  })
})

// What the clients' targets make of a way in, by the table that the product has.

import type { Edge } from '../../../src/edge/edge.ts'
import type { Rendered } from '../../../src/targets/contract.ts'
import { targets } from '../../../src/targets/index.ts'

export const clientTargets = targets.filter(({ group }) => group === 'client')

/** The form of a certificate, for tests that need no real one. */
export const someCertificate =
  '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n'

interface Options {
  caCertificates?: string
  from?: string[]
}

export function render(
  name: string,
  edge: Edge,
  { caCertificates, from = ['repos.yml'] }: Options = {},
): Rendered & { text: (file: string) => string } {
  const target = clientTargets.find((one) => one.name === name)
  if (!target) throw new Error(`no target ${name}`)
  const { files, notes } = target.render({
    edge,
    from,
    ...(caCertificates !== undefined && { caCertificates }),
  })
  return {
    files,
    notes,
    text(file) {
      const found = files.find((one) => one.name === file)
      if (!found) throw new Error(`no ${file} among ${files.map((one) => one.name).join(', ')}`)
      return found.text
    },
  }
}

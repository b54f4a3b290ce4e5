import { X509Certificate } from 'node:crypto'
import { readBounded } from '../../config/sources/read-bounded.ts'
import { secretPath } from '../../config/sources/secret-source.ts'
import { whyUnreadable } from '../../config/sources/unreadable.ts'
import type { Problem } from '../../core/problem.ts'
import { problemAt, spanAt } from '../../yaml/located.ts'
import { maximumPemBytes } from '../input/option-files.ts'
import type { WayIn } from '../load-way-in.ts'

/** `missing`: whoever can do without goes on. */
export type Ca = { caCertificates: string } | { missing: Problem } | Wrong

export interface Wrong {
  wrong: Problem
}

/** What the file holds that `edge.tls.ca` names, relative to the file that names it; undefined where none is named. */
export async function readCa(
  { edge, config }: Pick<WayIn, 'edge' | 'config'>,
  cwd: string,
): Promise<Ca | undefined> {
  const name = edge.tls.ends === 'plain' ? undefined : edge.tls.ca
  if (name === undefined) return undefined
  const path = ['edge', 'tls', 'ca']
  const problem = (message: string, hint: string) =>
    problemAt(config.root, path, { code: 'edge-ca', message, hint })
  try {
    const bytes = await readBounded(secretPath(name, spanAt(config.root, path).file, cwd), maximumPemBytes)
    const found = certificatesIn(bytes.toString('latin1'))
    return 'caCertificates' in found ? found : { wrong: problem(`${name} ${found.why}`, found.hint) }
  } catch (error) {
    const hint = 'put the certificate of the CA there, beside this file, or leave ca out'
    return { missing: problem(`${name} ${whyUnreadable(error)}`, hint) }
  }
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g

/** What stands around the blocks of a PEM file is left out. */
function certificatesIn(text: string): { caCertificates: string } | { why: string; hint: string } {
  const blocks = [...text.matchAll(block)]
  if (/PRIVATE KEY-----/.test(text))
    return {
      why: 'holds a private key',
      hint: 'name a file with the certificate alone, and keep the key away',
    }
  const isCertificate = ([whole, label]: RegExpMatchArray) => label === 'CERTIFICATE' && isX509(whole)
  if (blocks.length === 0 || !blocks.every(isCertificate))
    return { why: 'is no certificate in PEM', hint: 'its lines begin with -----BEGIN CERTIFICATE-----' }
  return { caCertificates: blocks.map(([whole]) => `${whole.replaceAll('\r', '')}\n`).join('') }
}

function isX509(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

import type { Edge } from '../../edge/edge.ts'

interface Certificate {
  /** Paths on the machine of the front; '' where TLS does not end there. */
  certificate: string
  key: string
  /** The folder that the certificate authority asks for on port 80. */
  webRoot?: string
  notes: string[]
}

/** What the file names; with ACME what certbot makes, in the web root that Debian's nginx and Apache share. */
export function certificateOf({ tls, sites }: Edge, service: string): Certificate {
  if (!('acme' in tls)) return { certificate: '', key: '', notes: [], ...tls }
  const hosts = [...new Set(sites.map(({ host }) => host))]
  const folder = `/etc/letsencrypt/live/${hosts[0]}`
  const webRoot = '/var/www/html'
  const email = tls.acme.email === undefined ? '' : ` --email ${tls.acme.email}`
  const names = `--cert-name ${hosts[0]} -d ${hosts.join(' -d ')}`
  const command = `certbot certonly --webroot -w ${webRoot} ${names}${email} --deploy-hook 'systemctl reload ${service}'`
  const notes = [`Get the certificate first, ${service} does not start without it: ${command}`]
  return { certificate: `${folder}/fullchain.pem`, key: `${folder}/privkey.pem`, webRoot, notes }
}

import type { Command } from 'commander'
import { collect, output } from './common-options.ts'

export function initCommand(program: Command): Command {
  return program
    .command('init')
    .description('ask a handful of questions and write the file')
    .option('--template <name>', 'start from a template that comes with the package; list shows them')
    .option('--from <file>', 'start from the answers in an existing file, or none')
    .option('-y, --yes', 'use the default answers and the flags, ask nothing')
    .option('--out <file>', 'the file to write, - for standard output', 'repos.yml')
    .option('--force', 'replace an existing file')
    .option('--offline', 'do not contact the server')
    .option('--url <url>', 'address of Nexus (NEXUS_URL)')
    .option('--private-images <yes|no>', 'whether you push images of your own')
    .option('--upstreams <names>', 'registries to cache, separated by commas, or none')
    .option(
      '--registry <name=url>',
      'another registry to cache, with the name of its repository; repeatable',
      collect,
    )
    .option('--anonymous-pull <yes|no>', 'whether everybody may pull without signing in')
    .option('--port <repository=port>', 'port of a repository; repeatable', collect)
    .option('--routing <how>', 'ports, single-port (Pro) or path (Nexus 3.83)')
    .option('--host <name>', 'public name of the reverse proxy in front of Nexus, or none')
    .option('--push-host <name>', 'name for pushes (default: push.<name>)')
    .option(
      '--tls <where>',
      'where TLS ends: acme, further-out (a load balancer), none, or CERTIFICATE,KEY (default: below /etc/ssl)',
    )
    .option('--proxy <host:port>', 'HTTP proxy that Nexus uses for the internet, or none')
    .option('--proxy-username <name>', 'user name for the proxy; the password is NEXUS_PROXY_PASSWORD')
    .option('--proxy-exclude <hosts>', 'hosts that Nexus reaches without the proxy, or none')
    .option('--blob-store <name>', "blob store for the images, or Nexus's default")
    .option('--quota <size>', 'warn when less than this is free, or none')
    .option('--initial-password <where>', 'where the initial admin password is: file:PATH, env:NAME or none')
    .option('--accept-eula', "you accept Community Edition's licence agreement (EULA)")
    .addOption(output('text', 'json'))
}

import { type Command, Option } from 'commander'
import { annotations, collect, connectionOptions, fileOption, output, waitFirst } from './common-options.ts'
import { parseLayerSize } from './option-values.ts'

export function verifyCommand(program: Command): Command {
  return probeOptions(connectionOptions(fileOption(program.command('verify')), { signsIn: true }))
    .description(
      'prove that the registries of the file serve: log in, push, pull, refuse; changes no settings',
    )
    .addOption(output('text', 'json', 'markdown', 'junit'))
    .addOption(waitFirst())
    .addOption(annotations())
}

function probeOptions(command: Command): Command {
  return command
    .option('--read-only', 'push nothing: only log in and pull')
    .option('--only <repository...>', 'only these repositories of the file')
    .option('--as <user>', 'log in to the registry as another user; the password is NEXUS_AS_PASSWORD')
    .option('--as-password-file <path>', "file with that user's password")
    .option('--as-password-stdin', "read that user's password from standard input")
    .option(
      '--through [address]',
      'ask by the public names of edge:, at this address of the reverse proxy if they do not lead there yet',
    )
    .option(
      '--endpoint <repository=url>',
      'the public address of a repository, through the reverse proxy; repeatable',
      collect,
    )
    .option(
      '--image <repository=image>',
      'an image to pull through a proxy repository, e.g. hub=library/alpine:3; repeatable',
      collect,
    )
    .addOption(
      new Option(
        '--layer-size <size>',
        'size of the layer that is pushed (default: tiny, 1.25MiB through a reverse proxy)',
      ).argParser(parseLayerSize),
    )
}

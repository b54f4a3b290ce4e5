import { type Command, Option } from 'commander'
import { connectionOptions, fileOption, output } from './common-options.ts'
import { parseDuration } from './option-values.ts'

export function waitCommand(program: Command): Command {
  return connectionOptions(fileOption(program.command('wait')), { signsIn: false })
    .description('wait until the server accepts writes; needs no credentials')
    .addOption(
      new Option('--for <duration>', 'how long to wait at most')
        .argParser(parseDuration)
        .default(300_000, '5m'),
    )
    .addOption(output('text', 'json', 'ndjson'))
}

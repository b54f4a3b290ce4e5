import { type Command, Option } from 'commander'
import { collect, output } from './common-options.ts'
import { parseMilliseconds, parsePort } from './option-values.ts'

const editions = ['core', 'oss', 'community', 'pro']

export function sandboxCommand(program: Command): Command {
  return program
    .command('sandbox')
    .description('run the built-in Nexus look-alike to try files against')
    .option('--port <port>', 'port, 0 for any free one', parsePort, 8081)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--connector-offset <number>', 'added to the ports of repositories', parsePort, 0)
    .option('--nexus-version <version>', 'the version to behave as', '3.90.0')
    .addOption(new Option('--edition <edition>', 'the edition to behave as').choices(editions))
    .addOption(
      new Option(
        '--database <kind>',
        'the database to behave as (default: orient before 3.71, h2 from then on)',
      ).choices(['h2', 'orient']),
    )
    .addOption(
      new Option('--state <state>', 'ready: admin/admin123; fresh: as on the first start')
        .choices(['ready', 'fresh'])
        .default('ready'),
    )
    .option('--latency <ms>', 'milliseconds added to every answer', parseMilliseconds, 0)
    .option('--record <file>', 'write every exchange to a file, secrets masked')
    .option(
      '--fault <spec>',
      'answer wrongly on purpose, e.g. "503 POST /service/rest/v1/repositories/* 1"; repeatable',
      collect,
    )
    .option('--context-path <path>', 'context path, e.g. /nexus')
    .addOption(output('text', 'json'))
}

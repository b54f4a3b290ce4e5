import { type Command, Option } from 'commander'
import { annotations, connectionOptions, fileOption, output, waitFirst } from './common-options.ts'

export function planCommand(program: Command): Command {
  return planOptions(program.command('plan').alias('diff'))
    .description('show what apply would change; writes nothing')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
}

export function applyCommand(program: Command): Command {
  return planOptions(program.command('apply'))
    .description('make the server match the file; a second run changes nothing')
    .option('--dry-run', 'only show the plan')
    .option('--detailed-exitcode', 'with --dry-run: end with 2 when there are changes')
    .option('-y, --yes', 'do not ask; needed for changes where nobody can be asked')
    .addOption(
      new Option('--verify', 'then prove that the registries serve, as verify does').conflicts('dryRun'),
    )
}

function planOptions(command: Command): Command {
  return connectionOptions(fileOption(command), { signsIn: true })
    .addOption(output('text', 'json', 'markdown', 'ndjson'))
    .addOption(waitFirst())
    .option('--sandbox [version]', 'use a throw-away sandbox instead of a server, e.g. --sandbox 3.77.0')
    .option('--rotate-secrets', 'send every secret again: Nexus never shows whether one changed')
    .addOption(annotations())
}

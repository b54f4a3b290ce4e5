import type { Command } from 'commander'
import { annotations, fileOption, output } from './common-options.ts'

export function validateCommand(program: Command): Command {
  return fileOption(program.command('validate'))
    .description('check the file; needs no server and no secrets')
    .addOption(output('text', 'json'))
    .addOption(annotations())
}

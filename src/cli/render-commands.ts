import type { Command } from 'commander'
import { fileOption, output } from './common-options.ts'

export function renderCommand(program: Command): Command {
  return fileOption(program.command('render'))
    .description('write the configuration of what stands in front of Nexus, or of a client, from the file')
    .argument('[target]', 'nginx, docker, … ; left out: lists them')
    .option('--out <folder>', 'write the files there; - for standard output', '-')
    .option('--check', 'write nothing: end with 2 and the difference when the files in --out differ')
    .addOption(output('text', 'json'))
}

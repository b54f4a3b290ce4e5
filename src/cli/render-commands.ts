import { type Command, Option } from 'commander'
import { fileOption, output } from './common-options.ts'

export function renderCommand(program: Command): Command {
  return fileOption(program.command('render'))
    .description('write the configuration of what stands in front of Nexus, or of a client, from the file')
    .argument('[target]', 'nginx, docker, … ; left out: lists them')
    .option('--out <folder>', 'write the files there; - for standard output', '-')
    .option('--check', 'write nothing: end with 2 and the difference when the files in --out differ')
    .addOption(output('text', 'json'))
}

export function imageCommand(program: Command): Command {
  return fileOption(program.command('image'))
    .description('say under which name an image is pulled through the registries of the file, and pushed')
    .argument('<reference...>', 'images: nginx:1.29, quay.io/prometheus/busybox')
    .addOption(output('text', 'json'))
}

export function rewriteCommand(program: Command): Command {
  return fileOption(program.command('rewrite'))
    .description('give the images in files the names under which they are pulled through the registries')
    .argument(
      '<path...>',
      'compose files, Kubernetes manifests, Dockerfiles, lists; folders with YAML; - for standard input',
    )
    .addOption(
      new Option('--kind <kind>', 'what kind of file it is (default: by what is in it)').choices([
        'compose',
        'kubernetes',
        'dockerfile',
        'list',
      ]),
    )
    .option('--write', 'change the files (default: one file to standard output)')
    .option('--check', 'write nothing: end with 2 and the difference when images would change')
    .addOption(output('text', 'json'))
}

import { type Command, Option } from 'commander'

export function renderOptions(command: Command): Command {
  return command
    .description('write the configuration of what stands in front of Nexus, or of a client, from the file')
    .argument('[target]', 'nginx, docker, … ; left out: lists them')
    .option('--out <folder>', 'write the files there; - for standard output', '-')
    .option('--check', 'write nothing: end with 2 and the difference when the files in --out differ')
}

export function imageOptions(command: Command): Command {
  return command
    .description('say under which name an image is pulled through the registries of the file, and pushed')
    .argument('<reference...>', 'images: nginx:1.29, quay.io/prometheus/busybox')
}

export function rewriteOptions(command: Command): Command {
  return command
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
}

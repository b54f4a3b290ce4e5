import { type Command, Option } from 'commander'
import { parseAnswerSize, parseDuration, parseParallelism, parseTimeout } from './option-values.ts'

/** Repeated options become a list. */
export function collect(value: string, list: string[] | undefined): string[] {
  return [...(list ?? []), value]
}

export function fileOption(command: Command): Command {
  return command.option(
    '-f, --file <path>',
    'file, directory or - for standard input; repeat to overlay (default: nexus-docker.yml or repos.yml here, or above in a git checkout)',
    collect,
  )
}

/** Whoever waits does not sign in. It takes the options all the same: scripts give the same ones to every command. */
export function connectionOptions(command: Command, { signsIn }: { signsIn: boolean }): Command {
  const forSignIn = (flags: string, description: string) => new Option(flags, description).hideHelp(!signsIn)
  return command
    .option('--url <url>', 'base URL of Nexus, context path included (NEXUS_URL)')
    .addOption(forSignIn('--username <name>', 'user (NEXUS_USERNAME)'))
    .addOption(forSignIn('--password-file <path>', 'file with the password (NEXUS_PASSWORD_FILE)'))
    .addOption(forSignIn('--password-stdin', 'read the password from standard input'))
    .option('--ca-cert <path>', 'PEM file with an additional authority to trust (NEXUS_CA_CERT)')
    .option('--client-cert <path>', 'PEM file with the client certificate')
    .option('--client-key <path>', "PEM file with the client certificate's key")
    .option('--insecure', 'accept any server certificate, with a warning: for tests only')
    .addOption(
      new Option('--timeout <duration>', 'time limit for one request, from connecting to the last byte')
        .argParser(parseTimeout)
        .default(30_000, '30s'),
    )
    .addOption(
      new Option('--max-answer <size>', 'size limit for one answer, decompressed')
        .argParser(parseAnswerSize)
        .default(32 * 1024 ** 2, '32MiB'),
    )
    .option('-v, --verbose', 'show each request with its status and time')
    .option('--debug', 'show bodies too; secrets are masked')
    .addOption(
      new Option('--parallelism <n>', 'requests in parallel')
        .argParser(parseParallelism)
        .default(10)
        // Waiting asks one thing at a time.
        .hideHelp(!signsIn),
    )
}

export function output(...formats: string[]): Option {
  return new Option('-o, --output <format>', 'output format').choices(formats).default('text')
}

export function waitFirst(): Option {
  return new Option('--wait <duration>', 'first wait until the server is ready, e.g. 5m').argParser(
    parseDuration,
  )
}

export function annotations(): Option {
  return new Option(
    '--annotations <kind>',
    'also print problems as annotations (default: github in GitHub Actions)',
  ).choices(['github', 'none'])
}

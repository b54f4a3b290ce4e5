import { Command, CommanderError, Option } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import {
  parseAnswerSize,
  parseDuration,
  parseLayerSize,
  parseMilliseconds,
  parseParallelism,
  parsePort,
  parseTimeout,
} from './cli/option-values.ts'
import { imageOptions, renderOptions, rewriteOptions } from './cli/render-commands.ts'
import { bugReport, type ExitCode } from './core/errors.ts'
import { harmlessLines, printable } from './core/printable.ts'
import { joinStretches, MASK, masked } from './core/secrets/redact.ts'
import { urlCredentials } from './core/secrets/url-credentials.ts'
import type { GuardFlags } from './run/guard.ts'
import type { Terminal } from './ui/terminal.ts'

/** Runs the program and ends the process, whatever still holds it: a socket, a timer, a pipe that nobody writes to. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = watchOutput()
  const exitCode = await run(argv).catch((error: unknown) => {
    const trace = argv.includes('--debug') && error instanceof Error ? error.stack : undefined
    process.stderr.write(`${bugReport(trace ?? String(error))}\n`)
    return 1
  })
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(output.lost && exitCode === 0 ? 1 : exitCode)
}

async function run(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = createProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // commander has printed help, version or its complaint already.
    exitCode = error.exitCode === 0 ? 0 : 3
  }
  return exitCode
}

/** `--help | head -1` stops reading early, which is no error of ours; a disk that is full is one, and does not end what is under way. */
function watchOutput(): { lost: boolean } {
  const output = { lost: false }
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return
    if (!output.lost) process.stderr.write(`error: standard output cannot be written (${code})\n`)
    output.lost = true
  })
  return output
}

/** Everything is written, or was lost and told so. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.destroyed) await new Promise((resolve) => stream.write('', resolve))
  // The event that tells comes after the answer to the write.
  await new Promise(setImmediate)
}

/** `words`: the arguments that are no options. */
type Run<Flags> = (flags: Flags, terminal: Terminal, words: readonly string[]) => Promise<ExitCode>

/** What commander calls: loads a command, runs it, and says how it ended. */
function actionsThat(end: (code: ExitCode) => void) {
  return <Flags>(load: () => Promise<Run<Flags>>) =>
    async (...given: unknown[]) => {
      const { guarded } = await import('./run/guard.ts')
      const command = given.at(-1) as Command
      const flags = command.opts<Flags & GuardFlags>()
      const work = async (terminal: Terminal) => (await load())(flags, terminal, command.args)
      end(await guarded(flags, work))
    }
}

/** Commands are imported when they run: `--version` and `--help` load commander alone. */
function createProgram(end: (code: ExitCode) => void): Command {
  const action = actionsThat(end)
  const program = new Command('nexus-docker')
    .description('One YAML file becomes a working private Docker registry on Sonatype Nexus Repository 3.')
    .version(packageJson.version, '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: (complaint, write) => write(shownComplaint(complaint)) })
    .showSuggestionAfterError()
    .addHelpText('after', footer)

  initCommand(program).action(action(async () => (await import('./commands/init.ts')).init))

  planOptions(connectionOptions(fileOption(program.command('plan').alias('diff')), { signsIn: true }))
    .description('show what apply would change; writes nothing')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
    .action(action(async () => (await import('./commands/plan.ts')).plan))

  planOptions(connectionOptions(fileOption(program.command('apply')), { signsIn: true }))
    .description('make the server match the file; a second run changes nothing')
    .option('--dry-run', 'only show the plan')
    .option('--detailed-exitcode', 'with --dry-run: end with 2 when there are changes')
    .option('-y, --yes', 'do not ask; needed for changes where nobody can be asked')
    .addOption(
      new Option('--verify', 'then prove that the registries serve, as verify does').conflicts('dryRun'),
    )
    .action(action(async () => (await import('./commands/apply.ts')).apply))

  fileOption(program.command('validate'))
    .description('check the file; needs no server and no secrets')
    .addOption(output('text', 'json'))
    .addOption(annotations())
    .action(action(async () => (await import('./commands/validate.ts')).validate))

  probeOptions(connectionOptions(fileOption(program.command('verify')), { signsIn: true }))
    .description(
      'prove that the registries of the file serve: log in, push, pull, refuse; changes no settings',
    )
    .addOption(output('text', 'json', 'markdown', 'junit'))
    .addOption(annotations())
    .action(action(async () => (await import('./commands/verify.ts')).verify))

  renderOptions(fileOption(program.command('render')))
    .addOption(output('text', 'json'))
    .action(action(async () => (await import('./commands/render.ts')).render))

  imageOptions(fileOption(program.command('image')))
    .addOption(output('text', 'json'))
    .action(action(async () => (await import('./commands/image.ts')).image))

  rewriteOptions(fileOption(program.command('rewrite')))
    .addOption(output('text', 'json'))
    .action(action(async () => (await import('./commands/rewrite.ts')).rewrite))

  connectionOptions(fileOption(program.command('wait')), { signsIn: false })
    .description('wait until the server accepts writes; needs no credentials')
    .addOption(
      new Option('--for <duration>', 'how long to wait at most')
        .argParser(parseDuration)
        .default(300_000, '5m'),
    )
    .addOption(output('text', 'json', 'ndjson'))
    .action(action(async () => (await import('./commands/wait.ts')).wait))

  sandboxCommand(program).action(action(async () => (await import('./commands/sandbox.ts')).sandbox))
  return program
}

/** commander's own complaints quote the command line: on one line, without what `--password=…` or an address gives away. */
function shownComplaint(complaint: string): string {
  const [suggestion = ''] = /\n\(Did you mean [^\n]*\)\s*$/.exec(complaint) ?? []
  const sentence = printable(complaint.slice(0, complaint.length - suggestion.length).trimEnd())
    .replace(
      /^error: too many arguments for '(\w+)'\. Expected 0 .*$/,
      'error: $1 takes only options: nexus-docker $1 --help lists them',
    )
    .replace(/(?<=unknown option '--?[^=']*=).*(?='$)/, () => MASK)
  const shown = masked(sentence, joinStretches(urlCredentials(sentence)))
  return harmlessLines(`${shown}${suggestion.trimEnd()}\n`, { colours: false })
}

const footer = `
Exit codes:
  0    done, or no drift
  1    any other error, or you answered no
  2    drift (plan --detailed-exitcode), or a check failed (verify)
  3    wrong file or option, or --yes is missing where nobody can be asked
  4    not reachable, not ready or not authorised
  5    not everything was done, or the server did not store it; run again to continue
  130  interrupted

Environment: NEXUS_URL, NEXUS_USERNAME, NEXUS_PASSWORD, NEXUS_PASSWORD_FILE,
NEXUS_AS_PASSWORD, NEXUS_CA_CERT, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, NO_COLOR,
FORCE_COLOR. Flags override the environment, the environment overrides the file.

Try it without a server: nexus-docker apply -f repos.yml --sandbox`

/** Repeated options become a list. */
function collect(value: string, list: string[] | undefined): string[] {
  return [...(list ?? []), value]
}

function fileOption(command: Command): Command {
  return command.option(
    '-f, --file <path>',
    'file, directory or - for standard input; repeat to overlay (default: nexus-docker.yml or repos.yml here, or above in a git checkout)',
    collect,
  )
}

/** Whoever waits does not sign in. It takes the options all the same: scripts give the same ones to every command. */
function connectionOptions(command: Command, { signsIn }: { signsIn: boolean }): Command {
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

function planOptions(command: Command): Command {
  return command
    .addOption(output('text', 'json', 'markdown', 'ndjson'))
    .option('--wait <duration>', 'first wait until the server is ready, e.g. 5m', parseDuration)
    .option('--sandbox [version]', 'use a throw-away sandbox instead of a server, e.g. --sandbox 3.77.0')
    .option('--rotate-secrets', 'send every secret again: Nexus never shows whether one changed')
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
        'size of the layer that is pushed (default: tiny, 1.25MiB through an --endpoint)',
      ).argParser(parseLayerSize),
    )
}

function output(...formats: string[]): Option {
  return new Option('-o, --output <format>', 'output format').choices(formats).default('text')
}

function annotations(): Option {
  return new Option(
    '--annotations <kind>',
    'also print problems as annotations (default: github in GitHub Actions)',
  ).choices(['github', 'none'])
}

const editions = ['core', 'oss', 'community', 'pro']

function sandboxCommand(program: Command): Command {
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

function initCommand(program: Command): Command {
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
    .option('--proxy <host:port>', 'HTTP proxy that Nexus uses for the internet, or none')
    .option('--proxy-username <name>', 'user name for the proxy; the password is NEXUS_PROXY_PASSWORD')
    .option('--proxy-exclude <hosts>', 'hosts that Nexus reaches without the proxy, or none')
    .option('--blob-store <name>', "blob store for the images, or Nexus's default")
    .option('--quota <size>', 'warn when less than this is free, or none')
    .option('--initial-password <where>', 'where the initial admin password is: file:PATH, env:NAME or none')
    .option('--accept-eula', "you accept Community Edition's licence agreement (EULA)")
    .addOption(output('text', 'json'))
}

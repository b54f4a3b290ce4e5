import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { shownComplaint } from './cli/complaint.ts'
import { initCommand } from './cli/init-command.ts'
import { applyCommand, planCommand } from './cli/plan-commands.ts'
import { imageCommand, renderCommand, rewriteCommand } from './cli/render-commands.ts'
import { sandboxCommand } from './cli/sandbox-command.ts'
import { validateCommand } from './cli/validate-command.ts'
import { verifyCommand } from './cli/verify-command.ts'
import { waitCommand } from './cli/wait-command.ts'
import type * as Commands from './commands.ts'
import { bugReport, type ExitCode } from './core/errors.ts'
import type { GuardFlags } from './run/guard.ts'
import type { Terminal } from './ui/terminal.ts'

/**
 * Runs the program and ends the process, whatever still holds it: a socket, a timer, a pipe that nobody writes to.
 * `load` reads the commands: all of the program but the command line. It is called when one of them runs.
 */
export async function main(argv: readonly string[], load: () => typeof Commands): Promise<void> {
  const output = watchOutput()
  const exitCode = await run(argv, load).catch((error: unknown) => {
    const trace = argv.includes('--debug') && error instanceof Error ? error.stack : undefined
    process.stderr.write(`${bugReport(trace ?? String(error))}\n`)
    return 1
  })
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(output.lost && exitCode === 0 ? 1 : exitCode)
}

async function run(argv: readonly string[], load: () => typeof Commands): Promise<number> {
  let exitCode = 0
  const program = createProgram(load, (code) => {
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

function createProgram(load: () => typeof Commands, end: (code: ExitCode) => void): Command {
  const action =
    <Flags>(choose: (commands: typeof Commands) => Promise<Run<Flags>>) =>
    async (...given: unknown[]) => {
      const commands = load()
      const command = given.at(-1) as Command
      const flags = command.opts<Flags & GuardFlags>()
      const work = async (terminal: Terminal) => (await choose(commands))(flags, terminal, command.args)
      end(await commands.guarded(flags, work))
    }
  const program = new Command('nexus-docker')
    .description('One YAML file becomes a working private Docker registry on Sonatype Nexus Repository 3.')
    .version(packageJson.version, '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: (complaint, write) => write(shownComplaint(complaint)) })
    .showSuggestionAfterError()
    .addHelpText('after', footer)

  initCommand(program).action(action((commands) => commands.init()))
  planCommand(program).action(action((commands) => commands.plan()))
  applyCommand(program).action(action((commands) => commands.apply()))
  validateCommand(program).action(action((commands) => commands.validate()))
  verifyCommand(program).action(action((commands) => commands.verify()))
  renderCommand(program).action(action((commands) => commands.render()))
  imageCommand(program).action(action((commands) => commands.image()))
  rewriteCommand(program).action(action((commands) => commands.rewrite()))
  waitCommand(program).action(action((commands) => commands.wait()))
  sandboxCommand(program).action(action((commands) => commands.sandbox()))
  return program
}

const footer = `
Exit codes:
  0    done, or no drift
  1    any other error, or you answered no
  2    drift (plan --detailed-exitcode, render and rewrite --check), or a check failed (verify)
  3    wrong file or option, or --yes is missing where nobody can be asked
  4    not reachable, not ready or not authorised
  5    not everything was done, or the server did not store it; run again to continue
  130  interrupted

Environment: NEXUS_URL, NEXUS_USERNAME, NEXUS_PASSWORD, NEXUS_PASSWORD_FILE,
NEXUS_AS_PASSWORD, NEXUS_CA_CERT, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, NO_COLOR,
FORCE_COLOR. Flags override the environment, the environment overrides the file.

Try it without a server: nexus-docker apply -f repos.yml --sandbox`

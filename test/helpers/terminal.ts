// Runs the built CLI in a pseudo-terminal of a given size. Python has the system call that Node lacks.
import { spawn, spawnSync } from 'node:child_process'
import { program } from './program.ts'
import { screenOf } from './screen.ts'

/** argv: columns, rows, program, arguments. Standard input: one JSON a line, `{"keys"}`, `{"signal"}` or `{"columns","rows"}`. */
const relay = `
import fcntl, json, os, pty, select, signal, struct, sys, termios
size = lambda columns, rows: struct.pack('HHHH', rows, columns, 0, 0)
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, size(int(sys.argv[1]), int(sys.argv[2])))
    os.execvp(sys.argv[3], sys.argv[3:])
waiting, sources = b'', [fd, 0]
while True:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b''
        if source == fd:
            if not data:
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
            os.write(1, data)
            continue
        if not data:
            sources = [fd]
        waiting += data
        *lines, waiting = waiting.split(b'\\n')
        for line in lines:
            order = json.loads(line)
            if 'keys' in order:
                os.write(fd, order['keys'].encode())
            elif 'signal' in order:
                os.kill(pid, signal.Signals[order['signal']])
            else:
                fcntl.ioctl(fd, termios.TIOCSWINSZ, size(order['columns'], order['rows']))
`

export const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0

export interface TerminalSession {
  /** Types. Ctrl-C is \`\\x03\`. */
  type(keys: string): void
  resize(columns: number, rows: number): void
  signal(name: NodeJS.Signals): void
  /** The terminal is gone, as when its window is closed or the connection to it is lost. */
  hangUp(): void
  /** Everything that the terminal got so far. */
  raw(): string
  /** Waits until a text is in what the terminal got. */
  shows(text: string | RegExp): Promise<void>
  /** The exit code, once it has ended. */
  ended: Promise<number | null>
}

export interface TerminalOptions {
  env?: Record<string, string>
  columns?: number
  rows?: number
  cwd?: string
  /** For the shell: `< /dev/null`. Without it all streams are the terminal. */
  redirect?: string
  /** Started by a shell that stays: Ctrl-Z stops it, `[stopped]` is printed, and Enter continues it. */
  jobs?: boolean
}

/** Starts the CLI in a terminal of 80 × 24, or another size. Nothing of this process's environment but PATH is passed on. */
export function startInTerminal(args: readonly string[], options: TerminalOptions = {}): TerminalSession {
  const { env, columns = 80, rows = 24, cwd, redirect = '', jobs = false } = options
  const child = spawn(
    'python3',
    [
      '-c',
      relay,
      String(columns),
      String(rows),
      'sh',
      ...(jobs
        ? ['-mc', `"$@"; echo '[stopped]'; read -r enter; fg > /dev/null`]
        : ['-c', `exec "$@" ${redirect}`]),
      'sh',
      process.execPath,
      ...program,
      ...args,
    ],
    {
      cwd,
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 180_000,
    },
  )
  let raw = ''
  let look: () => void = () => undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    look()
  })
  child.stdin.on('error', () => undefined)
  const order = (what: object) => child.stdin.write(`${JSON.stringify(what)}\n`)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const shows = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if (typeof text === 'string' ? raw.includes(text) : text.test(raw)) resolve()
      }
      look()
      const missing = () => reject(new Error(`never shown: ${String(text)}\n${screenOf(raw, columns)}`))
      void ended.then(missing, reject)
    })
  return {
    type: (keys) => order({ keys }),
    resize: (width, height) => order({ columns: width, rows: height }),
    signal: (name) => order({ signal: name }),
    hangUp: () => void child.kill('SIGKILL'),
    raw: () => raw,
    shows,
    ended,
  }
}

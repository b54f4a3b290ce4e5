import { createHash, randomBytes } from 'node:crypto'

/** Who pushes: another run on the same machine is told apart by its process. */
export interface Self {
  host: string
  pid: number
  /** Milliseconds since 1970. */
  now: number
  isAlive: (pid: number) => boolean
}

/** Of another machine nobody knows whether its run still goes on. */
const OTHERS_MS = 3_600_000

/** `run-<host>-<pid>-<time>-<random>`: says whose it is. */
export function newTag({ host, pid, now }: Self): string {
  return `run-${hostMark(host)}-${pid}-${now.toString(36)}-${randomBytes(4).toString('hex')}`
}

/** Whether a tag is what a run left that has ended: its process is gone, or on another machine it would have ended long ago. */
export function isLeftover(tag: string, { host, pid, now, isAlive }: Self): boolean {
  const [, mark, process, time] = /^run-([\da-f]{8})-(\d+)-([\da-z]+)-[\da-f]{8}$/.exec(tag) ?? []
  if (mark === undefined) return false
  if (now - Number.parseInt(time ?? '', 36) > OTHERS_MS) return true
  return mark === hostMark(host) && Number(process) !== pid && !isAlive(Number(process))
}

function hostMark(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8)
}

// What survives a restart, and where the first password comes from (nexus-api section 5).
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FirstPassword } from './kernel/fresh-state.ts'
import type { Profile } from './kernel/profile.ts'
import type { State } from './kernel/state.ts'

/** The folder of a sandbox: the one that is given is kept, and the next sandbox on it goes on; else one that goes with the sandbox. */
export function openDataDirectory(given: string | undefined) {
  const folder = given ?? join(tmpdir(), `nexus-docker-sandbox-${randomUUID()}`)
  const passwordFile = join(folder, 'admin.password')
  const stateFile = join(folder, 'sandbox.json')
  return {
    folder,
    /**
     * The password that the first start gives to admin, and its file. As StaticSecurityConfigurationSource decides:
     * NEXUS_SECURITY_INITIAL_PASSWORD, an existing file's content as it is (line break included), `admin123` where random
     * passwords are off, else a UUID without a line break in a new file.
     */
    firstPassword(profile: Profile, initialPassword: string | undefined): FirstPassword {
      if (initialPassword !== undefined) return { password: initialPassword }
      if (existsSync(passwordFile))
        return { password: readFileSync(passwordFile, 'utf8'), file: passwordFile }
      if (!profile.property('nexus.security.randompassword')) return { password: 'admin123' }
      const password = randomUUID()
      mkdirSync(folder, { recursive: true })
      writeFileSync(passwordFile, password, { mode: 0o600 })
      return { password, file: passwordFile }
    },
    /** What an earlier run left; undefined on the first start. */
    read(): State | undefined {
      if (!existsSync(stateFile)) return undefined
      const kept = JSON.parse(readFileSync(stateFile, 'utf8')) as State
      // sessions and failed sign-ins are in a server's memory alone
      return { ...kept, phase: 'running', sessions: new Map(), signInFailures: new Map() }
    },
    /** The server has ended: what it knows is kept, or nothing is left. */
    end(state: State): void {
      if (given === undefined) rmSync(folder, { recursive: true, force: true })
      else {
        mkdirSync(folder, { recursive: true })
        // Whole or not at all: half a file would keep the next one from starting.
        writeFileSync(`${stateFile}.new`, JSON.stringify(state))
        renameSync(`${stateFile}.new`, stateFile)
      }
    },
  }
}

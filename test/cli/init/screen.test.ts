// What the wizard leaves on a terminal that gets another size, or a shell back.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../src/core/display-width.ts'
import { folderWith } from '../../helpers/run-cli.ts'
import { cursorIsShown, screenOf } from '../../helpers/screen.ts'
import { hasPython, startInTerminal, type TerminalSession } from '../../helpers/terminal.ts'

const clear = '\u001B[2J'

/** Waits until something has come that was not there before, and returns what has come since. */
async function since(session: TerminalSession, from: number, text: string): Promise<string> {
  await session.shows(
    new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
  )
  return session.raw().slice(from)
}

/** Gives the terminal another width; what is on it then, once the question has been drawn twice (a key, and back). */
async function resized(session: TerminalSession, columns: number, last: string): Promise<string> {
  const from = session.raw().length
  session.resize(columns, 24)
  await since(session, from, clear)
  await session.shows(new RegExp(`^[\\s\\S]{${from}}[\\s\\S]*(?:${last}[\\s\\S]*){2}`))
  const raw = session.raw()
  return screenOf(raw.slice(raw.lastIndexOf(clear) + clear.length), columns)
}

/** Each line fits, and the question is there once. */
function expectClean(screen: string, columns: number, question: string): void {
  expect(screen.replaceAll(/\s/g, '').split(question.replaceAll(/\s/g, ''))).toHaveLength(2)
  for (const line of screen.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
}

describe.skipIf(!hasPython)('another width', () => {
  it.each([40, 120])(
    '%d columns: the question is drawn once, with what was chosen and typed so far',
    async (columns) => {
      const cwd = folderWith({})
      const session = startInTerminal(['init', '--offline'], { cwd })
      await session.shows('What is the address of Nexus?')
      session.type('http://n')
      await session.shows('http://n')
      const text = await resized(session, columns, 'http://n')
      expectClean(text, columns, 'What is the address of Nexus?')
      expect(text).toContain('http://n')
      session.type('exus\r')
      await session.shows('Will you push')
      session.type('\r')
      await session.shows('Another registry')
      let from = session.raw().length
      session.type(' ')
      await since(session, from, 'Docker Hub')
      const list = await resized(session, columns === 40 ? 80 : 50, 'Another registry')
      expectClean(list, columns === 40 ? 80 : 50, 'Which registries should it cache?')
      expect(list).toContain('◯ Docker Hub')
      expect(list).toContain('◉ quay.io (Red Hat)')
      for (const next of [
        'Who may pull',
        'How do clients',
        'Public host name',
        'Does Nexus reach',
        'Where are the images',
        'Has the',
        'Write repos.yml?',
      ]) {
        from = session.raw().length
        session.type('\r')
        await since(session, from, next)
      }
      session.type('\r')
      expect(await session.ended).toBe(0)
      expect(cursorIsShown(session.raw())).toBe(true)
      const written = readFileSync(join(cwd, 'repos.yml'), 'utf8')
      expect(written).toContain('http://nexus}')
      expect(written).not.toContain('upstream: docker-hub')
    },
  )
})

describe.skipIf(!hasPython)('40 columns', () => {
  const columns = 40
  const linesOf = async (args: string[]) => {
    const session = startInTerminal(args, { cwd: folderWith({}), columns })
    await session.ended
    return screenOf(session.raw(), columns).split('\n')
  }

  it('breaks an error and its hint between words', async () => {
    const lines = await linesOf(['plan'])
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
    const text = lines.map((line) => line.trim()).join(' ')
    expect(text).toContain(
      'error: there is no nexus-docker.yml, nexus-docker.yaml, repos.yml, repos.yaml here',
    )
    expect(text).toContain('nexus-docker init')
  })

  it('breaks no command that is to be typed next', async () => {
    const lines = await linesOf(['init', '--yes', '--offline'])
    expect(lines).toContain('  nexus-docker apply --wait 5m')
    expect(lines).toContain('  # shows what it would change')
  })
})

describe.skipIf(!hasPython)('Ctrl-Z', () => {
  it('gives the shell a cursor; fg asks the question again, and the wizard goes on', async () => {
    const session = startInTerminal(['init', '--offline'], { cwd: folderWith({}), jobs: true })
    await session.shows('What is the address of Nexus?')
    session.type('\r')
    await session.shows('Will you push')
    session.type('\r')
    await session.shows(/Another registry[\s\S]*\[\?25l/)
    let from = session.raw().length
    session.type('\u001A')
    await since(session, from, '[stopped]')
    expect(cursorIsShown(session.raw())).toBe(true)
    from = session.raw().length
    session.type('\r')
    await since(session, from, 'Another registry')
    session.type('\u0003')
    await since(session, from, 'Nothing was written.')
    expect(await session.ended).toBe(130)
    expect(cursorIsShown(session.raw())).toBe(true)
  })
})

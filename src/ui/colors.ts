import { type Paint, plain } from '../core/paint.ts'

/**
 * Colours for one stream: FORCE_COLOR and NO_COLOR (no-color.org) decide, else whether it is a terminal. chalk is loaded only
 * where there is something to colour.
 */
export async function paintFor(
  isTerminal: boolean,
  environment: Record<string, string | undefined>,
): Promise<Paint> {
  const forced = environment['FORCE_COLOR']
  const wanted =
    forced !== undefined
      ? forced !== '0' && forced !== 'false'
      : isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
  if (!wanted) return plain
  const { Chalk } = await import('chalk')
  return new Chalk({ level: 1 })
}

import { UserError } from '../../core/errors.ts'
import type { Nexus } from '../connection.ts'
import { AnswerError } from '../errors/answer-error.ts'
import { readExtDirect, writeExtDirect } from './extdirect.ts'
import type { HttpSettings, ReadHttpSettings, Scheme } from './form.ts'
import { readRest, writeRest } from './rest.ts'

export { type HttpSettings, httpSettingsOf, type ReadHttpSettings, type Scheme, schemes } from './form.ts'

/**
 * Reads the settings through `/v1/http` where the server offers it (Pro, and other editions between 3.70 and 3.83), else
 * through ExtDirect (nexus-api 2.9 and 4). `keeps` are the proxies whose login an update has to keep without knowing it: REST would
 * lose the password, ExtDirect shows a placeholder for it that keeps it when it is given back.
 */
export async function readHttpSettings(
  nexus: Nexus,
  keeps: readonly Scheme[] = [],
): Promise<ReadHttpSettings> {
  const rest = await readRest(nexus)
  if (!rest) return readExtDirect(nexus)
  if (!keeps.some((scheme) => rest.settings[scheme]?.authentication)) return rest
  return readExtDirect(nexus).catch((error: unknown) => {
    // Not offered, not allowed: then the caller has to do without.
    if (error instanceof AnswerError || (error instanceof UserError && REFUSALS.includes(error.code)))
      return rest
    throw error
  })
}

/** How a call of ExtDirect ends that the server does not carry out. */
const REFUSALS = ['extdirect-failed', 'refused', 'forbidden']

/** Writes the settings the way they were read. Throws `upstream-password-missing` for a login whose password is not known. */
export async function writeHttpSettings(
  nexus: Nexus,
  settings: HttpSettings,
  { via, raw }: ReadHttpSettings,
): Promise<void> {
  await (via === 'rest' ? writeRest : writeExtDirect)(nexus, settings, raw)
}

import type { Cause, Where } from './causes/cause.ts'
import { causes } from './causes/index.ts'
import type { Case } from './evidence.ts'

export interface Diagnosis {
  code: string
  message: string
  hint: string
  where: Where
}

/** The one cause of what is not as it has to be. Pure: it reads what was collected, and asks nothing. */
export function diagnose(it: Case, table: readonly Cause[] = causes): Diagnosis {
  const cause = table.find((one) => one.when(it))
  if (!cause) throw new Error('the table of causes has no last one that always fits')
  const { code, hint, where } = cause
  return {
    code,
    message: cause.message(it),
    hint: typeof hint === 'string' ? hint : hint(it),
    where: typeof where === 'function' ? where(it) : where,
  }
}

import type { CheckName, Subject } from '../evidence.ts'
import type { Probe, VerifyOptions } from '../probe.ts'

/** One thing that has to hold of a repository. */
export interface Check {
  name: CheckName
  /** Checks of a stage begin when those of the stage before it have ended, in all repositories. */
  stage: 0 | 1 | 2 | 3
  title(subject: Subject): string
  /** Checks of the repository without which this one says nothing. */
  needs: readonly CheckName[]
  applies(subject: Subject, options: VerifyOptions): boolean
  /** Throws Unexpected and Skipped. What it returns is told beside the title. */
  run(probe: Probe): Promise<string | undefined>
  /** Further questions once it has failed, for the diagnosis alone. */
  inquire?(probe: Probe): Promise<void>
}

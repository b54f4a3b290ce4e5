import type { Answers, Given, Situation } from '../answers.ts'
import type { Asker } from '../asker.ts'

/** One question of the wizard. Questions are a table: the flow, `--yes`, the flags and "change an answer" loop over it. */
export interface Question {
  /** What it is about, in the list of answers to change. */
  label: string
  /** What the command line may have said of it: any of these, and it is not asked. */
  keys: readonly (keyof Given)[]
  /** Whether it makes sense after the answers before it. */
  applies(situation: Situation): boolean
  /** What Enter and `--yes` take: the usual answer, with the command line's laid over it. */
  propose(situation: Situation): Partial<Answers>
  ask(asker: Asker, situation: Situation): Promise<Partial<Answers>>
  /** Why the present answer cannot stay, e.g. because another one was changed. */
  problem?(situation: Situation): string | undefined
  /** The present answer in a few words. */
  show(situation: Situation): string
}

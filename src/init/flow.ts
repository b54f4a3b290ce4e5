import type { Answers, Facts, Given, ServerLook, Situation } from './answers.ts'
import type { Asker } from './asker.ts'
import { questions } from './questions/index.ts'
import type { Question } from './questions/question.ts'

/** Before anybody has looked. */
const unseen: ServerLook = { server: undefined, sentence: '', busyPorts: new Map() }

const blank: Answers = {
  url: '',
  privateImages: false,
  upstreams: [],
  others: [],
  anonymousPull: false,
  routing: 'ports',
  ports: {},
  edge: null,
  proxy: null,
  blobStore: null,
  initialPassword: null,
  acceptEula: false,
}

/**
 * Asks what the command line left open and returns all answers. Without an asker every question takes what is proposed: `problems` then
 * names what cannot be. With one there are none left: what cannot be is asked again. Rejects with Interrupted.
 */
export async function runInit(
  asker: Asker | undefined,
  facts: Facts,
  given: Given = {},
): Promise<{ situation: Situation; problems: string[] }> {
  let situation: Situation = { facts, given, answers: blank, look: unseen }
  const problems: string[] = []
  for (const question of questions) {
    const isOpen = question.applies(situation) && !question.keys.some((key) => given[key] !== undefined)
    const proposed = question.propose(situation)
    situation =
      isOpen && asker
        ? await ask(question, { ...situation, answers: { ...situation.answers, ...proposed } }, asker)
        : await withAnswers(situation, proposed, asker)
    const problem = question.problem?.(situation)
    if (problem === undefined) continue
    if (!asker) problems.push(`${question.label}: ${problem}`)
    else situation = await askUntilGood(question, situation, asker)
  }
  return { situation, problems }
}

/** The questions that a person may answer anew, with the present answers. */
export function changeable(situation: Situation): { question: Question; shown: string }[] {
  return questions
    .filter((question) => question.applies(situation))
    .map((question) => ({ question, shown: question.show(situation) }))
}

/** Asks one question again, and then those that its answer made necessary or impossible to keep. */
export async function changeAnswer(
  question: Question,
  situation: Situation,
  asker: Asker,
): Promise<Situation> {
  let next = await askUntilGood(question, situation, asker)
  for (const other of questions.slice(questions.indexOf(question) + 1)) {
    const before = other.applies(situation)
    const after = other.applies(next)
    if (!after) {
      if (before) next = await withAnswers(next, other.propose(next), asker)
    } else if (!before || other.problem?.(next) !== undefined) next = await askUntilGood(other, next, asker)
  }
  return next
}

async function askUntilGood(question: Question, situation: Situation, asker: Asker): Promise<Situation> {
  let next = situation
  for (;;) {
    const problem = question.problem?.(next)
    if (problem !== undefined) asker.show(`${question.label}: ${problem}.`)
    next = await ask(question, next, asker)
    if (question.problem?.(next) === undefined) return next
  }
}

/** What a person answers takes the place of what the command line said. */
async function ask(question: Question, situation: Situation, asker: Asker): Promise<Situation> {
  const answered = await question.ask(asker, situation)
  const given = Object.fromEntries(
    Object.entries(situation.given).filter(([key]) => !(question.keys as readonly string[]).includes(key)),
  ) as Given
  return withAnswers({ ...situation, given }, answered, asker)
}

/** Lays answers over the present ones. Looks at the server where its address is new; `listener` is told what was found. */
async function withAnswers(
  situation: Situation,
  fresh: Partial<Answers>,
  listener: Asker | undefined,
): Promise<Situation> {
  const answers = { ...situation.answers, ...fresh }
  const isSeen = situation.look !== unseen && answers.url === situation.answers.url
  if (isSeen) return { ...situation, answers }
  const look = await situation.facts.look(answers.url)
  if (look.sentence !== '') listener?.show(look.sentence)
  if (look.sentence !== '' && !look.server) listener?.show('The file can still be written.')
  return { ...situation, answers, look }
}

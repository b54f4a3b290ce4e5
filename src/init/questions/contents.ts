import { upstreamNames } from '../../intents/upstreams.ts'
import type { OtherRegistry } from '../answers.ts'
import type { Asker } from '../asker.ts'
import { hasCaches } from '../connectors.ts'
import { newRegistryProblem, proposedName, registryUrl, repositoryProblem } from '../other-registries.ts'
import { inUsualOrder, registries, registryNames, usualRegistries } from '../registries.ts'
import type { Question } from './question.ts'

/** Whether the registry keeps images of its own. */
export const privateImages: Question = {
  label: 'Own images',
  keys: ['privateImages'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given, facts }) => ({
    privateImages: given.privateImages ?? facts.present.privateImages ?? true,
  }),
  ask: async (asker, { answers }) => ({
    privateImages: await asker.confirm({
      message: 'Will you push images of your own?',
      default: answers.privateImages,
    }),
  }),
  show: ({ answers }) => (answers.privateImages ? 'yes' : 'no'),
}

/** Which registries are cached: the well-known ones, and any other by its address. */
export const upstreams: Question = {
  label: 'Registries to cache',
  keys: ['upstreams', 'others'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given, facts: { present } }) => ({
    upstreams: given.upstreams ?? present.upstreams ?? usualRegistries,
    others: given.others ?? present.others ?? [],
  }),
  async ask(asker, { answers }) {
    const chosen = await asker.checkbox({
      message: 'Which registries should it cache?',
      choices: [
        ...registryNames.map((value) => ({ value, name: registries[value].label })),
        ...answers.others.map(({ repository, url }) => ({ value: url, name: `${repository} (${url})` })),
        { value: another, name: 'Another registry' },
      ],
      checked: [...answers.upstreams, ...answers.others.map(({ url }) => url)],
      required: !answers.privateImages,
    })
    const kept = answers.others.filter(({ url }) => chosen.includes(url))
    return {
      upstreams: inUsualOrder(chosen),
      others: chosen.includes(another) ? await askForOthers(asker, kept) : kept,
    }
  },
  problem: ({ answers, facts }) =>
    facts.template || answers.privateImages || hasCaches(answers)
      ? undefined
      : `there is nothing to set up: name a registry (${upstreamNames.join(', ')}), or keep images of your own`,
  show: ({ answers }) => [...answers.upstreams, ...answers.others.map(({ url }) => url)].join(', ') || 'none',
}

/** No registry has that name or address. */
const another = 'another registry'

/** One after the other, until there are no more. Enter alone is a way out for whoever chose it by mistake. */
async function askForOthers(asker: Asker, known: readonly OtherRegistry[]): Promise<OtherRegistry[]> {
  const address = await asker.input({
    message: 'Address of the registry, or empty',
    default: '',
    problem: (text) => (text.trim() === '' ? undefined : newRegistryProblem(text, known)),
  })
  if (address.trim() === '') return [...known]
  const url = registryUrl(address)
  const repository = await asker.input({
    message: 'The name of its repository',
    default: proposedName(url, known),
    problem: (text) => repositoryProblem(text, known),
  })
  const all = [...known, { repository: repository.trim(), url }]
  const more = await asker.confirm({ message: 'Another one?', default: false })
  return more ? askForOthers(asker, all) : all
}

/** Who may pull without a login. Own images are for whoever logs in, unless somebody says otherwise. */
export const anonymousPull: Question = {
  label: 'Who may pull',
  keys: ['anonymousPull'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given, answers, facts }) => ({
    anonymousPull: given.anonymousPull ?? facts.present.anonymousPull ?? !answers.privateImages,
  }),
  async ask(asker, { answers }) {
    const chosen = await asker.select({
      message: 'Who may pull without signing in?',
      choices: [
        { value: 'nobody', name: 'Nobody', description: 'Each pull needs docker login.' },
        {
          value: 'everybody',
          name: 'Everybody who can reach the server',
          description: "Needed for registry-mirrors in Docker's daemon.json, which sends no credentials.",
        },
      ],
      default: answers.anonymousPull ? 'everybody' : 'nobody',
    })
    return { anonymousPull: chosen === 'everybody' }
  },
  show: ({ answers }) => (answers.anonymousPull ? 'everybody' : 'who signs in'),
}

import { upstreamNames } from '../../intents/upstreams.ts'
import { inUsualOrder, registries, registryNames, usualRegistries } from '../registries.ts'
import type { Question } from './question.ts'

/** Whether the registry keeps images of its own. */
export const privateImages: Question = {
  label: 'Own images',
  keys: ['privateImages'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given }) => ({ privateImages: given.privateImages ?? true }),
  ask: async (asker, { answers }) => ({
    privateImages: await asker.confirm({
      message: 'Will you push images of your own?',
      default: answers.privateImages,
    }),
  }),
  show: ({ answers }) => (answers.privateImages ? 'yes' : 'no'),
}

/** Which registries are cached. */
export const upstreams: Question = {
  label: 'Registries to cache',
  keys: ['upstreams'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given }) => ({ upstreams: given.upstreams ?? usualRegistries }),
  ask: async (asker, { answers }) => ({
    upstreams: inUsualOrder(
      await asker.checkbox({
        message: 'Which registries shall it cache?',
        choices: registryNames.map((value) => ({ value, name: registries[value].label })),
        checked: answers.upstreams,
        required: !answers.privateImages,
      }),
    ),
  }),
  problem: ({ answers, facts }) =>
    facts.template || answers.privateImages || answers.upstreams.length > 0
      ? undefined
      : `there is nothing to set up: name a registry (${upstreamNames.join(', ')}), or keep images of your own`,
  show: ({ answers }) => (answers.upstreams.length > 0 ? answers.upstreams.join(', ') : 'none'),
}

/** Who may pull without a login. Own images are for whoever logs in, unless somebody says otherwise. */
export const anonymousPull: Question = {
  label: 'Who may pull',
  keys: ['anonymousPull'],
  applies: ({ facts }) => !facts.template,
  propose: ({ given, answers }) => ({ anonymousPull: given.anonymousPull ?? !answers.privateImages }),
  async ask(asker, { answers }) {
    const chosen = await asker.select({
      message: 'Who may pull without a login?',
      choices: [
        { value: 'nobody', name: 'Nobody', description: 'Each pull needs docker login.' },
        {
          value: 'everybody',
          name: 'Everybody who reaches the server',
          description: "Needed for registry-mirrors in Docker's daemon.json, which sends no login.",
        },
      ],
      default: answers.anonymousPull ? 'everybody' : 'nobody',
    })
    return { anonymousPull: chosen === 'everybody' }
  },
  show: ({ answers }) => (answers.anonymousPull ? 'everybody' : 'who logs in'),
}

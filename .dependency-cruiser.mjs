// Who may import what. Every rule says what to do instead.

/** The rooms of src, from the top floor down: an arrow only goes down. Rooms of one line stand side by side and do not know each other. */
export const floors = [
  ['cli'],
  ['commands'],
  ['run'],
  ['ui'],
  ['report'],
  ['verify', 'targets', 'images'],
  ['apply'],
  ['plan'],
  ['state'],
  ['init', 'config'],
  ['advice'],
  ['yaml'],
  ['intents'],
  ['edge'],
  ['resources'],
  ['nexus', 'registry', 'sandbox'],
  ['http'],
  ['core'],
]

/** What a room may not use although it is below, and what to do instead. */
const doors = [
  {
    room: 'resources',
    not: ['http/'],
    comment: 'A kind speaks to Nexus alone: take what you need from nexus/.',
  },
  {
    room: '(plan|state|config|advice|report|apply|intents|yaml)',
    not: ['http/'],
    comment: 'HTTP is for nexus/ and for the use cases in run/.',
  },
  {
    room: '(config|advice|yaml)',
    not: ['state/', 'nexus/(?!(capabilities|connection)\\.ts$)'],
    comment: 'The configuration knows no server: what needs one belongs to plan/.',
  },
  {
    room: 'init',
    not: ['nexus/(?!(address|capabilities|connection)\\.ts$)'],
    comment:
      'The wizard is a conversation and a text: it asks through an Asker, looks through Facts, and writes nothing itself.',
  },
  {
    room: 'sandbox',
    not: ['(nexus|http)/'],
    comment:
      'The sandbox imitates a server from evidence. Code shared with the tool would hide the same mistake twice; move neutral helpers to core.',
  },
]

const names = floors.flat()
const only = (room, below, comment) => ({
  name: `${room}-looks-down-only`,
  comment,
  severity: 'error',
  from: { path: `^src/${room}(/|\\.ts$)` },
  to: { path: '^src/', pathNot: [`^src/(${[room, ...below].join('|')})(/|\\.ts$)`] },
})

const rules = [
  ...floors.flatMap((rooms, floor) =>
    rooms.map((room) =>
      only(
        room,
        floors.slice(floor + 1).flat(),
        'An arrow goes down only: take what you need as an argument, or move the code to the room that it belongs to.',
      ),
    ),
  ),
  {
    name: 'every-file-has-a-room',
    comment: 'A new room gets a floor in this file.',
    severity: 'error',
    from: { path: '^src/', pathNot: `^src/(${names.join('|')})(/|\\.ts$)` },
    to: {},
  },
  ...doors.map(({ room, not, comment }) => ({
    name: `${room.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '')}-stays-away`,
    comment,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: not.map((path) => `^src/${path}`) },
  })),
  {
    name: 'kinds-get-their-client',
    comment: 'Kinds get a Nexus as an argument; import its type with "import type", never the client itself.',
    severity: 'error',
    from: { path: '^src/(resources|intents|plan|state|config|advice|report|apply)/' },
    to: { path: '^src/(http/|nexus/(client|wait/)).*', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'tables-are-handed-down',
    comment:
      'Nobody but run/ (and what describes everything there is) knows the tables of kinds and intents: take them as an argument.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(run|resources|intents)/' },
    to: { path: '^src/(resources|intents)/index\\.ts$' },
  },
  {
    name: 'pure-rooms-do-no-io',
    comment:
      'Reading files, sockets, the environment or the clock belongs to config/sources, http/, nexus/, ui/ and run/.',
    severity: 'error',
    from: {
      path: '^src/(core|yaml|advice|plan|report|resources|edge|intents|state|config|init|targets|images)/',
      pathNot: '^src/config/sources/',
    },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(path|buffer)' },
  },
  {
    name: 'got-lives-in-http',
    comment: 'There is one transport: src/http.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/http/' },
    to: { path: 'node_modules/got/' },
  },
  {
    name: 'terminal-packages-live-in-ui',
    comment:
      'chalk, ora and inquirer are loaded by src/ui on demand; take a Paint or a function as an argument.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/ui/' },
    to: { path: 'node_modules/(chalk|ora|inquirer|@inquirer)/' },
  },
  {
    name: 'the-command-line-holds-no-commands',
    comment:
      'What cli.ts imports, in whatever way, is in dist/cli.cjs: --version would read it. It is given commands.ts when a command runs.',
    severity: 'error',
    from: { path: '^src/cli(\\.ts$|/)' },
    to: {
      path: '^src/',
      pathNot: '^src/(cli/|core/)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'commands-do-not-share-by-importing-each-other',
    comment: 'Move what two commands need to run/.',
    severity: 'error',
    from: { path: '^src/commands/' },
    to: { path: '^src/commands/' },
  },
  {
    name: 'no-circles',
    comment: 'Two files that need each other, types included, are one subject or miss a third.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing imports this file: delete it or use it.',
    severity: 'error',
    from: { orphan: true, path: '^src/', pathNot: '^src/cli\\.ts$' },
    to: {},
  },
  {
    name: 'no-tests-in-source',
    comment: 'Source must not know its tests.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^test/' },
  },
]

export default {
  forbidden: rules,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}

// Who may import what. bin → cli → commands → {config, state, plan, apply, nexus, render, ui, sandbox} → resources → core.
// Every rule says what to do instead.
const only = (name, folder, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [`^src/${folder}/`, ...allowed.map((path) => `^src/${path}`)] },
})

export default {
  forbidden: [
    only(
      'core-imports-nothing',
      'core',
      [],
      'core is the ground floor: pass what you need as an argument, or move the code up.',
    ),
    only(
      'resources-know-their-kind-alone',
      'resources',
      ['core/', 'nexus/(answer-shape|capabilities|extdirect|http-settings|read|client|connection)\\.ts$'],
      'A kind describes itself with core and the client interface. What compares kinds or reads files belongs to plan/ or config/.',
    ),
    {
      name: 'kinds-get-their-client',
      comment:
        'Kinds get a Nexus as an argument; import its type with "import type", never the client itself.',
      severity: 'error',
      from: { path: '^src/(resources|plan|state|config|render|apply)/' },
      to: { path: '^src/nexus/(client|exchange|wait-ready)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    only(
      'config-reads-files-only',
      'config',
      ['core/', 'resources/', 'nexus/(capabilities|connection|client)\\.ts$'],
      'The configuration knows no server state: put checks that need the server into plan/server-rules.ts.',
    ),
    only(
      'plan-is-pure',
      'plan',
      ['core/', 'resources/', 'state/state\\.ts$', 'config/', 'nexus/(capabilities|connection|client)\\.ts$'],
      'Planning is a pure function of configuration and state: take what you need as an argument.',
    ),
    only(
      'apply-writes-plans',
      'apply',
      ['core/', 'resources/', 'plan/', 'state/state\\.ts$', 'nexus/(answer-error|connection|client)\\.ts$'],
      'The executor walks a plan with a Nexus that it is given; report through events, not through ui.',
    ),
    only(
      'nexus-speaks-http',
      'nexus',
      ['core/'],
      'The client knows requests and answers. What they mean for a kind stands in resources/.',
    ),
    only(
      'render-is-pure',
      'render',
      ['core/', 'plan/', 'apply/types\\.ts$', 'config/', 'resources/'],
      'Renderers turn data into text: take the data as an argument, return a string.',
    ),
    only(
      'ui-shows',
      'ui',
      ['core/', 'render/', 'plan/types\\.ts$', 'apply/types\\.ts$', 'init/asker\\.ts$'],
      'ui is the terminal: what to show comes from render/, when to show it from commands/.',
    ),
    only(
      'init-asks-an-asker',
      'init',
      [
        'core/',
        'resources/(upstreams|licence-terms)\\.ts$',
        'nexus/(address|capabilities|connection)\\.ts$',
        'config/(mask-frame|rules/(names|server-settings))\\.ts$',
      ],
      'The wizard is a conversation and a text: it asks through an Asker, looks through Facts, and writes nothing itself.',
    ),
    only(
      'sandbox-stands-alone',
      'sandbox',
      ['core/'],
      'The sandbox imitates a server from evidence. Code shared with the tool would hide the same mistake twice; move neutral helpers to core.',
    ),
    {
      name: 'pure-folders-do-no-io',
      comment:
        'Reading files, sockets, the environment or the clock belongs to config/read-bounded, config/read-sources, nexus/, ui/ and commands/.',
      severity: 'error',
      from: {
        path: '^src/(core|plan|render|resources|state|config|init)/',
        pathNot: '^src/config/read-(bounded|sources)\\.ts$',
      },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(path|buffer)' },
    },
    {
      name: 'got-lives-in-nexus',
      comment: 'HTTP goes through the Nexus interface (src/nexus/client.ts).',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/nexus/' },
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
      name: 'commands-are-imported-when-they-run',
      comment: 'cli.ts imports commands dynamically, so that --version loads commander alone.',
      severity: 'error',
      from: { path: '^src/cli\\.ts$' },
      to: {
        path: '^src/',
        pathNot: '^src/(commands/shared/durations|core/printable)\\.ts$',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'commands-do-not-share-by-importing-each-other',
      comment:
        'Move what two commands need to commands/shared (apply shows its plan with the plan command: the one exception).',
      severity: 'error',
      from: { path: '^src/commands/[^/]+\\.ts$' },
      to: { path: '^src/commands/[^/]+\\.ts$', pathNot: '^src/commands/plan\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one subject or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
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
  ],
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

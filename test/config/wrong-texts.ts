import { hosted, type WrongFile } from './wrong-file.ts'

/** What is wrong with the text of the file. */
export const wrongTexts: WrongFile[] = [
  { code: 'empty-file', yaml: '▸# nothing yet\n', says: /version: 1/, alone: true },
  { code: 'not-a-map', yaml: '▸- docker-hub\n- quay\n', alone: true },
  { code: 'not-text', yaml: 'version: 1\nanonymousPull: ▸\u0007\n', says: /U\+0007/, alone: true },
  {
    code: 'multiple-documents',
    yaml: 'version: 1\n▸---\nversion: 1\n',
    says: /file of its own/,
    alone: true,
  },
  { code: 'yaml-tab', yaml: `repositories:\n▸\tapps: {${hosted}}\n`, says: /spaces/, alone: true },
  {
    code: 'yaml-indent',
    yaml: `repositories:\n  apps: {${hosted}}\n▸ base: {${hosted}}\n`,
    says: /column/,
    alone: true,
  },
  { code: 'yaml-unclosed', yaml: `repositories:\n  apps: ▸{${hosted}\n`, says: /\}/, alone: true },
  { code: 'yaml-unclosed', yaml: 'nexus:\n  url: ▸"http://localhost:8081\n', says: /quote/, alone: true },
  { code: 'yaml-unquoted', yaml: 'nexus:\n  username: ▸@admin\n', says: /quotes/, alone: true },
  {
    code: 'yaml-unquoted',
    yaml: 'repositories:\n  apps: {type: hosted, httpPort: ▸${PORT}}\n',
    says: /"\$\{NAME\}"/,
    alone: true,
  },
  {
    code: 'yaml-escape',
    yaml: 'blobStores:\n  a: {path: "C:▸\\data"}\n',
    says: /single quotes/,
    alone: true,
  },
  {
    code: 'yaml-syntax',
    yaml: 'version: 1\nnexus:\n  url: ▸http: //localhost\n',
    says: /quote/,
    alone: true,
  },
  { code: 'yaml-syntax', yaml: `version: 1\n▸repositories\nnexus: {url: "http://x"}\n`, alone: true },
  { code: 'yaml-tag', yaml: 'nexus: {username: ▸!vault admin}\n', says: /remove it/ },
  { code: 'yaml-alias', yaml: `repositories: {apps: ▸*defaults}\n`, says: /anchor/, alone: true },
  { code: 'yaml-directive', yaml: '▸%YML 1.2\n---\nversion: 1\n', severity: 'warning', alone: true },
  {
    code: 'yaml-depth',
    yaml: `x-deep: ${'['.repeat(99)}▸[`,
    says: /100 levels/,
    alone: true,
  },
  {
    code: 'duplicate-key',
    yaml: 'nexus:\n  url: http://a\n  ▸url: http://b\n',
    says: /line 2, column 3/,
    alone: true,
  },
  { code: 'bad-key', yaml: 'repositories:\n  ▸[a, b]: {type: hosted}\n', says: /plain text/, alone: true },
  {
    code: 'merge-value',
    yaml: 'repositories:\n  apps: {type: hosted, <<: ▸online}\n',
    says: /<<: \*name/,
    alone: true,
  },
  {
    code: 'ignored-key',
    yaml: `repositories:\n  ▸x-apps: {${hosted}}\n`,
    severity: 'warning',
    says: /another name/,
  },
  {
    code: 'unset-variable',
    yaml: 'nexus: {url: "▸${NEXUS_SERVER}"}\n',
    says: /NEXUS_SERVER.*export NEXUS_SERVER/,
  },
  {
    code: 'unset-variable',
    yaml: 'nexus: {url: "▸${NEXUS_SERVER:?ask the team}"}\n',
    says: /ask the team/,
    alone: true,
  },
  { code: 'bad-interpolation', yaml: 'nexus: {username: "▸${1st}"}\n', says: /\$\$\{/, alone: true },
  { code: 'unclosed-interpolation', yaml: 'nexus: {username: "▸${USER"}\n', says: /\}/, alone: true },
]

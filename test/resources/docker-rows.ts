import type { Row } from './table.ts'

const flag = (field: string, path: string, extra: Row['answers'] = []): Row => ({
  field,
  file: true,
  request: [path, true],
  answers: [[true, true], [false, false], ...extra],
})

/** The fields that all three types share. */
export const dockerRows: Row[] = [
  flag('online', 'online'),
  {
    field: 'blobStore',
    file: 'images',
    request: ['storage.blobStoreName', 'images'],
    answers: [['default', 'default']],
  },
  flag('strictContentTypeValidation', 'storage.strictContentTypeValidation'),
  {
    field: 'httpPort',
    file: 8082,
    request: ['docker.httpPort', 8082],
    answers: [
      [8083, 8083],
      [null, null],
    ],
  },
  { field: 'httpPort', file: null, request: ['docker.httpPort', null] },
  {
    field: 'httpsPort',
    file: 8443,
    request: ['docker.httpsPort', 8443],
    answers: [
      [8444, 8444],
      [null, null],
    ],
  },
  { field: 'httpsPort', file: null, request: ['docker.httpsPort', null] },
  {
    field: 'subdomain',
    file: 'apps',
    request: ['docker.subdomain', 'apps'],
    answers: [
      ['x', 'x'],
      [null, null],
    ],
  },
  // Servers before 3.83 do not answer it: unknown, never a difference.
  flag('pathEnabled', 'docker.pathEnabled', [
    [null, null],
    [undefined, undefined],
  ]),
  flag('forceBasicAuth', 'docker.forceBasicAuth'),
  flag('v1Enabled', 'docker.v1Enabled'),
]

export const cleanupRows: Row[] = [
  {
    field: 'cleanupPolicies',
    file: ['weekly', 'monthly'],
    request: ['cleanup.policyNames', ['weekly', 'monthly']],
    answers: [
      [['weekly'], ['weekly']],
      [[], []],
      [undefined, []],
    ],
  },
  // `null` instead of a list is a 400 (nexus-api 7).
  { field: 'cleanupPolicies', file: [], request: ['cleanup.policyNames', []] },
]

// The groups of settings that always exist: anonymous access, realms.
import { describe, expect, test } from 'vitest'
import { anonymous } from '../../src/resources/anonymous.ts'
import { realms } from '../../src/resources/realms.ts'
import { recordingNexus, testKind } from './table.ts'

describe('anonymous access', () => {
  testKind({
    kind: anonymous,
    rows: [
      { field: 'enabled', file: true, request: ['enabled', true], answers: [[false, false]] },
      { field: 'userId', file: 'guest', request: ['userId', 'guest'], answers: [['anonymous', 'anonymous']] },
      { field: 'realmName', file: 'LdapRealm', request: ['realmName', 'LdapRealm'], answers: [['x', 'x']] },
    ],
  })
})

describe('realms', () => {
  const login = 'NexusAuthenticatingRealm'
  const rights = 'NexusAuthorizingRealm'

  test.each([
    [
      'what is missing is added at the end',
      { ensure: ['A', 'DockerToken'] },
      [login, 'A'],
      [login, 'A', 'DockerToken'],
    ],
    ['what is there stays where it is', { ensure: ['A'] }, ['A', login], ['A', login]],
    ['exact is the whole list in order', { exact: ['B', login] }, [login, 'A'], ['B', login]],
    [
      '… and what an intent ensures is added to it',
      { exact: [login], ensure: ['DockerToken'] },
      [],
      [login, 'DockerToken'],
    ],
    // Before 3.60 a list without it locks everybody out; from 3.60 it is hidden and refused as unknown.
    ['the authorizing realm stays where it is listed', { exact: [login] }, [login, rights], [login, rights]],
    ['… and is left out where it is not', { exact: [login, rights] }, [login], [login]],
    ['repetitions are one', { exact: [login, 'A', 'A'] }, [login], [login, 'A']],
    ['nothing written, nothing changed', {}, [login, 'A'], [login, 'A']],
  ])('%s', (_, spec, active, wanted) => {
    expect(realms.desired?.(spec, { id: 'realms', wire: { active } })).toEqual({ active: wanted })
  })

  test('a realm that the server does not offer is refused, with what it does', () => {
    const wire = { active: [login], available: [login, 'LdapRealm'] }
    const refusal = realms.refuseUpdate?.({ id: 'realms', wire }, { active: [login, 'Nonsense'] })
    expect(refusal).toMatchObject({ code: 'unknown-realm', hint: `it has: ${login}, LdapRealm` })
    expect(realms.refuseUpdate?.({ id: 'realms', wire }, { active: [login, 'LdapRealm'] })).toBeUndefined()
  })

  test('the request is the list itself', async () => {
    const { nexus, sent } = recordingNexus()
    await realms.update(nexus, 'realms', { active: [login, 'A'] }, { id: 'realms', wire: {} })
    expect(sent).toMatchObject([
      { method: 'PUT', path: '/service/rest/v1/security/realms/active', json: [login, 'A'] },
    ])
  })

  test('every field is covered above', () => {
    expect(Object.keys(realms.fields)).toEqual(['active'])
  })
})

// The groups of settings that always exist: anonymous access, realms.
import { describe, expect, test } from 'vitest'
import { anonymous } from '../../src/resources/anonymous.ts'
import { realms } from '../../src/resources/realms.ts'
import { recordingNexus, testKind, writing } from './table.ts'

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
  const wanted = { kind: 'realms', id: 'realms', spec: {}, path: ['realms'], because: {} }
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
    const refusal = realms.refuseUpdate?.({ id: 'realms', wire }, { active: [login, 'Nonsense'] }, wanted)
    expect(refusal).toMatchObject({ code: 'unknown-realm', hint: `it has: ${login}, LdapRealm` })
    expect(
      realms.refuseUpdate?.({ id: 'realms', wire }, { active: [login, 'LdapRealm'] }, wanted),
    ).toBeUndefined()
  })

  describe('no list is sent that locks everybody out', () => {
    const ldap = 'LdapRealm'

    test.each<[string, string[], string[], string | undefined]>([
      ['the realm of the passwords goes', [login, ldap], [ldap], login],
      ['the realm of the rights goes, where it is listed', [login, rights], [login], rights],
      ['the server does without passwords, and something goes', [ldap, 'SamlRealm'], [ldap], login],
      ['nothing is known of the server', [], ['DockerToken'], login],
      ['something is added', [login, rights], [login, rights, 'DockerToken'], undefined],
      ['something else goes', [login, ldap], [login], undefined],
      ['the server does without passwords, and goes on', [ldap], [ldap, 'DockerToken'], undefined],
      ['the passwords come back', [ldap], [login], undefined],
    ])('%s', async (_, active, sent, missing) => {
      const current = { id: 'realms', wire: { active } }
      const refusal = realms.refuseUpdate?.(current, { active: sent }, wanted)
      expect(refusal?.code).toBe(missing && 'realm-lockout')
      if (missing) expect(refusal?.message).toContain(missing)
      const { nexus, sent: requests } = recordingNexus()
      const update = realms.update(nexus, { ...writing('realms', { active: sent }), current })
      if (missing) await expect(update).rejects.toMatchObject({ code: 'realm-lockout' })
      else await update
      expect(requests).toHaveLength(missing ? 0 : 1)
    })

    test('before 3.60 no list is without the realm of the rights, whatever the server says', () => {
      const current = { id: 'realms', wire: { active: [login], listsRights: true } }
      expect(realms.refuseUpdate?.(current, { active: [login, 'DockerToken'] }, wanted)?.message).toContain(
        rights,
      )
      expect(realms.refuseUpdate?.(current, { active: [login, rights] }, wanted)).toBeUndefined()
    })

    test('a list without passwords has to be one of realms that the server has', async () => {
      const { nexus } = recordingNexus()
      const answers: Record<string, unknown> = {
        '/service/rest/v1/security/realms/active': ['anything'],
        '/service/rest/v1/security/realms/available': [{ id: login }, { id: ldap }],
      }
      nexus.request = ({ path }) => Promise.resolve({ status: 200, body: answers[path], headers: {} })
      const found = await realms.find(nexus, 'realms', { ensure: ['DockerToken'] })
      const values = found && realms.desired?.({ ensure: ['DockerToken'] }, found)
      expect(found && values && realms.refuseUpdate?.(found, values, wanted)).toMatchObject({
        code: 'unknown-realm',
      })
    })
  })

  test('the request is the list itself', async () => {
    const { nexus, sent } = recordingNexus()
    await realms.update(nexus, {
      ...writing('realms', { active: [login, 'A'] }),
      current: { id: 'realms', wire: {} },
    })
    expect(sent).toMatchObject([
      { method: 'PUT', path: '/service/rest/v1/security/realms/active', json: [login, 'A'] },
    ])
  })

  test('every field is covered above', () => {
    expect(Object.keys(realms.fields)).toEqual(['active'])
  })
})

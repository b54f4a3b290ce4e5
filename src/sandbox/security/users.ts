// Users as far as the first login needs them, the onboarding list, and changing a password (nexus-api 2.13, 5).
import { rmSync } from 'node:fs'
import { emptyFault, message, readOnly, violations } from '../kernel/replies.ts'
import type { State, User } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

const names: Record<string, [firstName: string, lastName: string]> = {
  admin: ['Administrator', 'User'],
  anonymous: ['Anonymous', 'User'],
}

function userAnswer(user: User): Record<string, unknown> {
  const [firstName, lastName] = names[user.userId] ?? [user.userId, user.userId]
  return {
    userId: user.userId,
    firstName,
    lastName,
    emailAddress: `${user.userId}@example.org`,
    source: 'default',
    status: user.status,
    readOnly: false,
    roles: user.roles,
    externalRoles: [],
  }
}

function listUsers({ state, request }: Context): Reply {
  const wanted = (request.query.get('userId') ?? '').toLowerCase()
  const source = request.query.get('source') ?? 'default'
  const users = source === 'default' ? state.users : []
  const found = users.filter((user) => user.userId.toLowerCase().includes(wanted))
  return { status: 200, body: found.map(userAnswer) }
}

/** A new password activates the user, lifts the sign-in limit and, for admin, removes the file with the first one. */
function changePassword(state: State, user: User, password: string): Reply {
  user.password = password
  if (user.status === 'changepassword') user.status = 'active'
  state.signInFailures.delete(user.userId)
  if (user.userId === 'admin' && state.initialPasswordFile !== undefined) {
    rmSync(state.initialPasswordFile, { force: true })
    delete state.initialPasswordFile
  }
  return { status: 204 }
}

function putPassword({ state, profile, params, request }: Context): Reply {
  const userId = params['userId'] ?? ''
  const user = state.users.find((entry) => entry.userId === userId)
  if (request.body.trim() === '') return message(profile, 400, 'Password must be supplied.')
  if (!user) return message(profile, 404, `User '${userId}' not found.`)
  return state.frozen ? readOnly() : changePassword(state, user, request.body)
}

function putOnboardingPassword({ state, request, may }: Context): Reply {
  if (request.body === '') {
    const text = 'password is a required field, and cannot be empty.'
    return violations([{ id: 'PARAMETER arg0', message: text }])
  }
  if (!may('nexus:*')) return emptyFault(403)
  const admin = state.users.find((entry) => entry.userId === 'admin')
  return admin ? changePassword(state, admin, request.body) : emptyFault(404)
}

function onboarding({ state, profile }: Context): Reply {
  if (!profile.property('nexus.onboarding.enabled')) return { status: 200, body: [] }
  const steps: { priority: number; type: string }[] = []
  const admin = state.users.find((entry) => entry.userId === 'admin')
  if (admin?.status === 'changepassword') steps.push({ priority: 0, type: 'ChangeAdminPassword' })
  // the open core has the licence endpoint without the onboarding step
  if (!state.eulaAccepted && profile.edition === 'community')
    steps.push({ priority: 1, type: 'CommunityEula' })
  const priority = profile.since('3.77') ? 3 : profile.since('3.71') ? 1 : 32
  if (!state.anonymous.configured) steps.push({ priority, type: 'ConfigureAnonymousAccess' })
  return { status: 200, body: steps }
}

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/security/users', permission: 'nexus:users:read', handler: listUsers },
  {
    method: 'PUT',
    path: '/v1/security/users/:userId/change-password',
    consumes: 'text',
    permission: 'nexus:*',
    handler: putPassword,
  },
  { method: 'GET', path: '/internal/ui/onboarding', permission: 'nexus:*', handler: onboarding },
  {
    method: 'PUT',
    path: '/internal/ui/onboarding/change-admin-password',
    consumes: 'text',
    handler: putOnboardingPassword,
  },
]

// The end user licence agreement of Community Edition, nexus-api 2.10.
import { type Bean, decodeBean } from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
import { unexpected500 } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

const link = 'https://links.sonatype.com/products/nxrm/ce-eula'
const disclaimer = `Use of Sonatype Nexus Repository - Community Edition is governed by the End User License Agreement at ${link}. By returning the value from ‘accepted:false’ to ‘accepted:true’, you acknowledge that you have read and agree to the End User License Agreement at ${link}.`

const noStatus = unexpected500(
  'java.lang.NullPointerException: Cannot invoke "EulaStatus.hasExpectedDisclaimer()" because "eulaStatus" is null',
)

const bean: Bean = { accepted: { type: 'boolean' }, disclaimer: { type: 'string' } }
type Given = Record<string, unknown> | undefined

function accept(context: Context, given: Given): Reply {
  if (!given) return noStatus
  if (given['disclaimer'] !== disclaimer) {
    return unexpected500('java.lang.IllegalArgumentException: Invalid EULA disclaimer')
  }
  const accepted = given['accepted'] === true
  // by 3.89 an accepted licence is final
  if (!accepted && context.profile.since('3.89')) {
    return unexpected500('java.lang.IllegalArgumentException: EULA must be accepted')
  }
  context.state.eulaAccepted = accepted
  return { status: 204 }
}

const hasEula: Route['available'] = (profile) => profile.since('3.77') && profile.edition !== 'pro'

export const eulaRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/system/eula',
    permission: 'nexus:*',
    available: hasEula,
    handler: ({ state }) => ({ status: 200, body: { accepted: state.eulaAccepted, disclaimer } }),
  },
  bodyRoute<Given>(
    { method: 'POST', path: '/v1/system/eula', permission: 'nexus:*', available: hasEula },
    ({ request }) => decodeBean(request.body, bean, { value: undefined }),
    accept,
  ),
]

import { traefik, traefikV2 } from '../../src/targets/traefik.ts'

import { describeFront } from './describe-front.ts'

const inexpressible = [
  'path below a context path',
  'two-hosts without connectors',
  'namespace without connectors',
  'method without connectors',
]

describeFront('traefik', traefik, { inexpressible })
describeFront('traefik-v2', traefikV2, { inexpressible })

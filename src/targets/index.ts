import { apache } from './apache.ts'
import { compose } from './compose.ts'
import type { Target } from './contract.ts'
import { kubernetes } from './kubernetes.ts'
import { nginx } from './nginx.ts'
import { swarm } from './swarm.ts'
import { traefik, traefikV2 } from './traefik.ts'
import { traefikV1 } from './traefik-v1.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [
  apache,
  nginx,
  traefik,
  traefikV1,
  traefikV2,
  compose,
  kubernetes,
  swarm,
]

import { caddy } from './caddy.ts'
import { compose } from './compose.ts'
import type { Target } from './contract.ts'
import { haproxy } from './haproxy.ts'
import { kubernetes } from './kubernetes.ts'
import { swarm } from './swarm.ts'
import { traefik, traefikV2 } from './traefik.ts'
import { traefikV1 } from './traefik-v1.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [
  // In front of Nexus.
  caddy,
  haproxy,
  traefik,
  traefikV1,
  traefikV2,
  // With Nexus itself.
  compose,
  kubernetes,
  swarm,
]

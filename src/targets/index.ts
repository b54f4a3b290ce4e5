import { caddy } from './caddy.ts'
import type { Target } from './contract.ts'
import { haproxy } from './haproxy.ts'
import { traefik } from './traefik.ts'
import { traefikV1 } from './traefik-v1.ts'
import { traefikV2 } from './traefik-v2.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [
  // In front of Nexus.
  caddy,
  haproxy,
  traefik,
  traefikV1,
  traefikV2,
]

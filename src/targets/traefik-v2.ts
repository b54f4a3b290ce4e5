import { traefikTarget } from './traefik/files.ts'

/** The same in the language of rules that Traefik 2 has. */
export const traefikV2 = traefikTarget(
  'traefik-v2',
  'v2',
  'Traefik 2 (2.11.24 or newer): as traefik, in its language of rules',
)

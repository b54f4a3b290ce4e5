import { traefikTarget } from './traefik/files.ts'

/** Traefik 3, by its file provider. */
export const traefik = traefikTarget(
  'traefik',
  'v3',
  'Traefik 3: rules for its file provider, and a static configuration to start with',
)

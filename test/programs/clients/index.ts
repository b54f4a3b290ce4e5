import { buildah, podman } from './builders.ts'
import type { Client } from './client.ts'
import { crane, oras, regctl, skopeo } from './copiers.ts'
import { buildKit, containerd, engine } from './engines.ts'

/** Every client, those that need nothing running first. */
export const clients: readonly Client[] = [
  skopeo,
  podman,
  buildah,
  engine,
  buildKit,
  containerd,
  crane,
  regctl,
  oras,
]

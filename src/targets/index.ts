import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { buildkit } from './clients/buildkit.ts'
import { clientSetup } from './clients/client-setup.ts'
import { containerd } from './clients/containerd.ts'
import { dind } from './clients/dind.ts'
import { docker } from './clients/docker.ts'
import { k3s } from './clients/k3s.ts'
import { kubeadm } from './clients/kubeadm.ts'
import { kubespray } from './clients/kubespray.ts'
import { login } from './clients/login.ts'
import { podman } from './clients/podman.ts'
import { pullSecret } from './clients/pull-secret.ts'
import { compose } from './compose.ts'
import type { Target } from './contract.ts'
import { haproxy } from './haproxy.ts'
import { kubernetes } from './kubernetes.ts'
import { nginx } from './nginx.ts'
import { swarm } from './swarm.ts'
import { traefik, traefikV2 } from './traefik.ts'
import { traefikV1 } from './traefik-v1.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [
  // In front of Nexus.
  apache,
  caddy,
  haproxy,
  nginx,
  traefik,
  traefikV1,
  traefikV2,
  // With Nexus itself.
  compose,
  kubernetes,
  swarm,
  // Behind it.
  buildkit,
  clientSetup,
  containerd,
  dind,
  docker,
  k3s,
  kubeadm,
  kubespray,
  login,
  podman,
  pullSecret,
]

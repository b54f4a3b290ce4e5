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
import type { Target } from './contract.ts'

/** Every target there is, one line each. */
export const targets: readonly Target[] = [
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

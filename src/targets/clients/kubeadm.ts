import { notExpressible } from '../not-expressible.ts'
import { client } from './client.ts'
import { groupNotes, placeOf } from './mirrors.ts'

/** Where Kubernetes' own images come from (edge.md 3.6). */
export const kubeadm = client('kubeadm', 'kubeadm: where the images of Kubernetes are', (way) => {
  const { mirrored, file } = way
  const found = mirrored.filter(({ domain }) => domain === 'registry.k8s.io')
  const one = found[0]?.named[0]
  const nowhere = 'no name leads to images of registry.k8s.io'
  const hint =
    found.length > 0
      ? 'Give its proxy a name, or make it a member of the group.'
      : 'Add a proxy repository of it, as a member of the group: k8s: {type: proxy, upstream: registry.k8s.io}.'
  if (!one) throw notExpressible(nowhere, hint)
  const imageRepository = placeOf(one)
  const content = {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    imageRepository,
    dns: { imageRepository: `${imageRepository}/coredns` },
  }
  const why = 'dns: CoreDNS is registry.k8s.io/coredns/coredns, one part more than the other images.'
  return {
    files: [file('kubeadm.yaml', content, why)],
    notes: [
      'kubeadm config images list --config kubeadm.yaml names the images, kubeadm init --config kubeadm.yaml takes them. Before Kubernetes 1.31 apiVersion is kubeadm.k8s.io/v1beta3.',
      `The pause image is set in the container runtime: "${imageRepository}/pause:TAG" as sandbox_image (containerd 1.x), sandbox below pinned_images (2.x) or pause_image (CRI-O).`,
      one.pullsNeedLogin &&
        'kubeadm sends no login: allow anonymous pulls, or give it to the container runtime.',
      ...groupNotes(found),
    ],
  }
})

import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../src/resources/docker/sample-images.ts'

const none = () => undefined

describe('the image that a repository has for certain', () => {
  it.each([
    ['https://registry-1.docker.io', 'library/alpine'],
    ['https://registry-1.docker.io/', 'library/alpine'],
    ['https://registry.k8s.io', 'pause:3.9'],
    ['https://registry.corp', undefined],
    ['no address', undefined],
  ])('of a proxy of %s is %s', (remoteUrl, image) => {
    expect(sampleImage({ remoteUrl }, none)).toBe(image)
    expect(sampleImage({ remoteUrl, online: false }, none)).toBeUndefined()
  })

  it('of a group is that of Docker Hub, else of the first member that has one', () => {
    const images: Record<string, string> = {
      quay: 'prometheus/busybox',
      k8s: 'pause:3.9',
      hub: 'library/alpine',
    }
    const of = (...members: string[]) => sampleImage({ members }, (name) => images[name])
    expect(of('ours', 'quay', 'hub', 'k8s')).toBe('library/alpine')
    expect(of('ours', 'k8s', 'quay')).toBe('pause:3.9')
    const members = ['ours']
    expect(sampleImage({ members }, (name) => images[name])).toBeUndefined()
    expect(sampleImage({}, none)).toBeUndefined()
  })
})

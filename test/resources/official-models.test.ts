// Held by the compiler (`npm run types`): what Sonatype's models do not have is no field of ours.
import type { DockerHostedRepositoryApiRequest } from '@sonatype/nexus-repo-api-client'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { fieldsOf } from '../../src/resources/contract/fields.ts'

const { field } = fieldsOf<DockerHostedRepositoryApiRequest>()
const describe = 'x'

test('the compiler refuses what a request model does not have', () => {
  // @ts-expect-error the model has docker.httpPort
  field('docker.httpProt', z.number(), { describe })
  // @ts-expect-error a port is a number
  field('docker.httpPort', z.string(), { describe })
  // @ts-expect-error a hosted repository has no upstream
  field('proxy.remoteUrl', z.string(), { describe })
  // @ts-expect-error what is converted has to become what the model holds
  field('docker.httpPort', z.string(), { describe, toWire: (value) => typeof value })
  expect(field('docker.httpPort', z.number().nullable(), { describe }).wire).toBe('docker.httpPort')
})

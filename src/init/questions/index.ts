import { access } from './access.ts'
import { anonymousPull, privateImages, upstreams } from './contents.ts'
import { eula, firstPassword } from './first-start.ts'
import { proxy } from './proxy.ts'
import { publicName } from './public-name.ts'
import type { Question } from './question.ts'
import { server } from './server.ts'
import { storage } from './storage.ts'

/** In the order in which they are asked: each may look at the answers before it. */
export const questions: readonly Question[] = [
  server,
  privateImages,
  upstreams,
  anonymousPull,
  access,
  publicName,
  proxy,
  storage,
  firstPassword,
  eula,
]

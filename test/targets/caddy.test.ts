import { caddy } from '../../src/targets/caddy.ts'
import { describeFront } from './describe-front.ts'

describeFront('caddy', caddy)

import { haproxy } from '../../src/targets/haproxy.ts'
import { describeFront } from './describe-front.ts'

describeFront('haproxy', haproxy)

import { nginx } from '../../src/targets/nginx.ts'
import { describeFront } from './describe-front.ts'

describeFront('nginx', nginx)

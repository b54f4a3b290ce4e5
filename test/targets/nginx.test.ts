import { nginx } from '../../src/targets/nginx.ts'
import { describeFront } from './fronts/describe-front.ts'

describeFront('nginx', nginx)

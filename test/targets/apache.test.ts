import { apache } from '../../src/targets/apache.ts'
import { describeFront } from './describe-front.ts'

describeFront('apache', apache)

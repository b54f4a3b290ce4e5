import { apache } from '../../src/targets/apache.ts'
import { describeFront } from './fronts/describe-front.ts'

describeFront('apache', apache)

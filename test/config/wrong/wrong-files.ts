import { wrongEdges } from './wrong-edge.ts'
import { wrongRules } from './wrong-rules.ts'
import { wrongShapes } from './wrong-shapes.ts'
import { wrongTexts } from './wrong-texts.ts'

/** Every row: one mistake each. */
export const wrongFiles = [...wrongTexts, ...wrongShapes, ...wrongRules, ...wrongEdges]

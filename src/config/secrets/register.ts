import { mapSections } from '../../advice/choose-kind.ts'
import { isVariableName } from '../../core/names.ts'
import type { Redactor } from '../../core/secrets/redact.ts'
import { namesSecret, remembering } from '../../core/secrets/secret-words.ts'
import { forEachChild, formatPath, type Located } from '../../yaml/located.ts'
import type { Tables } from '../config.ts'
import { tooLong } from '../sources/secret-source.ts'
import { secretsIn } from './places.ts'

interface Options extends Tables {
  redactor: Redactor
  /** Paths of texts whose variables are missing: what stands there is no secret but `${NAME}`. */
  unfilled: ReadonlySet<string>
}

/**
 * Makes every secret that the file itself writes known to the redactor: also in objects that are wrong, also where a number stands in
 * place of a text, and also what a key says to be a secret where no kind has one.
 */
export function registerWritten(root: Located, options: Options): void {
  const path: (string | number)[] = []
  for (const place of secretsIn(root, options)) {
    path.push(...place.path)
    registerValues(place.node)
    path.length = 0
  }
  const isWord = remembering(namesSecret)
  // The keys of these are names: an object may be called `token`.
  const sections = new Set<string | number | undefined>(mapSections(options.kinds).map(({ key }) => key))
  const isName = () => path.length === 1 && sections.has(path[0])
  lookForWords(root)

  function lookForWords(node: Located): void {
    forEachChild(node, (step, child) => {
      const isSecret = typeof step === 'string' && isWord(step) && !(child.kind === 'map' && isName())
      // Most of a large file are scalars with other names.
      if (child.kind === 'scalar' && !isSecret) return
      path.push(step)
      if (isSecret) registerValues(child)
      else lookForWords(child)
      path.pop()
    })
  }

  function registerValues(node: Located): void {
    forEachChild(node, (step, child) => {
      if (isPlace(step, child)) return
      path.push(step)
      registerValues(child)
      path.pop()
    })
    if (node.kind !== 'scalar' || options.unfilled.has(formatPath(path))) return
    if (typeof node.value !== 'string' && typeof node.value !== 'number') return
    const text = String(node.value)
    // What is longer is refused, and used nowhere.
    if (!tooLong(text)) options.redactor.add(text)
  }
}

/** `{env: NAME}` and `{file: path}`. A text that is no name of a variable is perhaps the secret itself. */
function isPlace(step: string | number, node: Located): boolean {
  const isMisnamed = node.kind === 'scalar' && typeof node.value === 'string' && !isVariableName(node.value)
  return step === 'file' || (step === 'env' && !isMisnamed)
}

import type { Redactor } from '../../core/secrets/redact.ts'
import { namesSecret, remembering } from '../../core/secrets/secret-words.ts'
import { formatPath, type Located } from '../../yaml/located.ts'
import { tooLong } from '../sources/secret-source.ts'
import type { SecretPlace } from './places.ts'

/** What is known of the file. */
interface Written {
  places: readonly SecretPlace[]
  /** Sections whose keys are names: an object may be called `token`. */
  mapSections: ReadonlySet<string>
  /** Paths of texts whose variables are missing: what stands there is no secret but `${NAME}`. */
  unfilled: ReadonlySet<string>
}

/**
 * Makes every secret that the file itself writes known to the redactor: also in objects that are wrong, also where a number stands in
 * place of a text, and also what a key says to be a secret where no kind has one.
 */
export function registerWritten(root: Located, redactor: Redactor, written: Written): void {
  const path: (string | number)[] = []
  for (const place of written.places) {
    path.push(...place.path)
    registerValues(place.node)
    path.length = 0
  }
  const isWord = remembering(namesSecret)
  const isName = () => path.length === 1 && written.mapSections.has(String(path[0]))
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
      // What stands there is the place of a secret.
      if (step === 'env' || step === 'file') return
      path.push(step)
      registerValues(child)
      path.pop()
    })
    if (node.kind !== 'scalar' || written.unfilled.has(formatPath(path))) return
    if (typeof node.value !== 'string' && typeof node.value !== 'number') return
    const text = String(node.value)
    // What is longer is refused, and used nowhere.
    if (!tooLong(text)) redactor.add(text)
  }
}

function forEachChild(node: Located, visit: (step: string | number, child: Located) => void): void {
  if (node.kind === 'map') for (const [key, { value }] of node.entries) visit(key, value)
  if (node.kind === 'list') for (const [index, item] of node.items.entries()) visit(index, item)
}

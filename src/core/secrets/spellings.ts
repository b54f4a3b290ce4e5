import { htmlCharacter } from './html-entities.ts'

/** A text with escapes undone. Unit `i` of it stands for the units `start[i]` to `end[i]` of the text that it was made of. */
export interface View {
  text: string
  /** Undefined for the text itself. */
  start?: Uint32Array
  end?: Uint32Array
}

interface Decoder {
  /** Without one of these the text is as it was. */
  trigger: string
  escapes: RegExp
  meaning: (written: string) => string
}

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const decoders: readonly Decoder[] = [
  {
    // JSON, and the backslash before punctuation in Markdown and in languages
    trigger: '\\',
    escapes: /\\(?:u[\da-f]{4}|x[\da-f]{2}|[bfnrt!-/:-@[-`{-~])/gi,
    meaning: ([, kind = '', ...code]) =>
      code.length > 0
        ? String.fromCharCode(Number.parseInt(code.join(''), 16))
        : (simpleEscapes[kind] ?? kind),
  },
  {
    // URLs: one character in UTF-8
    trigger: '%',
    escapes:
      /%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-7](?:%[89ab][\da-f]){3})/gi,
    meaning: decodedUrl,
  },
  { trigger: '+', escapes: /\+/g, meaning: () => ' ' }, // forms
  {
    trigger: '&',
    escapes: /&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|[a-z][a-z\d]{1,31});?/gi,
    meaning: (written) => htmlCharacter(written.replace(/^&|;$/g, '')) ?? written,
  },
  {
    // lines of a fixed width, as base64 is folded
    trigger: '\n',
    escapes: /(?<=[\w+/-])[ \t]*\r?\n[ \t]*(?=[\w+/-])/g,
    meaning: () => '',
  },
]

/** Escapes may be escaped in turn: JSON inside HTML inside JSON. */
const deepest = 3
const mostViews = 50

/** The text itself, and what it says after undoing escapes: those of JSON, URLs, forms, HTML and Markdown, in any order. */
export function* viewsOf(text: string): Generator<View> {
  const seen = new Set([text])
  let level: View[] = [{ text }]
  for (let depth = 0; level.length > 0; depth++) {
    yield* level
    if (depth === deepest) return
    const next: View[] = []
    for (const view of level) {
      for (const decoder of decoders) {
        if (seen.size > mostViews || !view.text.includes(decoder.trigger)) continue
        const decoded = decode(view, decoder)
        if (seen.has(decoded.text)) continue
        seen.add(decoded.text)
        next.push(decoded)
      }
    }
    level = next
  }
}

function decode(view: View, { escapes, meaning }: Decoder): View {
  const start = new Uint32Array(view.text.length)
  const end = new Uint32Array(view.text.length)
  const parts: string[] = []
  let length = 0
  const add = (part: string, from: number, to: number | undefined) => {
    for (let unit = 0; unit < part.length; unit++) {
      const first = to === undefined ? from + unit : from
      const last = to === undefined ? from + unit : to - 1
      start[length] = view.start?.[first] ?? first
      end[length] = view.end?.[last] ?? last + 1
      length += 1
    }
    parts.push(part)
  }
  let done = 0
  for (const { 0: written, index } of view.text.matchAll(escapes)) {
    add(view.text.slice(done, index), done, undefined)
    done = index + written.length
    add(meaning(written), index, done)
  }
  add(view.text.slice(done), done, undefined)
  return { text: parts.join(''), start, end }
}

function decodedUrl(written: string): string {
  try {
    return decodeURIComponent(written)
  } catch {
    return written // no UTF-8 after all
  }
}

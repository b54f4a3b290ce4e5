/** How text is coloured. Renderers take one, so that they stay pure: colours are decided where the terminal is known. */
export interface Paint {
  bold: (text: string) => string
  dim: (text: string) => string
  red: (text: string) => string
  green: (text: string) => string
  yellow: (text: string) => string
  cyan: (text: string) => string
}

/** No colours: pipes, `NO_COLOR`, tests. */
export const plain: Paint = {
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  green: unchanged,
  yellow: unchanged,
  cyan: unchanged,
}

function unchanged(text: string): string {
  return text
}

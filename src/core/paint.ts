/** How text is coloured. Renderers take one, so that they stay pure: colours are decided where the terminal is known. */
export type Paint = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>

const same = (text: string): string => text

/** No colours: pipes, `NO_COLOR`, tests. */
export const plain: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same }

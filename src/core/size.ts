/** Below this nobody means bytes for a quota: Nexus's web interface asks for megabytes, and Terraform's provider takes no less than one. */
export const smallestQuota = 1024 ** 2

const letters = ['K', 'M', 'G', 'T', 'P']

/** Bytes of each unit: `GB` and `G` are decimal, `GiB` and `Gi` binary, as Kubernetes has them. */
const units = new Map<string, number>([
  ['B', 1],
  ['BYTE', 1],
  ['BYTES', 1],
  ...letters.flatMap((letter, index): [string, number][] => {
    const [decimal, binary] = [1000 ** (index + 1), 1024 ** (index + 1)]
    return [
      [letter, decimal],
      [`${letter}B`, decimal],
      [`${letter}I`, binary],
      [`${letter}IB`, binary],
    ]
  }),
])

/** Bytes of `10 GiB`, `500MB`, `25Gi`, `1.5 TB` or a plain number; undefined when the text is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const factor = units.get((match?.[2] || 'B').toUpperCase())
  if (!match || factor === undefined) return undefined
  return Math.round(Number(match[1]) * factor)
}

const shown = ['PiB', 'TiB', 'GiB', 'MiB', 'KiB', 'PB', 'TB', 'GB', 'MB', 'KB']

/** `10737418240` → `10 GiB`; binary units where they come out even, else decimal ones, else bytes. */
export function formatSize(bytes: number): string {
  for (const unit of shown) {
    const factor = units.get(unit.toUpperCase()) ?? 1
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`
  }
  return `${bytes} bytes`
}

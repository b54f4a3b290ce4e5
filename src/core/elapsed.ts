/** A span of time for people: `0.4 s`, `12 s`, `1 m 5 s`, `5 m`, `2 h`. Tenths of a second only below one second. */
export function elapsed(milliseconds: number): string {
  const span = Math.max(0, milliseconds)
  if (span < 1000 && span >= 50) return `${(span / 1000).toFixed(1)} s`
  const seconds = Math.floor(span / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ]
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return shown.length === 0 ? '0 s' : shown.join(' ')
}

/** The same without tenths: for what counts up before somebody's eyes. */
export function elapsedSeconds(milliseconds: number): string {
  return elapsed(Math.floor(Math.max(0, milliseconds) / 1000) * 1000)
}

/** Tokens of each line of a Caddyfile, as Caddy's lexer takes them apart. Throws for what we never write. */
export function caddyTokens(text: string): string[][] {
  if (text.includes('{$')) throw new Error('a variable of the environment')
  const lines: string[][] = [[]]
  for (const [, raw, comment, plain, end] of text.matchAll(
    /`([^`]*)`|(#[^\n]*)|([^\s`#"][^\s]*)|(\n)|(["`])/gu,
  )) {
    if (end !== undefined) lines.push([])
    else if (comment === undefined) lines.at(-1)?.push(raw ?? plain ?? fail(text))
  }
  return lines.filter(({ length }) => length > 0)
}

function fail(text: string): never {
  throw new Error(`unexpected quote in ${text}`)
}

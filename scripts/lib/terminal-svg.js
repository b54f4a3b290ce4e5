// Draws what is on a terminal as SVG: a window with lines of monospaced text in colours. No fonts and no scripts inside, so that
// it shows the same in a browser, on a code host and in an editor.

const cell = { width: 7.8, height: 18, font: 13 }
const margin = { side: 18, top: 46, bottom: 14 }

const background = '#0d1117'
const foreground = '#d6dde6'

// Select Graphic Rendition parameters that the program uses.
const looks = {
  1: { 'font-weight': 'bold', fill: '#f0f6fc' },
  2: { fill: '#8b949e' },
  31: { fill: '#ff7b72' },
  32: { fill: '#3fb950' },
  33: { fill: '#d29922' },
  34: { fill: '#58a6ff' },
  36: { fill: '#39c5cf' },
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => entities[character])
}

function attributes(values) {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')
}

/** Neighbouring cells of one style, without the blanks around. */
function runsOf(cells) {
  const runs = []
  for (const [column, { text, style }] of cells.entries()) {
    const last = runs.at(-1)
    if (last && last.key === style.join()) last.cells.push(text)
    else runs.push({ column, key: style.join(), style, cells: [text] })
  }
  return runs.flatMap(({ column, style, cells: texts }) => {
    const start = texts.findIndex((text) => text !== ' ')
    if (start < 0) return []
    const end = texts.findLastIndex((text) => text !== ' ')
    return [
      { column: column + start, style, length: end - start + 1, text: texts.slice(start, end + 1).join('') },
    ]
  })
}

function drawRun({ column, style, length, text }) {
  const look = Object.assign({}, ...style.map((parameter) => looks[parameter] ?? {}))
  // the width is said, so that columns stand below each other in any font
  const place = {
    x: (margin.side + column * cell.width).toFixed(1),
    textLength: (length * cell.width).toFixed(1),
  }
  return `<tspan${attributes({ ...place, ...look })}>${escaped(text)}</tspan>`
}

/** The lines of a terminal (cells with text and style) of so many columns as an SVG document. */
export function drawTerminal(cells, { columns, title }) {
  const lines = cells.slice(0, cells.findLastIndex((line) => runsOf(line).length > 0) + 1)
  const width = Math.ceil(columns * cell.width + 2 * margin.side)
  const height = lines.length * cell.height + margin.top + margin.bottom
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${20 + index * 20}" cy="18" r="6" fill="${fill}"/>`,
  )
  const texts = lines.flatMap((line, index) => {
    const runs = runsOf(line)
    if (runs.length === 0) return []
    return [`<text y="${margin.top + index * cell.height}">${runs.map(drawRun).join('')}</text>`]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${background}"/>`,
    ...dots,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.font}" fill="${foreground}" xml:space="preserve">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

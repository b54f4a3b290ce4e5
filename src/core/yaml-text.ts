import { isObject } from './json.ts'
import { printableJson } from './printable.ts'

/** A text as YAML that reads back as the same text: plain where that is safe, also inside `{ }`, else in double quotes. */
export function yamlText(text: string): string {
  const plain =
    /^([A-Za-z/][\w./-]*|\d+\.\d+\.\d+\.\d+)$/.test(text) &&
    !/^(true|false|null|y|n|yes|no|on|off)$/i.test(text)
  return plain ? text : printableJson(text.replaceAll('${', () => '$${'))
}

/** A value as YAML in one line. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`
  if (!isObject(value)) return typeof value === 'string' ? yamlText(value) : JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flowText(inner)}`)
    .join(', ')}}`
}

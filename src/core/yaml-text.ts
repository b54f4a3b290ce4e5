import { printableJson } from './printable.ts'

/** A text as YAML that reads back as the same text: plain where that is safe, also inside `{ }`, else in double quotes. */
export function yamlText(text: string): string {
  const plain =
    /^([A-Za-z/][\w./-]*|\d+\.\d+\.\d+\.\d+)$/.test(text) &&
    !/^(true|false|null|y|n|yes|no|on|off)$/i.test(text)
  return plain ? text : printableJson(text.replaceAll('${', () => '$${'))
}

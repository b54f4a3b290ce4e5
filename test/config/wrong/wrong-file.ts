/** One mistake. In `yaml` the mark ▸ stands in front of what a person would point at; it is taken out before the file is read. */
export interface WrongFile {
  code: string
  yaml: string
  /** A part of the message or hint that has to be there. */
  says?: RegExp
  severity?: 'warning'
  /** Cannot stand in one file with the others: it breaks the file as a whole, or clashes with its settings. */
  alone?: true
}

/** What makes a repository valid: the beginning of its fields. */
export const hosted = 'type: hosted'
export const proxy = 'type: proxy, remoteUrl: "https://quay.io"'

/** A repository of the wrong file; names differ so that the files can be combined. */
export function repository(name: string, fields: string): string {
  return `repositories:\n  ${name}: {${fields}}\n`
}

/** A blob store of the wrong file. */
export function blobStore(name: string, fields: string): string {
  return `blobStores:\n  ${name}: {${fields}}\n`
}

/** The file without its mark, and where that was: line and column from 1. */
export function unmark({ yaml }: Pick<WrongFile, 'yaml'>): { text: string; line: number; column: number } {
  const before = yaml.slice(0, yaml.indexOf('▸'))
  const lines = before.split('\n')
  return { text: yaml.replace('▸', ''), line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

import { harmlessLines, printable } from '../core/printable.ts'
import { joinStretches, MASK, masked } from '../core/secrets/redact.ts'
import { urlCredentials } from '../core/secrets/url-credentials.ts'

/** commander's own complaints quote the command line: on one line, without what `--password=…` or an address gives away. */
export function shownComplaint(complaint: string): string {
  const [suggestion = ''] = /\n\(Did you mean [^\n]*\)\s*$/.exec(complaint) ?? []
  const sentence = printable(complaint.slice(0, complaint.length - suggestion.length).trimEnd())
    .replace(
      /^error: too many arguments for '(\w+)'\. Expected 0 .*$/,
      'error: $1 takes only options: nexus-docker $1 --help lists them',
    )
    .replace(/(?<=unknown option '--?[^=']*=).*(?='$)/, () => MASK)
  const shown = masked(sentence, joinStretches(urlCredentials(sentence)))
  return harmlessLines(`${shown}${suggestion.trimEnd()}\n`, { colours: false })
}

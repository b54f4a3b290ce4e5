import { type Loaded, loadConfig } from '../../config/load.ts'
import { createRedactor } from '../../core/secrets/redact.ts'
import { neededVariables } from '../../init/next-steps.ts'
import { intents } from '../../intents/index.ts'
import { kinds } from '../../resources/index.ts'

/** Loads a file that the wizard made as `validate` does, with every variable that it needs set. */
export function loadText(text: string): Promise<Loaded> {
  return loadConfig(['-'], {
    kinds,
    intents,
    environment: Object.fromEntries(neededVariables(text).map((name) => [name, `value of ${name}`])),
    cwd: '/',
    stdin: () => Promise.resolve(new TextEncoder().encode(text)),
    redactor: createRedactor(),
    lenientSecrets: true,
    overridden: [],
    serverUrl: undefined,
  })
}

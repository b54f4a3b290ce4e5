import { type Loaded, type LoadOptions, loadConfig } from '../../src/config/load.ts'
import { createRedactor, type Redactor } from '../../src/core/secrets/redact.ts'
import { intents } from '../../src/intents/index.ts'
import { kinds } from '../../src/resources/index.ts'
import { placeProblems } from '../../src/yaml/code-frame.ts'

export interface LoadTextOptions extends Partial<LoadOptions> {
  environment?: Record<string, string>
  redactor?: Redactor
}

/** Loads a text in this process as `validate -f -` does. */
export function loadText(text: string | Uint8Array, options: LoadTextOptions = {}): Promise<Loaded> {
  return loadFiles(['-'], { stdin: () => Promise.resolve(Buffer.from(text)), ...options })
}

/** Loads what `-f` names in this process. */
export function loadFiles(inputs: readonly string[], options: LoadTextOptions = {}): Promise<Loaded> {
  return loadConfig(inputs, {
    kinds,
    intents,
    environment: {},
    cwd: process.cwd(),
    stdin: () => Promise.resolve(new Uint8Array()),
    redactor: createRedactor(),
    lenientSecrets: true,
    overridden: [],
    serverUrl: undefined,
    ...options,
  })
}

/** The problems of a load as `validate -o json` prints them. */
export function placed({ problems, sources }: Loaded) {
  return placeProblems(problems, sources)
}
